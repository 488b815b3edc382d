"""Class M, particular to us: prompts that are nobody's business, and wishes without end (T72 to T75).

What strangers may ask for is in `tests/server/actions/painting/test_commission.py`.
"""

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import structlog
from sqlalchemy import bindparam, update

from server.actions.painting.request_picture import Wish, request_picture
from server.config import Config, PostingConfig, SiteConfig
from server.problems import Invalid, TooMany
from server.store.writing import generations, media
from tests.fakes import FakeClock, Network
from tests.instance import Instance, open_instance, run_jobs_until_idle
from tests.remote_host import RemoteHost

PROMPT = "zebrafinch under umbrellas"
NEGATIVE = "quicksilver"

_rows = generations.generations
_TELL = update(_rows).where(_rows.c.id == bindparam("wanted")).values(manifest=bindparam("told"))


@pytest.fixture
async def discreet(tmp_path: Path) -> AsyncIterator[Instance]:
    """An instance that shows no prompts."""
    config = Config(site=SiteConfig(domain="pinxit.example"), posting=PostingConfig(show_prompt=False))
    async with open_instance(tmp_path, Network(), FakeClock(), config=config) as house:
        yield house


async def test_t75_a_private_prompt_is_nowhere_but_with_its_author(discreet: Instance, caplog):
    # Given a picture that is public while its prompt is not, and a follower elsewhere
    alice = await discreet.register("alice")
    victor = RemoteHost(discreet.network, discreet.clock).person("victor")
    await victor.send(victor.activity("Follow", alice.uri), alice.inbox)
    with caplog.at_level(logging.DEBUG), structlog.testing.capture_logs() as logs:
        async with discreet.database.write() as tx:
            wish = await request_picture(tx, discreet.site, alice, Wish(prompt=PROMPT, negative=NEGATIVE))
        await run_jobs_until_idle(discreet)
    async with discreet.database.read() as reader:
        picture = await media.find_by_generation(reader, wish.id)
    assert picture is not None and picture.post_id is not None

    # Then no file, no document, no page and no line of the log holds a word of it
    found = [str(logs), caplog.text, str(victor.host.inbox)]
    for key in (picture.file_key, picture.web_key, picture.thumbnail_key):
        assert key is not None
        found.append((await discreet.storage.read(key)).decode("latin-1"))
    post = f"{alice.uri}/posts/{picture.post_id}"
    for path in (post, f"{alice.uri}/outbox?page=true", f"/@alice/{picture.post_id}", "/@alice", "/", "/metrics"):
        for accept in ("application/activity+json", "text/html"):
            url = path if path.startswith("http") else discreet.origin + path
            answer = await discreet.network.send("GET", url, {"accept": accept})
            found.append(answer.text)
    for path in (f"/api/v1/statuses/{picture.post_id}", f"/api/v1/accounts/{alice.id}/statuses"):
        answer = await discreet.network.send("GET", discreet.origin + path, {"accept": "application/json"})
        assert answer.status_code == 200 and '"pinxit":' in answer.text
        found.append(answer.text)
    for text in found:
        for word in (*PROMPT.split(), NEGATIVE):
            assert word == "under" or word not in text
    assert any("Note" in text for text in found) and victor.host.received("Create")


async def test_t75_words_that_were_not_understood_are_part_of_the_prompt(discreet: Instance):
    # Given a manifest that names what the painter did not understand
    alice = await discreet.register("alice")
    async with discreet.database.write() as tx:
        wish = await request_picture(tx, discreet.site, alice, Wish(prompt=PROMPT))
    await run_jobs_until_idle(discreet)
    async with discreet.database.write() as tx:
        row = await generations.find(tx, wish.id)
        assert row is not None and row.manifest is not None
        told = row.manifest.replace('"unknown_words":[]', '"unknown_words":["zebrafinch"]')
        assert told != row.manifest
        await tx.run(_TELL, wanted=wish.id, told=told)
        picture = await media.find_by_generation(tx, wish.id)
    assert picture is not None

    answer = await discreet.network.send("GET", f"{discreet.origin}/@alice/{picture.post_id}", {"accept": "text/html"})

    assert answer.status_code == 200 and "zebrafinch" not in answer.text


async def test_t72_one_person_has_so_many_wishes_open_and_no_more(discreet: Instance):
    alice, bob = await discreet.register("alice"), await discreet.register("bob")
    most = discreet.site.config.generation.waiting_per_account
    async with discreet.database.write() as tx:
        for _ in range(most):
            await request_picture(tx, discreet.site, alice, Wish(prompt="a boat"))
        with pytest.raises(TooMany):
            await request_picture(tx, discreet.site, alice, Wish(prompt="a boat"))
        # And nobody else is held up.
        await request_picture(tx, discreet.site, bob, Wish(prompt="a boat"))


@pytest.mark.parametrize("prompt", ["a\x00boat", "a\x1b[31mboat", "a boat" * 20_000, "", " \t\n"])
async def test_t74_a_prompt_that_no_painter_should_see_is_refused(discreet: Instance, prompt):
    alice = await discreet.register("alice")
    async with discreet.database.write() as tx:
        with pytest.raises(Invalid):
            await request_picture(tx, discreet.site, alice, Wish(prompt=prompt))


@pytest.mark.parametrize(
    "prompt", ["{{ 7*7 }}", "$(reboot) `id` ; rm -rf /", "../../etc/passwd", "%s%n", "</p><script>x"]
)
async def test_t74_a_prompt_is_words_whatever_it_looks_like(tmp_path: Path, prompt):
    async with open_instance(tmp_path, Network(), FakeClock()) as house:
        alice = await house.register("alice")
        async with house.database.write() as tx:
            wish = await request_picture(tx, house.site, alice, Wish(prompt=prompt))
        await run_jobs_until_idle(house)

        # Then the painter got exactly these words, and the page shows them as text
        (asked,) = house.painter.requests
        assert asked.prompt == prompt
        async with house.database.read() as reader:
            picture = await media.find_by_generation(reader, wish.id)
        assert picture is not None
        page = await house.network.send("GET", f"{house.origin}/@alice/{picture.post_id}", {"accept": "text/html"})
        assert "49" not in page.text.partition("<title>")[2].partition("</title>")[0]
        assert "<script>x" not in page.text
