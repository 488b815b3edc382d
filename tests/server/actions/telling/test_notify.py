"""Who hears what: blocks, mutes, muted threads, each person's policy, and what is done with what was put aside."""

import json
from dataclasses import replace

import pytest

from activitypub.audience import Visibility
from server.actions.telling.notices import clear, let_in, move_marker, read_all, turn_away
from server.actions.telling.notify import notify
from server.actions.telling.tell import tell_change
from server.actions.ties.block_domain import block_domain
from server.actions.ties.follow import block, follow
from server.actions.ties.mute import mute as mute_for_good
from server.actions.writing.compose import Person as Named
from server.actions.writing.react import announce, like
from server.problems import Conflict
from server.store.paging import Stretch
from server.store.reading import markers
from server.store.telling import notice_groups, notice_policy, notifications
from server.store.telling.notice_policy import Policy
from server.store.telling.notifications import Wanted
from server.store.ties import domain_blocks, follows, muted_threads, mutes
from server.store.ties.mutes import Mute
from server.store.writing import conversations, quotes

DAY = 86_400


def named(ground, actor):
    return Named(actor.handle, actor.uri, actor.url or actor.uri)


async def say(ground, text="@alice hello", *, by=None, to=None, visibility=Visibility.DIRECT, **more):
    """A post of carol's that names alice, direct unless said otherwise."""
    people = (named(ground, to or ground.alice),)
    return await ground.publish(text, by=by or ground.carol, people=people, visibility=visibility, **more)


async def choose(ground, **policy):
    await ground.once(notice_policy.put_policy, Policy(ground.alice.id, **policy))


async def requests(ground):
    async with ground.house.database.read() as reader:
        return await notice_policy.list_requests(reader, ground.alice.id, Stretch())


async def talks(ground, whom):
    async with ground.house.database.read() as reader:
        return await conversations.list_of_actor(reader, whom.id, Stretch())


async def mute(ground, *, hides, seconds=None):
    now = ground.site.clock.now()
    until = None if seconds is None else now + seconds * 1_000_000
    await ground.once(mutes.put, Mute(1, ground.alice.id, ground.carol.id, hides, until, now))


async def test_the_blocked_are_not_heard(ground):
    await ground.once(block, ground.site, ground.alice, ground.carol)
    await say(ground)
    assert await ground.told(ground.alice) == []


@pytest.mark.parametrize("what", [block, mute_for_good])
async def test_what_was_told_of_somebody_goes_with_the_block_or_mute(ground, what):
    await say(ground)
    await say(ground, visibility=Visibility.PUBLIC)
    await ground.once(what, ground.site, ground.alice, ground.carol)
    assert await ground.told(ground.alice) == [] and await requests(ground) == []


@pytest.mark.parametrize(("hides", "heard"), [(True, []), (False, ["mention"])])
async def test_the_muted_are_heard_only_if_the_mute_leaves_notices(ground, hides, heard):
    await mute(ground, hides=hides)
    await say(ground, visibility=Visibility.PUBLIC)
    assert await ground.told(ground.alice) == heard


async def test_a_mute_that_is_over_mutes_no_more(ground):
    await mute(ground, hides=True, seconds=60)
    ground.site.clock.advance(61)
    await say(ground, visibility=Visibility.PUBLIC)
    assert await ground.told(ground.alice) == ["mention"]


async def test_a_muted_thread_is_not_heard_wherever_it_goes_on(ground):
    root = await ground.publish("about boats")
    await ground.once(muted_threads.add, ground.alice.id, root.id, at=0)
    await say(ground, in_reply_to=root, visibility=Visibility.PUBLIC)
    await ground.once(like, ground.site, ground.carol, root)
    assert await ground.told(ground.alice) == []


@pytest.mark.parametrize("follows_them", [False, True])
async def test_a_blocked_host_is_heard_only_through_whom_one_follows(ground, follows_them):
    await ground.once(domain_blocks.add, id=1, actor_id=ground.alice.id, host=ground.bob.host, at=0)
    if follows_them:
        row = follows.Follow(9, ground.alice.id, ground.bob.id, "x", "accepted", 0, 0)
        await ground.once(follows.put, row)
    await ground.once(notify, ground.site, ground.alice, "follow", by=ground.bob)
    assert await ground.told(ground.alice) == (["follow"] if follows_them else [])


@pytest.mark.parametrize("field", ["for_not_following", "for_not_followers", "for_new_accounts"])
@pytest.mark.parametrize(("choice", "kept", "asked"), [("drop", 0, 0), ("filter", 1, 1), ("accept", 1, 0)])
async def test_a_policy_tells_puts_aside_or_drops(ground, field, choice, kept, asked):
    await choose(ground, **{field: choice})
    await say(ground, visibility=Visibility.PUBLIC)

    async with ground.house.database.read() as reader:
        every = await notifications.list_wanted(reader, Wanted(ground.alice.id, include_filtered=True), Stretch())
    assert len(every) == kept
    assert len(await requests(ground)) == asked
    assert await ground.told(ground.alice) == (["mention"] if choice == "accept" else [])


