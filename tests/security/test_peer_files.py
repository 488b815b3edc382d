"""Pictures of peers, shown through us: nobody chooses what we fetch, and what is in a file harms nobody."""

import asyncio
import io
import json
from dataclasses import dataclass, replace

import pytest
from msgspec import structs
from PIL import Image

from server.actions.network import peer_files as cache
from server.actions.network.rule_domain import choose_mode, rule_domain
from server.actions.network.shown_files import avatar_url, custom_emoji_url, picture_url
from server.config import MediaConfig
from server.ids import MICROSECONDS
from server.media.animation import FRAMES_AT_MOST
from server.media.moving import is_moving
from server.problems import TooMany
from server.remote.seam import Onward
from server.store.network import peer_files
from server.store.network.domain_rules import ALLOW, SILENCE, SUSPEND, Rule
from server.store.people import actors, hiding
from server.store.people.actors import Actor
from server.store.writing import emojis, media
from server.store.writing.media import Media
from server.web.files.copier import AT_ONCE_PER_DOMAIN, HELD_AT_MOST, UNDER_WAY_AT_MOST, UNDER_WAY_PER_DOMAIN, Copier
from server.web.files.peer_source import Source
from tests.instance import run_jobs_until_idle
from tests.photographs import film, header_of_a_bomb, phone_photograph, photograph
from tests.remote_host import Person, RemoteHost, Shown
from tests.security.conftest import Siege

AT = "https://friend.example/files/sea"
TYPES = {"content-type": "image/jpeg"}


class Dripping:
    """Peers whose files never end."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.most: set[int] = set()

    async def download(self, url: str, max_bytes: int, *, onward: Onward | None = None) -> tuple[bytes, str]:
        self.asked.append(url)
        self.most.add(max_bytes)
        await asyncio.Event().wait()
        return b"", ""


@dataclass
class Gallery:
    """The siege, and a picture of victor's, whom alice follows, as it stands in a row of ours."""

    siege: Siege
    victor: Actor
    picture: Media

    @property
    def url(self) -> str:
        return str(picture_url(self.siege.house.site, self.picture))

    def show(self, body: bytes, *, status: int = 200, **headers: str) -> None:
        self.siege.victor.host.show_raw("/files/sea", Shown(body, status, TYPES | headers))

    @property
    def asked(self) -> int:
        return len(self.siege.network.asked("GET", AT))


async def post_picture(siege: Siege, sender: Person, url: str) -> Media:
    """Let somebody whom alice follows post a picture, through the inbox."""
    await siege.let_follow(siege.alice, await siege.known(sender))
    attachment = {"type": "Document", "mediaType": "image/jpeg", "url": url, "name": "the sea"}
    note = sender.note(attachment=[attachment])
    assert await siege.send(sender, sender.create(note)) == 202
    post = await siege.find_post(note["id"])
    assert post is not None
    async with siege.house.database.read() as reader:
        return (await media.list_of_posts(reader, [post.id]))[post.id][0]


@pytest.fixture
async def gallery(siege: Siege) -> Gallery:
    picture = await post_picture(siege, siege.victor, AT)
    return Gallery(siege, await siege.known(siege.victor), picture)


async def test_s122_t47_a_peers_picture_is_shown_from_a_copy_without_what_stood_beside_the_pixels(gallery) -> None:
    gallery.show(phone_photograph())

    answer = await gallery.siege.get(gallery.url)

    assert answer.status_code == 200 and answer.headers["content-type"] == "image/webp"
    assert Image.open(io.BytesIO(answer.content)).size == (64, 48)
    assert b"secret" not in answer.content and b"Telephone" not in answer.content
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    small = await gallery.siege.get(gallery.url.removesuffix("full") + "small")
    assert small.status_code == 200 and gallery.asked == 1


async def test_what_moves_at_a_peers_moves_here_and_stands_still_for_who_wants_that(gallery) -> None:
    gallery.show(film("GIF", 5))

    shown = {}
    for size in ("full", "small", "still"):
        answer = await gallery.siege.get(gallery.url.removesuffix("full") + size)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp")
        shown[size] = is_moving(answer.content)

    assert shown == {"full": True, "small": False, "still": False} and gallery.asked == 1


