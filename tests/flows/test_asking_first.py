"""Two servers of ours: alice wants to be asked; bob of the other likes, answers and boosts, and waits for her word."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from activitypub.audience import Visibility
from server.actions.writing.publish import Draft, publish
from server.actions.writing.react import announce, like
from server.actions.writing.settle import decide, take_back
from server.store.reading import reactions
from server.store.writing import consents, posts
from server.store.writing.consents import Consent
from server.store.writing.interactions import Allowed
from server.store.writing.posts import Post
from tests.flows.world import World, open_world
from tests.instance import Instance, run_jobs_until_idle

ASK = Allowed((), ("public",))
RULES = {"like": ASK, "reply": ASK, "announce": ASK}


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """Bob follows alice, whose post stands on both servers."""
    async with open_world(tmp_path) as world:
        await world.let_bob_follow()
        async with world.alpha.database.write() as tx:
            draft = Draft(text="a boat", visibility=Visibility.PUBLIC, rules=RULES)
            await publish(tx, world.alpha.site, world.alice, draft)
        await run_jobs_until_idle(*world.houses)
        yield world


async def hers(world: World, house: Instance) -> Post:
    (create,) = await world.alpha.sent("Create")
    async with house.database.read() as reader:
        found = await posts.find_by_uri(reader, str(create.object_uri))
    assert found is not None
    return found


async def act(world: World, verb: str) -> None:
    post = await hers(world, world.beta)
    async with world.beta.database.write() as tx:
        if verb == "reply":
            draft = Draft(text="fine", visibility=Visibility.PUBLIC, in_reply_to=post)
            await publish(tx, world.beta.site, world.bob, draft)
        else:
            await (like if verb == "like" else announce)(tx, world.beta.site, world.bob, post)
    await run_jobs_until_idle(*world.houses)


async def waiting(world: World) -> list[Consent]:
    async with world.alpha.database.read() as reader:
        return await consents.list_waiting(reader, world.alice.id)


async def say(world: World, *, yes: bool) -> Consent:
    (consent,) = await waiting(world)
    async with world.alpha.database.write() as tx:
        await decide(tx, world.alpha.site, world.alice, consent.id, yes=yes)
    await run_jobs_until_idle(*world.houses)
    return consent


async def count(world: World, house: Instance, verb: str) -> int:
    found = await hers(world, house)
    return {"like": found.likes_count, "reply": found.replies_count, "announce": found.shares_count}[verb]


async def both(world: World, verb: str) -> tuple[int, int]:
    """How many there are on her server and on his."""
    return await count(world, world.alpha, verb), await count(world, world.beta, verb)


VERBS = pytest.mark.parametrize("verb", ["like", "reply", "announce"])


@VERBS
async def test_it_waits_for_her_and_is_done_everywhere_once_she_agrees(world: World, verb: str):
    await act(world, verb)
    assert await both(world, verb) == (0, 0)

    await say(world, yes=True)

    assert await both(world, verb) == (1, 1)
    assert await waiting(world) == []
    assert await world.alpha.jobs("failed") == await world.beta.jobs("failed") == []


@VERBS
async def test_what_she_refuses_is_done_nowhere(world: World, verb: str):
    await act(world, verb)

    await say(world, yes=False)

    assert await both(world, verb) == (0, 0)


@VERBS
async def test_what_she_takes_back_is_undone_with_her(world: World, verb: str):
    await act(world, verb)
    consent = await say(world, yes=True)

    async with world.alpha.database.write() as tx:
        await take_back(tx, world.alpha.site, world.alice, consent.id)
    await run_jobs_until_idle(*world.houses)

    assert await count(world, world.alpha, verb) == 0
    if verb != "reply":
        # Bob keeps his words; his like is no more on his server either.
        assert await count(world, world.beta, verb) == 0
        post = await hers(world, world.beta)
        async with world.beta.database.read() as reader:
            assert await reactions.find(reader, kind=verb, actor_id=world.bob.id, post_id=post.id) is None
