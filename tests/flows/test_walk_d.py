"""Walk d: somebody elsewhere names the studio in a post, and the answer carries the picture, whatever dies."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from activitypub.audience import Visibility
from activitypub.vocabulary import PUBLIC
from server.actions.writing.compose import Person
from server.actions.writing.publish import Draft, publish
from server.config import PostingConfig
from server.inbox.fetching import fetch_post
from server.remote.people import find_by_handle
from server.store.telling import notifications
from server.store.writing import generations, media, posts
from tests.commissions import DOMAIN, STUDIO, answers, ask, open_studio_house, pictures, question, run_without_painter
from tests.fakes import FakeClock, Network
from tests.instance import Instance, live_on, open_instance, run_jobs_until_idle
from tests.remote_host import Document, RemoteHost
from tests.remote_host import Person as Asker

# Commits, files and letters from the mention to the answer: some forty.
STEPS_AT_LEAST, STEPS_AT_MOST = 30, 120


@pytest.fixture
def network() -> Network:
    return Network()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def asker(network: Network, clock: FakeClock) -> Asker:
    return RemoteHost(network, clock).person("ben")


@pytest.fixture
async def house(tmp_path: Path, network: Network, clock: FakeClock) -> AsyncIterator[Instance]:
    async with open_studio_house(tmp_path, network, clock) as opened:
        yield opened


async def test_a_mention_elsewhere_becomes_a_picture_in_the_answer(house: Instance, asker: Asker) -> None:
    # Given somebody on another server who looks the studio up
    actor = await house.network.send("GET", STUDIO, {"accept": "application/activity+json"})
    finger = await house.network.send(
        "GET",
        f"https://{DOMAIN}/.well-known/webfinger?resource=acct:studio@{DOMAIN}",
        {"accept": "application/jrd+json"},
    )
    assert (actor.json()["type"], actor.json()["preferredUsername"]) == ("Service", "studio")
    assert STUDIO in finger.text

    # When they name it in a post
    create = await ask(asker, "a fox in snow --seed 7")
    await run_jobs_until_idle(house)

    # Then the picture comes as an answer that names them, says its prompt and is labelled
    (note,) = answers(asker)
    assert note["inReplyTo"] == create["object"]["id"]
    assert [tag["href"] for tag in note["tag"] if tag["type"] == "Mention"] == [asker.uri]
    assert f'href="{asker.uri}"' in note["content"] and "a fox in snow" in note["content"]
    assert note["genAI"] is True and "#aigenerated" in [tag["name"].lower() for tag in note["tag"]]
    (picture,) = note["attachment"]
    assert "a fox in snow" in picture["name"]
    assert (await house.network.send("GET", picture["url"], {})).content.startswith(b"\xff\xd8")


async def test_two_instances_of_ours_do_it_with_each_other(
    house: Instance, tmp_path: Path, network: Network, clock: FakeClock
) -> None:
    async with open_instance(tmp_path / "other", network, clock, domain="other.example") as other:
        # Given somebody with an account on another Pinxit
        bob = await other.register("bob")
        studio = await find_by_handle(other.services, f"studio@{DOMAIN}")

        # When they name our studio
        named = Person(studio.handle, studio.uri, studio.url or studio.uri)
        draft = Draft(text=f"@{studio.handle} a fox", visibility=Visibility.PUBLIC, people=(named,))
        async with other.database.write() as tx:
            await publish(tx, other.site, bob, draft)
        await run_jobs_until_idle(house, other)

        # Then our answer lies there, with its picture and its label, and they were told
        (create,) = await house.sent("Create")
        async with other.database.read() as reader:
            answer = await posts.find_by_uri(reader, str(create.object_uri))
            assert answer is not None and answer.generated
            assert len((await media.list_of_posts(reader, [answer.id]))[answer.id]) == 1
            assert [one.kind for one in await notifications.list_of_actor(reader, bob.id)] == ["reply"]


@pytest.mark.parametrize(
    ("to", "cc", "seen"),
    [
        ([PUBLIC], [STUDIO], "unlisted"),
        (["FOLLOWERS"], [PUBLIC, STUDIO], "unlisted"),
        (["FOLLOWERS", STUDIO], [], "direct"),
        ([STUDIO], [], "direct"),
    ],
)
async def test_the_answer_is_never_seen_by_more_than_the_question(
    house: Instance, asker: Asker, to: list[str], cc: list[str], seen: str
) -> None:
    named = [asker.followers if uri == "FOLLOWERS" else uri for uri in to]
    await ask(asker, "a fox", to=named, cc=cc)
    await run_jobs_until_idle(house)
    (note,) = answers(asker)
    audience = {*note["to"], *note.get("cc", [])}
    assert audience == ({f"{STUDIO}/followers", PUBLIC, asker.uri} if seen == "unlisted" else {asker.uri})


async def test_the_answer_is_never_wider_than_our_own_default(house: Instance, asker: Asker) -> None:
    house.config = msgspec.structs.replace(house.config, posting=PostingConfig(visibility="followers"))
    await house.restart()
    await ask(asker, "a fox")
    await run_jobs_until_idle(house)
    (note,) = answers(asker)
    assert PUBLIC not in {*note["to"], *note.get("cc", [])}


async def test_a_content_warning_is_carried_over(house: Instance, asker: Asker) -> None:
    await ask(asker, "a spider", summary="spiders", sensitive=True)
    await run_jobs_until_idle(house)
    (note,) = answers(asker)
    assert (note["summary"], note["sensitive"]) == ("spiders", True)


async def test_a_mention_that_arrives_twice_is_answered_once(house: Instance, asker: Asker) -> None:
    create = await ask(asker, "a fox")
    await asker.send(create, f"https://{DOMAIN}/inbox")
    await asker.send(asker.create(create["object"]), f"{STUDIO}/inbox")
    await run_jobs_until_idle(house)
    await asker.send(asker.create(create["object"]), f"{STUDIO}/inbox")
    await run_jobs_until_idle(house)
    assert len(answers(asker)) == 1
    assert len(house.painter.requests) == 1


async def test_a_question_that_we_had_fetched_before_is_answered_when_it_is_sent(house: Instance, asker: Asker) -> None:
    note = question(asker, "a fox")
    await fetch_post(house.services, note["id"])
    await asker.send(asker.create(note), f"{STUDIO}/inbox")
    await run_jobs_until_idle(house)
    assert len(pictures(asker)) == 1


async def test_a_deleted_question_that_comes_again_is_not_answered(house: Instance, asker: Asker) -> None:
    note = question(asker, "a fox")
    await asker.send(asker.activity("Delete", note["id"]), f"{STUDIO}/inbox")
    await asker.send(asker.create(note), f"{STUDIO}/inbox")
    await run_jobs_until_idle(house)
    assert answers(asker) == []


async def test_the_question_is_deleted_while_its_picture_is_painted(house: Instance, asker: Asker) -> None:
    # Given a picture under way
    create = await ask(asker, "a fox")
    await run_without_painter(house)
    (wish,) = await _wishes(house)
    async with house.database.write() as tx:
        assert await generations.begin(tx, wish, at=house.clock.now())

    # When the question is deleted
    await asker.send(asker.activity("Delete", create["object"]["id"]), f"{STUDIO}/inbox")
    await run_without_painter(house)
    await run_jobs_until_idle(house)

    # Then nothing is answered, and nothing kept of the words
    assert answers(asker) == []
    async with house.database.read() as reader:
        ended = await generations.find(reader, wish)
    assert ended is not None and (ended.state, ended.prompt) == (generations.CANCELLED, "")


async def test_a_kill_between_any_two_steps_answers_once_all_the_same(tmp_path: Path) -> None:
    for step in range(STEPS_AT_MOST):
        if not await _dies_and_answers_once(tmp_path / str(step), step):
            assert step > STEPS_AT_LEAST
            return
    raise AssertionError("the walk never ends")


async def _dies_and_answers_once(folder: Path, step: int) -> bool:
    # Given a process that dies after so many steps, which may be while it takes the mention in
    network, clock = Network(), FakeClock()
    asker = RemoteHost(network, clock).person("ben")
    async with open_studio_house(folder, network, clock) as house:
        create = asker.create(question(asker, "a fox --seed 7"))
        house.life.die_after(step)
        taken = await _send(asker, create)

        # When it is started again, and the asker's server sends again what was not taken
        if not taken:
            await house.restart()
            await asker.send(create, f"{STUDIO}/inbox")
        deaths = await live_on(house)

        # Then there is one wish and one picture, under one address, however often it was delivered
        assert len({note["id"] for note in pictures(asker)}) == 1, f"killed after {step} steps"
        assert len(await _wishes(house)) == 1, f"killed after {step} steps"
        return bool(deaths) or not taken


async def _send(asker: Asker, create: Document) -> bool:
    """Send like a server that tries again when nobody answers; whether it was taken."""
    try:
        return await asker.send(create, f"{STUDIO}/inbox") == 202
    except ConnectionError:
        return False


async def _wishes(house: Instance) -> list[int]:
    studio = await house.actor(STUDIO)
    async with house.database.read() as reader:
        return [wish.id for wish in await generations.list_of_actor(reader, studio.id)]