async def test_what_does_not_move_is_shown_whole_to_who_wants_nothing_to_move(gallery) -> None:
    gallery.show(photograph(size=(900, 600)))

    whole, still = [await gallery.siege.get(gallery.url.removesuffix("full") + size) for size in ("full", "still")]

    assert whole.content == still.content and Image.open(io.BytesIO(still.content)).width == 900


async def test_no_page_and_no_api_sends_readers_to_a_peer(gallery) -> None:
    gallery.show(photograph())
    answer = await gallery.siege.get(
        f"/api/v1/accounts/{gallery.victor.id}/statuses", accept="application/json", headers={}
    )
    for status in json.loads(answer.content):
        shown = status["media_attachments"][0]
        assert shown["url"].startswith(gallery.siege.origin) and shown["preview_url"].startswith(gallery.siege.origin)
    page = await gallery.siege.get(f"/@victor@friend.example/{gallery.picture.post_id}", accept="text/html")
    assert gallery.url.partition("/full")[0] in page.text and AT not in page.text
    assert "img-src 'self' data:;" in page.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/peers/media/1/AAAAAAAAAAAAAAAAAAAAAA/full",
        "/peers/media/{id}/AAAAAAAAAAAAAAAAAAAAAA/full",
        "/peers/media/{id}/{name}/huge",
        "/peers/media/{id}/{name}é/full",
        "/peers/avatar/{id}/{name}/full",
        "/peers/url/{id}/{name}/full",
        "/peers/media/{id}/{name}/full/../../../../pinxit.toml",
        "/peers/media/{id}/https:%2F%2Fevil.example%2F/full",
        "/peers/media/{id}/{name}/full?url=https://evil.example/",
        "/peers/media/-1/{name}/full",
        "/peers/media/99999999999999999999999/{name}/full",
    ],
)
async def test_t6_it_is_no_proxy_for_what_somebody_chooses(gallery, path) -> None:
    gallery.show(photograph())
    name = gallery.siege.house.site.peer_file_name("media", gallery.picture.id, AT)
    before = len(gallery.siege.network.log)

    answer = await gallery.siege.get(path.format(id=gallery.picture.id, name=name))

    fetched = [one.url for one in gallery.siege.network.log[before:] if not one.url.startswith(gallery.siege.origin)]
    if path.endswith("evil.example/"):
        assert (answer.status_code, fetched) == (200, [AT])
    else:
        assert answer.status_code in (302, 404) and fetched == []


@pytest.mark.parametrize(
    "url",
    ["https://127.0.0.1/secret", "https://169.254.169.254/latest", "https://[::1]/x", "https://localhost/x", "ORIGIN"],
)
async def test_t1_t7_an_address_inside_is_not_fetched_for_a_picture(siege, url) -> None:
    target = f"{siege.origin}/health" if url == "ORIGIN" else url
    picture = await post_picture(siege, siege.victor, "https://friend.example/files/first")
    async with siege.house.database.write() as tx:
        await media.drop(tx, picture)
        await media.add(tx, replace(picture, remote_url=target))
    before = len(siege.network.log)

    answer = await siege.get(str(picture_url(siege.house.site, replace(picture, remote_url=target))))

    assert answer.status_code == 404
    assert [one.url for one in siege.network.log[before:] if one.url == target] == []


async def test_t5_a_redirect_to_an_address_inside_is_not_followed(gallery) -> None:
    gallery.show(b"", status=302, location="https://127.0.0.1/secret")

    assert (await gallery.siege.get(gallery.url)).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        header_of_a_bomb(),
        photograph()[:200],
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html><script>alert(1)</script></html>",
        b'{"@context": "https://www.w3.org/ns/activitystreams", "type": "Note"}',
        b"%!PS-Adobe-3.0\n",
        b"",
    ],
    ids=["bomb", "half", "svg", "html", "document", "postscript", "nothing"],
)
async def test_t40_t43_t44_t70_what_is_no_picture_is_not_shown_and_not_asked_for_again(gallery, body) -> None:
    gallery.show(body)

    first, second = await gallery.siege.get(gallery.url), await gallery.siege.get(gallery.url)

    assert (first.status_code, second.status_code, gallery.asked) == (404, 404, 1)
    assert first.headers["content-type"].startswith("text/plain")


