"""Walk a: a prompt becomes a picture, and the picture a post with a description in a follower's inbox elsewhere."""

import json

import pytest

from activitypub.audience import Visibility
from server.actions.painting.request_picture import Wish, request_picture
from server.store.network import deliveries
from server.store.paging import Stretch
from server.store.reading import timelines
from server.store.writing import generations, media, posts
from server.store.writing.generations import PAINTED
from tests.flows.world import World, kill_at_every_step, open_world
from tests.instance import run_jobs_until_idle

WISH = Wish(prompt="a red boat", seed=7, visibility=Visibility.PUBLIC, caption="Look!", alt="A red boat at sea.")


async def wish(world: World) -> None:
    """Alice wishes for a picture."""
    async with world.alpha.database.write() as tx:
        await request_picture(tx, world.alpha.site, world.alice, WISH)


async def check_that_it_arrived_once(world: World) -> None:
    """Exactly one post here, one Create sent and taken in, one post there with its picture; nothing is left over."""
    alpha, beta = world.houses
    async with alpha.database.read() as reader:
        (painted,) = await generations.list_of_actor(reader, world.alice.id)
        post = await posts.find_by_generation(reader, painted.id)
        assert painted.state == PAINTED
        assert await posts.count_local(reader) == 1
        # The Accept of the Follow, and the Create.
        assert await deliveries.count_by_state(reader) == {"delivered": 2}
    assert post is not None
    (create,) = await alpha.sent("Create")
    assert (await beta.outcome(create.uri)) == "kept"
    async with beta.database.read() as reader:
        kept = await posts.find_by_uri(reader, post.uri)
        assert kept is not None
        (picture,) = (await media.list_of_posts(reader, [kept.id]))[kept.id]
        home = await timelines.read_home(reader, world.bob.id, Stretch(), now=world.clock.now())
        assert [one.post.uri for one in home] == [post.uri]
    assert picture.alt == "A red boat at sea."
    assert (picture.width, picture.height) == (16, 8)
    assert await alpha.jobs() == await beta.jobs() == []
    assert await alpha.jobs("failed") == await beta.jobs("failed") == []
    data, kind = await beta.services.peers.download(str(picture.remote_url), 1_000_000)
    assert kind == "image/jpeg" and data.startswith(b"\xff\xd8")


async def test_a_prompt_becomes_a_post_with_its_picture_at_the_followers_server(tmp_path):
    async with open_world(tmp_path) as world:
        # Given a follower elsewhere
        await world.let_bob_follow()

        # When alice asks for a picture
        await wish(world)
        ran = await run_jobs_until_idle(*world.houses)

        # Then it is painted, posted, sent once to the shared inbox, and kept there
        assert ran == ["render", "fanout", "deliver", "inbox"]
        await check_that_it_arrived_once(world)
        (sent,) = world.network.asked("POST", "beta.example/inbox")
        note = json.loads(sent.body)["object"]
        assert note["genAI"] is True
        assert note["attachment"][0]["mediaType"] == "image/jpeg"
        assert note["attachment"][0]["name"] == note["attachment"][0]["summary"] == "A red boat at sea."


async def begin(world: World) -> None:
    await world.let_bob_follow()
    await wish(world)


@pytest.mark.parametrize("victim", ["alpha", "beta"])
async def test_s238_t73_a_kill_between_any_two_steps_loses_and_doubles_nothing(tmp_path, victim):
    steps = await kill_at_every_step(tmp_path, victim, begin, check_that_it_arrived_once)

    assert steps >= {"alpha": 30, "beta": 8}[victim]