async def test_whom_one_follows_is_not_put_aside(ground):
    await choose(ground, for_not_following="drop")
    await ground.once(follow, ground.site, ground.alice, ground.carol)
    await say(ground, visibility=Visibility.PUBLIC)
    assert await ground.told(ground.alice) == ["mention"]


async def test_a_follower_counts_after_three_days(ground):
    await choose(ground, for_not_followers="drop")
    await ground.once(follow, ground.site, ground.carol, ground.alice)
    await say(ground, visibility=Visibility.PUBLIC)
    assert "mention" not in await ground.told(ground.alice)

    ground.site.clock.advance(3 * DAY)
    await say(ground, visibility=Visibility.PUBLIC)
    assert "mention" in await ground.told(ground.alice)


async def test_an_account_is_new_for_thirty_days(ground):
    await choose(ground, for_new_accounts="drop")
    ground.site.clock.advance(31 * DAY)
    await say(ground, visibility=Visibility.PUBLIC)
    assert await ground.told(ground.alice) == ["mention"]


async def test_a_whisper_out_of_the_blue_is_put_aside_until_it_is_let_in(ground):
    post = await say(ground)
    assert await ground.told(ground.alice) == [] and await talks(ground, ground.alice) == []
    (asked,) = await requests(ground)
    assert (asked.from_id, asked.last_post_id) == (ground.carol.id, post.id)

    await ground.once(let_in, ground.site, ground.alice, [asked])

    assert await ground.told(ground.alice) == ["mention"] and await requests(ground) == []
    assert [one.last_post_id for one in await talks(ground, ground.alice)] == [post.id]
    await say(ground, "@alice again")
    assert await ground.told(ground.alice) == ["mention", "mention"]


async def test_who_is_turned_away_is_put_aside_again(ground):
    await say(ground)
    await ground.once(turn_away, ground.alice, await requests(ground))
    assert await requests(ground) == []

    await say(ground, "@alice again")
    (asked,) = await requests(ground)
    async with ground.house.database.read() as reader:
        assert await notice_policy.count_filtered(reader, ground.alice.id, [asked.from_id]) == {ground.carol.id: 1}
        assert await notice_policy.count_pending(reader, ground.alice.id) == 1


async def test_an_answer_to_ones_own_whisper_is_heard(ground):
    first = await say(ground, "@carol hello", by=ground.alice, to=ground.carol)
    answer = await say(ground, in_reply_to=first)
    await say(ground, "@alice and", in_reply_to=answer)
    assert await ground.told(ground.alice) == ["reply", "mention"]


async def test_an_answer_to_a_whisper_to_somebody_else_is_not(ground):
    first = await say(ground, "@bob hello", by=ground.alice, to=ground.bob)
    await say(ground, in_reply_to=first)
    assert await ground.told(ground.alice) == []


async def test_likes_of_one_post_stand_together_for_twelve_hours(ground):
    post = await ground.publish()
    await ground.once(like, ground.site, ground.carol, post)
    ground.site.clock.advance(11 * 3600)
    await ground.once(like, ground.site, ground.bob, post)
    await ground.once(announce_by_bob, ground, post)

    async with ground.house.database.read() as reader:
        groups = await notice_groups.list_groups(reader, Wanted(ground.alice.id), notice_groups.GROUPABLE, Stretch())
    assert [(one.newest.kind, one.count) for one in groups] == [("announce", 1), ("like", 2)]
    assert groups[1].from_ids == (ground.bob.id, ground.carol.id)


async def announce_by_bob(tx, ground, post):
    await notify(tx, ground.site, ground.alice, "announce", by=ground.bob, post_id=post.id)


async def test_what_comes_later_begins_a_new_group(ground):
    post = await ground.publish()
    await ground.once(like, ground.site, ground.carol, post)
    ground.site.clock.advance(12 * 3600)
    await ground.once(like, ground.site, ground.bob, post)
    async with ground.house.database.read() as reader:
        told = await notifications.list_of_actor(reader, ground.alice.id)
    assert len({one.group_key for one in told}) == 2


async def test_who_asked_to_hear_of_each_post_is_told(ground):
    await ground.once(follow, ground.site, ground.alice, ground.carol)
    known = follows.Follow(0, ground.alice.id, ground.carol.id, "", "", 0, None, notify=True)
    await ground.once(follows.choose, known)

    post = await ground.publish("a boat", by=ground.carol)
    await ground.publish("more", by=ground.carol, in_reply_to=post)
    await ground.publish("to bob", by=ground.carol, people=(ground.bob_named,), visibility=Visibility.DIRECT)
    mine = await ground.publish("mine", by=ground.alice)
    await ground.publish("to alice", by=ground.carol, in_reply_to=mine)

    assert await ground.told(ground.alice) == ["status", "status", "reply"]


async def test_who_boosted_a_post_hears_that_it_changed_the_last_time_only(ground):
    post = await ground.publish(by=ground.carol)
    await ground.once(announce, ground.site, ground.alice, post)
    for _ in range(2):
        await ground.once(tell_change, ground.site, ground.carol, post)
    assert await ground.told(ground.alice) == ["update"]


