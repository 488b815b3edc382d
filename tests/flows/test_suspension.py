"""Alpha suspends alice for a while: what beta, where bob follows her, must not take for her end."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from activitypub.audience import Visibility
from server.actions.people import restrain
from server.actions.writing.publish import Draft, publish
from server.remote.people import find_actor
from server.store.writing import posts
from server.store.writing.posts import Post
from tests.flows.world import World, open_world
from tests.instance import run_jobs_until_idle
from tests.remote_host import RemoteHost


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path) as opened:
        await opened.let_bob_follow()
        yield opened


async def do(world: World, deed) -> None:
    alice = await world.alpha.actor(world.alice.uri)
    async with world.alpha.database.write() as tx:
        await deed(tx, world.alpha.site, alice)
    await run_jobs_until_idle(*world.houses)


async def write(world: World) -> Post:
    async with world.alpha.database.write() as tx:
        post = await publish(tx, world.alpha.site, world.alice, Draft(text="hello", visibility=Visibility.PUBLIC))
    await run_jobs_until_idle(*world.houses)
    return post


async def find(world: World, post: Post) -> Post | None:
    """Her post as beta has it."""
    async with world.beta.database.read() as reader:
        return await posts.find_by_uri(reader, post.uri)


async def test_a_peer_that_looks_while_it_lasts_does_not_take_it_for_a_deletion(world: World):
    # Given alice who is suspended, and of whom beta was told
    await do(world, restrain.suspend)

    # When beta looks at her again
    seen = await find_actor(world.beta.services, world.alice.uri, fresh=True)

    # Then she is not gone, and what she writes afterwards comes
    assert seen.gone_at is None
    await do(world, restrain.unsuspend)
    post = await write(world)
    assert await find(world, post) is not None


async def test_s155_t26_nobody_can_have_the_posts_of_who_is_suspended_buried(world: World):
    # Given a post of hers that beta has
    post = await write(world)
    await do(world, restrain.suspend)

    # When eve brings a deletion that alice never wrote
    eve = RemoteHost(world.network, world.clock, origin="https://evil.example").person("eve")
    forged = {"id": f"{post.uri}#delete", "type": "Delete", "actor": world.alice.uri, "object": post.uri}
    assert await eve.send(forged, f"{world.beta.origin}/inbox") == 202
    await run_jobs_until_idle(*world.houses)

    # Then beta keeps it
    kept = await find(world, post)
    assert kept is not None and kept.deleted_at is None