async def test_t41_of_many_frames_one_is_kept(gallery) -> None:
    gallery.show(film("GIF", FRAMES_AT_MOST + 1, size=(8, 8)))

    answer = await gallery.siege.get(gallery.url)

    assert not is_moving(answer.content) and Image.open(io.BytesIO(answer.content)).size == (8, 8)


async def test_t42_of_two_meanings_in_one_file_the_picture_alone_is_left(gallery) -> None:
    gallery.show(photograph() + b"PK\x03\x04<script>alert(1)</script>")

    answer = await gallery.siege.get(gallery.url)

    assert answer.status_code == 200 and b"<script>" not in answer.content and b"PK\x03\x04" not in answer.content


async def test_t45_a_file_larger_than_allowed_is_not_kept(siege) -> None:
    picture = await post_picture(siege, siege.victor, AT)
    most = siege.house.config.media.peer_file_bytes
    siege.victor.host.show_raw("/files/sea", Shown(photograph() + b"\0" * most, 200, TYPES))

    assert (await siege.get(str(picture_url(siege.house.site, picture)))).status_code == 404


async def test_t71_the_type_is_ours_whatever_the_peer_calls_it(gallery) -> None:
    gallery.show(photograph("PNG"), **{"content-type": "application/activity+json"})

    for accept in ("application/activity+json", "text/html"):
        answer = await gallery.siege.get(gallery.url, accept=accept)
        assert answer.headers["content-type"] == "image/webp"


async def test_a_copy_of_one_host_is_not_shown_for_another(siege) -> None:
    """Who changes the address in their own row gets another name, and a copy of their own."""
    honest, evil = photograph(), photograph(size=(32, 32))
    siege.victor.host.show_raw("/files/sea", Shown(honest, 200, TYPES))
    siege.mallory.host.show_raw("/files/sea", Shown(evil, 200, TYPES))
    good = await post_picture(siege, siege.victor, AT)
    bad = await post_picture(siege, siege.mallory, "https://evil.example/files/sea")
    site = siege.house.site

    shown = await siege.get(str(picture_url(site, bad)))
    swapped = str(picture_url(site, good)).replace(f"/{good.id}/", f"/{bad.id}/")

    assert Image.open(io.BytesIO(shown.content)).size == (32, 32)
    assert (await siege.get(swapped)).status_code == 404
    assert Image.open(io.BytesIO((await siege.get(str(picture_url(site, good)))).content)).size == (64, 48)


async def test_many_who_look_at_once_fetch_once(gallery) -> None:
    gallery.show(photograph())

    answers = await asyncio.gather(*[gallery.siege.get(gallery.url) for _ in range(20)])

    assert {answer.status_code for answer in answers} == {200} and gallery.asked == 1


async def test_t45_a_server_that_drips_does_not_fill_the_places_of_others(siege) -> None:
    peers = Dripping()
    copier = Copier(replace(siege.house.services, peers=peers))
    slow = [Source(f"https://drip.example/{number}", "media", "drip.example") for number in range(200)]
    waiting = [asyncio.create_task(copier.copy(one)) for one in slow]
    await asyncio.sleep(0)

    other = asyncio.create_task(copier.copy(Source(AT, "media", "friend.example")))
    for _ in range(20):
        await asyncio.sleep(0)

    assert len(peers.asked) == AT_ONCE_PER_DOMAIN + 1 and AT in peers.asked
    assert sum(one.done() and isinstance(one.exception(), TooMany) for one in waiting) == 200 - UNDER_WAY_PER_DOMAIN
    await copier.close()
    await asyncio.gather(*waiting, other, return_exceptions=True)


