"""The nightly cleaning: what nobody needs goes, what somebody needs stays, and it comes round again."""

import io

from msgspec import structs
from PIL import Image

from server.agenda import cleaning, files
from server.config import MediaConfig
from server.store.network import peer_files
from server.store.network.peer_files import Held, PeerFile
from tests.photographs import photograph
from tests.remote_host import Shown


def icon_of(name):
    return {"type": "Image", "mediaType": "image/png", "url": f"https://remote.example/{name}.png"}


async def portrait_of(desk, name, height):
    """Somebody's portrait as a page shows it, looked at."""
    desk.person.host.show_raw(f"/{name}.png", Shown(photograph("PNG", size=(900, height)), 200, {}))
    person = desk.person.host.person(name, icon=icon_of(name))
    await person.send(person.activity("Follow", desk.alice.uri), desk.alice.inbox)
    await desk.settle()
    (found,) = (await desk.app.get(f"/api/v1/accounts/search?q={name}@remote.example&resolve=true")).json
    shown = await desk.house.network.send("GET", found["avatar"], {})
    assert shown.headers["content-type"] == "image/webp" and Image.open(io.BytesIO(shown.content)).width == 400
    return found["avatar"]


async def clean(desk, days):
    """Let so many days and their nights go by."""
    await desk.wait(days * 86_400)
    await desk.settle()


async def test_what_was_not_looked_at_goes_with_its_file_and_the_rest_stays(desk):
    async with desk.house.database.write() as tx:
        await desk.house.site.queue.enqueue(tx, "clean", {}, unique="clean")
    await portrait_of(desk, "zoe", 600)
    await clean(desk, 25)
    yan = await portrait_of(desk, "yan", 700)
    assert (await files.measure(desk.house.services))["peers"].files == 2

    await clean(desk, 10)

    assert (await files.measure(desk.house.services))["peers"].files == 1
    asked = len(desk.house.network.asked("GET", "/yan.png"))
    assert (await desk.house.network.send("GET", yan, {})).status_code == 200
    assert len(desk.house.network.asked("GET", "/yan.png")) == asked
    assert [job.kind for job in await desk.house.jobs() if job.kind == "clean"] == ["clean"]


async def test_a_dry_run_counts_what_is_too_old_and_what_is_too_much(desk):
    # Given a copy that is too old, one that exceeds the budget, and one that may stay
    site, services = desk.site, desk.house.services
    async with desk.house.database.write() as tx:
        for number, days in enumerate((40, 20, 1)):
            used_at = site.clock.now() - days * cleaning.DAY
            name = f"https://remote.example/{number}"
            await peer_files.put(
                tx, PeerFile(name, "media", "remote.example", f"{number}.webp", None, 100, 0, used_at, 0, None, None)
            )
    for budget, gone in ((1000, Held(1, 100)), (199, Held(2, 200)), (200, Held(1, 100)), (0, Held(3, 300))):
        config = structs.replace(site.config, media=MediaConfig(peer_cache_bytes=budget))
        object.__setattr__(site, "config", config)
        assert await cleaning.prune_copies(services, days=30, dry_run=True) == gone

    # Then as much goes in truth
    object.__setattr__(site, "config", structs.replace(site.config, media=MediaConfig(peer_cache_bytes=199)))
    assert await cleaning.prune_copies(services, days=30) == Held(2, 200)


async def test_a_file_that_nothing_names_goes_when_it_is_a_day_old(desk):
    services = desk.house.services
    key = await services.storage.put(photograph(), "jpg")
    assert (await files.measure(services))["orphans"].files == 1
    assert await files.remove_orphans(services) == Held(0, 0)

    desk.house.clock.advance(100 * 365 * 86_400)

    assert (await files.remove_orphans(services, dry_run=True)).files == 1
    assert await services.storage.find(key) is not None
    assert (await files.remove_orphans(services)).files == 1
    assert await services.storage.find(key) is None


async def test_pictures_of_our_own_are_never_taken_for_orphans(desk):
    await desk.write(media_ids=[(await desk.upload())["id"]])
    desk.house.clock.advance(100 * 365 * 86_400)

    assert (await files.remove_orphans(desk.house.services)).files == 0
    assert (await files.measure(desk.house.services))["ours"].files == 2
