"""Feeds of our people: filled when something comes, cleared when it goes, and who listens is told."""

from dataclasses import replace

import msgspec
import pytest

from activitypub.audience import Visibility
from server.actions.ties.follow import block, follow, receive_accept, unfollow
from server.actions.writing.edit import Change, edit_post
from server.actions.writing.keep_note import change_note, keep_note
from server.actions.writing.react import announce, receive_reaction, take_back
from server.actions.writing.remove import forget_post, remove_post
from server.actions.writing.spread import NEWS_SECONDS, Places
from server.ids import MICROSECONDS, iso
from server.jobs.queue import Job
from server.remote.notes import fetch_note
from server.store.paging import Stretch
from server.store.reading import stream_events, timelines
from server.store.reading.feeds import HOME
from server.store.reading.reactions import ANNOUNCE
from server.work import plain_handlers
from tests.fakes import START


async def keep(ground, **more):
    """A post of bob's that comes to us."""
    note = await fetch_note(ground.house.services, ground.person.note(**more)["id"])
    return await ground.once(keep_note, ground.site, ground.bob, note)


async def follow_bob(ground, follower):
    await ground.once(follow, ground.site, follower, ground.bob)
    await ground.once(receive_accept, ground.site, follower, ground.bob)


async def home(ground, whom):
    async with ground.house.database.read() as reader:
        found = await timelines.read_home(reader, whom.id, Stretch(), now=ground.site.clock.now())
    return [(one.post.id, one.boost.actor_id if one.boost else None) for one in found]


async def events(ground):
    async with ground.house.database.read() as reader:
        return await stream_events.list_after(reader, 0, limit=100)


async def kinds(ground):
    return [one.kind for one in await events(ground) if one.kind in ("update", "status.update", "delete")]


async def test_a_post_of_ours_stands_in_its_authors_feed_and_in_its_followers(ground):
    await ground.once(follow, ground.site, ground.carol, ground.alice)

    post = await ground.publish()

    assert await home(ground, ground.alice) == await home(ground, ground.carol) == [(post.id, None)]
    assert await kinds(ground) == ["update"]


async def test_a_post_of_a_peer_stands_in_the_feed_of_who_follows(ground):
    await follow_bob(ground, ground.carol)

    post = await keep(ground)

    assert await home(ground, ground.carol) == [(post.id, None)]
    assert await home(ground, ground.alice) == []


async def test_what_is_looked_up_long_after_it_was_written_is_no_news(ground):
    await follow_bob(ground, ground.carol)

    await keep(ground, published=iso(START - (NEWS_SECONDS + 60) * MICROSECONDS))

    assert await home(ground, ground.carol) == []
    assert await kinds(ground) == []


async def test_a_message_to_somebody_is_in_no_feed(ground):
    await ground.once(follow, ground.site, ground.carol, ground.alice)

    await ground.publish("@bob look", visibility=Visibility.DIRECT, people=(ground.bob_named,))

    assert await home(ground, ground.alice) == await home(ground, ground.carol) == []


async def test_a_post_for_followers_whom_nobody_has_here_is_told_to_nobody(ground):
    actor = replace(ground.alice, type="Service")

    await ground.publish(by=actor, visibility=Visibility.FOLLOWERS)

    assert await kinds(ground) == []


async def test_whoever_follows_is_shown_what_is_known_and_unfollowing_takes_it_away(ground):
    post = await keep(ground)

    await follow_bob(ground, ground.carol)
    assert await home(ground, ground.carol) == [(post.id, None)]

    await ground.once(unfollow, ground.site, ground.carol, ground.bob)
    assert await home(ground, ground.carol) == []


async def test_a_block_takes_what_came_from_the_blocked_away(ground):
    await follow_bob(ground, ground.carol)
    await keep(ground)

    await ground.once(block, ground.site, ground.carol, ground.bob)

    assert await home(ground, ground.carol) == []


async def test_a_boost_stands_in_feeds_until_it_is_taken_back(ground):
    await ground.once(follow, ground.site, ground.carol, ground.alice)
    post = await keep(ground)

    await ground.once(announce, ground.site, ground.alice, post)
    assert await home(ground, ground.carol) == await home(ground, ground.alice) == [(post.id, ground.alice.id)]

    await ground.once(take_back, ground.site, ANNOUNCE, ground.alice, post)
    assert await home(ground, ground.carol) == []
    assert await kinds(ground) == ["update", "update", "delete"]


async def test_a_boost_by_a_peer_whom_nobody_follows_is_told_to_nobody(ground):
    post = await ground.publish()

    await ground.once(receive_reaction, ground.site, ANNOUNCE, ground.bob, post, f"{ground.bob.uri}#boost")

    assert await kinds(ground) == ["update"]


@pytest.mark.parametrize("act", [remove_post, forget_post])
async def test_a_deleted_post_leaves_all_feeds_and_says_where_it_was(ground, act):
    await ground.once(follow, ground.site, ground.carol, ground.alice)
    post = await ground.publish("a #boat")

    arguments = (ground.alice, post) if act is remove_post else (post,)
    await ground.once(act, ground.site, *arguments)

    assert await home(ground, ground.carol) == []
    last = next(one for one in await events(ground) if one.kind == "delete")
    assert (last.kind, last.entry_id) == ("delete", post.id)
    places = msgspec.json.decode(last.places, type=Places)
    assert sorted(places.feeds) == sorted([(HOME, ground.alice.id), (HOME, ground.carol.id)])
    assert (places.public, places.tags) == (True, ["boat"])


async def test_a_change_is_told(ground):
    post = await ground.publish()
    await ground.once(edit_post, ground.site, ground.alice, post, Change(text="new"))

    theirs = await keep(ground)
    note = await fetch_note(ground.house.services, theirs.uri)
    changed = replace(note, updated=iso(ground.site.clock.now() + MICROSECONDS))
    await ground.once(change_note, ground.site, ground.bob, theirs, changed)

    assert await kinds(ground) == ["update", "status.update", "update", "status.update"]


async def test_housekeeping_forgets_what_happened_and_keeps_the_newest(ground):
    for _ in range(3):
        await ground.publish()
    ground.house.clock.advance(601)

    await plain_handlers(ground.house.services)["housekeeping"](Job(1, "housekeeping", {}, 1))

    assert [one.id for one in await events(ground)] == [3]