async def test_who_quoted_a_post_hears_that_it_changed(ground):
    post = await ground.publish(by=ground.carol)
    quote = await ground.publish("look")
    await ground.once(quotes.add, post_id=quote.id, quoted_uri=post.uri, state=quotes.ACCEPTED, at=0)
    await ground.once(tell_change, ground.site, ground.carol, post)
    async with ground.house.database.read() as reader:
        (told,) = await notifications.list_of_actor(reader, ground.alice.id)
    assert (told.kind, told.from_id, told.post_id) == ("quoted_update", ground.carol.id, quote.id)


async def test_blocking_a_host_says_once_which_follows_end(ground):
    await ground.let_bob_follow()
    for _ in range(2):
        await ground.once(block_domain, ground.site, ground.alice, ground.bob.host)
    async with ground.house.database.read() as reader:
        told = await notifications.list_of_actor(reader, ground.alice.id)
    (severed,) = [one for one in told if one.kind == "severed_relationships"]
    event = json.loads(severed.detail)
    assert (event["target_name"], event["followers_count"], event["following_count"]) == (ground.bob.host, 1, 0)


async def test_both_sides_have_a_conversation_and_only_one_has_it_to_read(ground):
    await choose(ground, for_private_mentions="accept")
    first = await say(ground)
    answer = await say(ground, "@carol yes", by=ground.alice, to=ground.carol, in_reply_to=first)

    (mine,) = await talks(ground, ground.alice)
    (theirs,) = await talks(ground, ground.carol)
    assert (mine.last_post_id, mine.unread, mine.participant_ids) == (answer.id, False, (ground.carol.id,))
    assert (theirs.last_post_id, theirs.unread, theirs.participant_ids) == (answer.id, True, (ground.alice.id,))


async def test_other_people_make_another_conversation(ground):
    await choose(ground, for_private_mentions="accept")
    first = await say(ground)
    people = (named(ground, ground.alice), ground.bob_named)
    await ground.publish("@alice @bob", by=ground.carol, people=people, visibility=Visibility.DIRECT, in_reply_to=first)
    assert len(await talks(ground, ground.alice)) == 2


async def test_a_deleted_post_gives_its_place_to_the_one_before(ground):
    await choose(ground, for_private_mentions="accept")
    first = await say(ground)
    second = await say(ground, "@alice more", in_reply_to=first)
    await ground.once(conversations.drop_post, second.id)
    assert [one.last_post_id for one in await talks(ground, ground.alice)] == [first.id]
    await ground.once(conversations.drop_post, first.id)
    assert await talks(ground, ground.alice) == []


async def test_reading_everything_moves_the_marker(ground):
    post = await ground.publish()
    await ground.once(like, ground.site, ground.carol, post)
    await ground.once(read_all, ground.site, ground.alice)
    async with ground.house.database.read() as reader:
        assert await notifications.count_unread(reader, ground.alice.id) == 0
        newest = await notifications.find_newest_id(reader, ground.alice.id)
        found = await markers.find(reader, ground.alice.id, [markers.NOTIFICATIONS])
    assert found[markers.NOTIFICATIONS].last_read_id == newest


async def test_a_marker_that_somebody_moved_meanwhile_is_a_conflict(ground):
    async def move(last, known):
        return await ground.once(move_marker, ground.site, ground.alice, "home", last, known=known)

    first = await move(5, None)
    with pytest.raises(Conflict):
        await move(6, None)
    second = await move(7, first)
    assert (second.last_read_id, second.version) == (7, 1)
    with pytest.raises(Conflict):
        await move(8, first)


async def test_clearing_forgets_what_was_put_aside_too(ground):
    await say(ground)
    await ground.once(clear, ground.alice)
    assert await requests(ground) == []


async def test_only_the_newest_notices_of_each_are_kept(ground):
    posts = [await ground.publish(f"number {number}") for number in range(5)]
    for post in posts:
        await ground.once(like, ground.site, ground.carol, post)
    theirs = await ground.publish(by=ground.carol)
    await ground.once(like, ground.site, ground.alice, theirs)

    assert await ground.once(prune, 2) == 3
    async with ground.house.database.read() as reader:
        kept = await notifications.list_of_actor(reader, ground.alice.id)
    assert [one.post_id for one in kept] == [posts[4].id, posts[3].id]
    assert await ground.told(ground.carol) == ["like"]


async def prune(tx, keep):
    return await notifications.prune(tx, keep=keep)


async def test_a_poll_is_told_to_its_own_author_too(ground):
    post = await ground.publish()
    await ground.once(notify, ground.site, ground.alice, "poll", by=ground.alice, post_id=post.id)
    await ground.once(notify, ground.site, ground.alice, "like", by=ground.alice, post_id=post.id)
    await ground.once(notify, ground.site, replace(ground.alice, type="Service"), "follow", by=ground.carol)
    assert await ground.told(ground.alice) == ["poll"]