async def test_t45_of_many_files_few_are_held_at_once(siege) -> None:
    peers = Dripping()
    copier = Copier(replace(siege.house.services, peers=peers))
    hosts = [f"host{number}.example" for number in range(60)]
    wanted = [Source(f"https://{host}/x", "media", host) for host in hosts]
    waiting = [asyncio.create_task(copier.copy(one)) for one in wanted]
    for _ in range(20):
        await asyncio.sleep(0)

    assert len(peers.asked) == HELD_AT_MOST
    assert peers.most == {siege.house.config.media.peer_file_bytes}
    await copier.close()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_t54_of_many_domains_so_many_files_are_waited_for(siege) -> None:
    copier = Copier(replace(siege.house.services, peers=Dripping()))
    hosts = [f"host{number}.example" for number in range(UNDER_WAY_AT_MOST + 3)]
    waiting = [asyncio.create_task(copier.copy(Source(f"https://{host}/x", "media", host))) for host in hosts]
    for _ in range(5):
        await asyncio.sleep(0)

    assert sum(one.done() and isinstance(one.exception(), TooMany) for one in waiting) == 3
    await copier.close()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_a_server_that_fails_is_left_alone_for_longer_each_time(gallery) -> None:
    gallery.show(b"", status=503)
    for seconds, asked in ((0, 1), (59, 1), (2, 2), (61, 2), (61, 3)):
        gallery.siege.clock.advance(seconds)
        assert (await gallery.siege.get(gallery.url)).status_code == 404
        assert gallery.asked == asked

    gallery.show(photograph())
    gallery.siege.clock.advance(86_400)
    assert (await gallery.siege.get(gallery.url)).status_code == 200


@pytest.mark.parametrize("severity", ["none", "suspend"])
async def test_of_a_server_whose_pictures_are_refused_none_is_fetched_or_shown(gallery, severity) -> None:
    gallery.show(photograph())
    assert (await gallery.siege.get(gallery.url)).status_code == 200
    house = gallery.siege.house
    async with house.database.write() as tx:
        rule = Rule(domain="friend.example", severity=severity, reject_media=True, created_at=house.clock.now())
        await rule_domain(tx, house.site, rule)

    assert (await gallery.siege.get(gallery.url)).status_code == 404
    face = await gallery.siege.get(str(avatar_url(house.site, replace(gallery.victor, icon_url=AT))))
    assert face.status_code == 302 and face.headers["location"].endswith("/assets/default/avatar.png")
    assert gallery.asked == 1


async def test_copies_beyond_their_budget_go_and_come_back_when_looked_at(siege) -> None:
    house = siege.house
    object.__setattr__(house.site, "config", structs.replace(house.config, media=MediaConfig(peer_cache_bytes=1)))
    picture = await post_picture(siege, siege.victor, AT)
    siege.victor.host.show_raw("/files/sea", Shown(photograph(), 200, TYPES))
    url = str(picture_url(house.site, picture))

    assert (await siege.get(url)).status_code == 200
    async with house.database.read() as reader:
        assert (await peer_files.count(reader)).files == 0
    assert (await siege.get(url)).status_code == 200


async def test_a_copy_that_nobody_looks_at_goes_and_one_that_is_looked_at_stays(gallery) -> None:
    gallery.show(photograph())
    house = gallery.siege.house
    assert (await gallery.siege.get(gallery.url)).status_code == 200
    house.clock.advance(20 * 86_400)
    assert (await gallery.siege.get(gallery.url)).status_code == 200
    house.clock.advance(20 * 86_400)
    for days, left in ((30, 1), (10, 0)):
        async with house.database.write() as tx:
            await cache.drop_unused(tx, house.site, before=house.clock.now() - days * 86_400 * MICROSECONDS)
        async with house.database.read() as reader:
            assert (await peer_files.count(reader)).files == left


