"""An answer by somebody of a third server reaches our follower's server by way of ours, which believes it."""

from pathlib import Path

import pytest

from activitypub.audience import Visibility
from activitypub.vocabulary import PUBLIC
from server.actions.writing.publish import Draft, publish
from server.store.writing import posts
from tests.flows.world import World, open_world
from tests.instance import run_jobs_until_idle
from tests.remote_host import RemoteHost
from tests.security.test_forwarding import WAYS


async def content_at_beta(world: World, uri: str) -> str | None:
    async with world.beta.database.read() as reader:
        post = await posts.find_by_uri(reader, uri)
    return post.content_html if post is not None and post.deleted_at is None else None


@pytest.mark.parametrize("way", WAYS)
async def test_s153_s155_from_a_third_server_through_ours_to_a_second_one(tmp_path: Path, way: str):
    # Given bob of beta, who follows alice of alpha, and a post of hers
    async with open_world(tmp_path) as world:
        victor = RemoteHost(world.network, world.clock, origin="https://third.example").person("victor")
        await world.let_bob_follow()
        async with world.alpha.database.write() as tx:
            draft = Draft(text="hello", visibility=Visibility.PUBLIC)
            post = await publish(tx, world.alpha.site, world.alice, draft)
        await run_jobs_until_idle(*world.houses)

        # When victor answers her, telling nobody of beta
        audience = {"to": [PUBLIC], "cc": [world.alice.uri, f"{world.alice.uri}/followers"]}
        note = victor.note("<p>nice</p>", inReplyTo=post.uri, **audience)
        create = WAYS[way](victor, victor.create(note))
        assert await victor.send(create, f"{world.alpha.origin}/inbox") == 202
        await run_jobs_until_idle(*world.houses)

        # Then bob sees it under her post, and beta asked victor's server for his key alone
        assert await content_at_beta(world, note["id"]) == "<p>nice</p>"
        assert not world.network.asked("GET", note["id"])

        # And when he takes it back, with a word to everybody as Mastodon does, it goes there as well
        delete = WAYS[way](victor, victor.activity("Delete", note["id"], to=[PUBLIC]))
        assert await victor.send(delete, f"{world.alpha.origin}/inbox") == 202
        await run_jobs_until_idle(*world.houses)
        assert await content_at_beta(world, note["id"]) is None