async def test_t47_a_custom_emoji_is_shown_from_a_copy_too(siege: Siege) -> None:
    gallery_url = "https://friend.example/files/blob.png"
    siege.victor.host.show_raw(
        "/files/blob.png", Shown(photograph("PNG", mode="RGBA"), 200, {"content-type": "image/png"})
    )
    await siege.let_follow(siege.alice, await siege.known(siege.victor))
    tag = {"type": "Emoji", "name": ":blob:", "icon": {"type": "Image", "url": gallery_url}}
    note = siege.victor.note("<p>a :blob:</p>", tag=[tag])
    assert await siege.send(siege.victor, siege.victor.create(note)) == 202
    async with siege.house.database.read() as reader:
        actor = await siege.known(siege.victor)
        known = (await emojis.find_named(reader, actor.host, ["blob"]))["blob"]
    url = str(custom_emoji_url(siege.house.site, known))

    answer = await siege.get(url)

    assert answer.status_code == 200 and answer.headers["content-type"] == "image/webp"
    assert Image.open(io.BytesIO(answer.content)).mode == "RGBA"
    assert (await siege.get(url.replace("/full", "x/full"))).status_code == 404


@pytest.mark.parametrize("state", ["suspended", "gone"])
async def test_nothing_is_shown_of_somebody_who_is_suspended_or_gone(gallery, state) -> None:
    gallery.show(photograph())
    assert (await gallery.siege.get(gallery.url)).status_code == 200
    async with gallery.siege.house.database.write() as tx:
        if state == "gone":
            await actors.mark_gone(tx, gallery.victor.uri, at=1)
        else:
            await hiding.mark(tx, hiding.SUSPENDED, gallery.victor.id, at=1)

    assert (await gallery.siege.get(gallery.url)).status_code == 404


async def test_on_a_list_of_the_allowed_files_may_lie_with_others(siege: Siege) -> None:
    picture = await post_picture(siege, siege.victor, "https://evil.example/files/sea")
    siege.mallory.host.show_raw("/files/sea", Shown(photograph(), 200, TYPES))
    async with siege.house.database.write() as tx:
        await choose_mode(tx, siege.house.site, listed_only=True)
        await rule_domain(tx, siege.house.site, Rule(domain="friend.example", severity=ALLOW, created_at=1))

    assert (await siege.get(str(picture_url(siege.house.site, picture)))).status_code == 200


@pytest.mark.parametrize("rule", [{"severity": SUSPEND}, {"severity": SILENCE, "reject_media": True}])
async def test_a_server_that_the_operator_takes_nothing_from_is_not_asked_by_a_redirect(gallery, rule) -> None:
    house = gallery.siege.house
    shunned = RemoteHost(gallery.siege.network, house.clock, origin="https://shunned.example")
    shunned.show_raw("/sea", Shown(photograph(), 200, TYPES))
    async with house.database.write() as tx:
        await rule_domain(tx, house.site, Rule(domain="shunned.example", created_at=0, **rule))
    gallery.show(b"", status=302, location="https://shunned.example/sea")

    assert (await gallery.siege.get(gallery.url)).status_code != 200

    assert gallery.asked == 1
    assert not [one for one in gallery.siege.network.log if one.url.startswith(shunned.origin)]


async def test_with_a_list_of_allowed_servers_files_may_lie_where_a_redirect_leads(gallery) -> None:
    house = gallery.siege.house
    store = RemoteHost(gallery.siege.network, house.clock, origin="https://store.example")
    store.show_raw("/sea", Shown(photograph(), 200, TYPES))
    async with house.database.write() as tx:
        await rule_domain(tx, house.site, Rule(domain="friend.example", severity=ALLOW, created_at=0))
        await choose_mode(tx, house.site, listed_only=True)
    gallery.show(b"", status=302, location="https://store.example/sea")

    assert (await gallery.siege.get(gallery.url)).status_code == 200


async def test_copies_of_a_domain_are_looked_for_without_holding_anybody_up(gallery) -> None:
    gallery.show(photograph())
    assert (await gallery.siege.get(gallery.url)).status_code == 200
    house = gallery.siege.house
    async with house.database.write() as tx:
        rule = Rule(domain="friend.example", severity=SILENCE, reject_media=True, created_at=0)
        await rule_domain(tx, house.site, rule)
        # Nothing was looked through in the operator's own transaction.
        assert (await peer_files.count(tx)).files == 1
    await run_jobs_until_idle(house)

    async with house.database.read() as reader:
        assert (await peer_files.count(reader)).files == 0
