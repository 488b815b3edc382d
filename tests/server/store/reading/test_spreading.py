"""What comes is put into the feeds that want it, by one statement each: for followers, lists and tags."""

import pytest

from server.store.people import actors
from server.store.reading import feeds, reactions, spreading
from server.store.reading.feeds import HOME, LIST, FeedEntry
from server.store.reading.reactions import ANNOUNCE, Reaction
from server.store.reading.spreading import NEWEST_ENTRIES, Arrival, Feed
from server.store.ties import follows, lists
from server.store.ties.follows import Follow
from server.store.ties.lists import List
from server.store.writing import posts, tags
from tests.rows import make, make_actor, make_post

ALICE, CAROL = (make_actor(name, host="pinxit.example", local=True) for name in ("alice", "carol"))
BOB, EVE, DAN = (make_actor(name) for name in ("bob", "eve", "dan"))
LIST_ID = 77


@pytest.fixture
async def tx(database):
    async with database.write() as tx:
        for one in (ALICE, CAROL, BOB, EVE, DAN):
            await actors.add(tx, one)
        yield tx


async def follow(tx, follower, followed, **given):
    row = {
        "id": follower.id * 7 + followed.id,
        "follower_id": follower.id,
        "followed_id": followed.id,
        "uri": f"{follower.id}-{followed.id}",
        "state": "accepted",
        "created_at": 1,
    }
    one = Follow(**{**row, "accepted_at": 1} | {"state": given.pop("state", "accepted")})
    await follows.put(tx, one)
    if given:
        await follows.choose(tx, make(Follow, **{**row, "reblogs": True} | given))


async def make_list(tx, *members, policy="list", exclusive=False):
    await lists.add(tx, List(LIST_ID, ALICE.id, "friends", policy, exclusive, 1))
    for member in members:
        await lists.add_member(tx, id=member.id, list_id=LIST_ID, target_id=member.id)


async def store(tx, author, **given):
    tagged = given.pop("tags", ())
    one = make_post(author, **given)
    await posts.add(tx, one, tags=tagged)
    return one


async def spread(tx, post, **more):
    return await spreading.put_post(tx, Arrival(post.id, post.id, post.actor_id, **more))


async def boost(tx, by, post):
    one = Reaction(make_post(by).id, ANNOUNCE, by.id, post.id, f"{by.uri}#{post.id}", 1)
    await reactions.add(tx, one)
    await spreading.put_boost(tx, Arrival(one.id, post.id, by.id))
    return one


async def homes(tx, post):
    return [owner for kind, owner in await feeds.list_having(tx, post.id) if kind == HOME]


async def on_list(tx, post):
    return (LIST, LIST_ID) in await feeds.list_having(tx, post.id)


async def test_a_post_comes_to_accepted_followers_of_ours_and_to_nobody_else(tx):
    await follow(tx, ALICE, BOB)
    await follow(tx, CAROL, BOB, state="pending")
    await follow(tx, EVE, BOB)
    post = await store(tx, BOB)

    assert await spread(tx, post) == 1
    assert await homes(tx, post) == [ALICE.id]
    assert await spread(tx, post) == 0, "the same post came twice"


@pytest.mark.parametrize(
    ("answered", "shown"), [(None, True), (BOB, True), (ALICE, True), (EVE, True), (DAN, False)], ids=str
)
async def test_a_reply_is_shown_to_who_follows_both_and_to_whom_it_answers(tx, answered, shown):
    for followed in (BOB, EVE):
        await follow(tx, ALICE, followed)
    post = await store(tx, BOB)

    await spread(tx, post, parent_id=answered.id if answered else None)

    assert await homes(tx, post) == ([ALICE.id] if shown else [])


@pytest.mark.parametrize(("language", "shown"), [("de", True), ("en", False), (None, True)])
async def test_a_follower_who_wants_some_languages_gets_no_others(tx, language, shown):
    await follow(tx, ALICE, BOB, languages='["de","fr"]')
    post = await store(tx, BOB)

    await spread(tx, post, language=language)

    assert bool(await homes(tx, post)) == shown


async def test_boosts_come_only_where_they_are_wanted(tx):
    await follow(tx, ALICE, BOB, reblogs=False)
    await follow(tx, CAROL, BOB)
    post = await store(tx, EVE)

    await boost(tx, BOB, post)

    assert await homes(tx, post) == [CAROL.id]


async def test_a_boost_of_what_is_near_the_top_shows_nothing_new(tx):
    for followed in (BOB, EVE):
        await follow(tx, ALICE, followed)
    post = await store(tx, EVE)
    await spread(tx, post)

    await boost(tx, BOB, post)
    assert await homes(tx, post) == [ALICE.id]

    for _ in range(NEWEST_ENTRIES):
        await spread(tx, await store(tx, EVE))
    await boost(tx, BOB, post)
    assert await homes(tx, post) == [ALICE.id, ALICE.id]


@pytest.mark.parametrize(
    ("policy", "answered", "shown"),
    [
        ("none", None, True),
        ("none", BOB, True),
        ("none", ALICE, True),
        ("none", EVE, False),
        ("list", EVE, True),
        ("list", DAN, False),
        ("followed", DAN, True),
        ("followed", CAROL, False),
    ],
)
async def test_a_list_shows_the_replies_it_was_made_for(tx, policy, answered, shown):
    for followed in (BOB, EVE, DAN):
        await follow(tx, ALICE, followed)
    await make_list(tx, BOB, EVE, policy=policy)
    post = await store(tx, BOB)

    await spread(tx, post, parent_id=answered.id if answered else None)

    assert await on_list(tx, post) == shown


async def test_a_list_shows_nobody_who_is_followed_no_more(tx):
    await make_list(tx, BOB)
    post = await store(tx, BOB)

    await spread(tx, post)

    assert not await on_list(tx, post)


async def test_an_exclusive_list_keeps_its_members_out_of_the_home_feed(tx):
    for follower in (ALICE, CAROL):
        await follow(tx, follower, BOB)
    await make_list(tx, BOB, exclusive=True)
    post = await store(tx, BOB)

    await spread(tx, post)

    assert sorted(await feeds.list_having(tx, post.id)) == [(HOME, CAROL.id), (LIST, LIST_ID)]


async def test_a_tag_that_is_followed_brings_its_posts_home(tx):
    await tags.follow(tx, id=1, actor_id=ALICE.id, name="boat")
    post, other = await store(tx, BOB, tags=["Boat"]), await store(tx, BOB, tags=["sea"])

    for one in (post, other):
        await spreading.put_tagged(tx, Arrival(one.id, one.id, one.actor_id))

    assert (await homes(tx, post), await homes(tx, other)) == ([ALICE.id], [])


async def test_a_tag_that_is_followed_no_more_takes_its_posts_along(tx):
    await follow(tx, ALICE, BOB)
    theirs, followed, own = [await store(tx, one, tags=["boat"]) for one in (EVE, BOB, ALICE)]
    await spreading.backfill_tag(tx, ALICE.id, "boat")
    assert await homes(tx, theirs) == [ALICE.id]

    await spreading.drop_tag(tx, ALICE.id, "boat")

    assert [await homes(tx, one) for one in (theirs, followed, own)] == [[], [ALICE.id], [ALICE.id]]


async def test_who_is_followed_from_now_on_is_shown_with_what_they_wrote_and_boosted(tx):
    await follow(tx, ALICE, BOB)
    open_one = await store(tx, BOB)
    to_stranger = await store(tx, BOB, in_reply_to_uri="https://x.example/1", in_reply_to_id=(await store(tx, DAN)).id)
    direct, deleted = await store(tx, BOB, visibility="direct"), await store(tx, BOB, deleted_at=5)
    boosted = await store(tx, EVE)
    await reactions.add(tx, Reaction(1, ANNOUNCE, BOB.id, boosted.id, "r", 1))

    await spreading.backfill(tx, Feed(HOME, ALICE.id, ALICE.id), BOB.id)

    assert [bool(await homes(tx, one)) for one in (open_one, boosted, to_stranger, direct, deleted)] == [
        True,
        True,
        False,
        False,
        False,
    ]


async def test_a_boost_for_somebody_alone_is_not_filled_in(tx):
    boosted = await store(tx, EVE)
    await reactions.add(tx, Reaction(1, ANNOUNCE, BOB.id, boosted.id, "r", 1, "direct"))

    await spreading.backfill(tx, Feed(HOME, ALICE.id, ALICE.id), BOB.id)

    assert await homes(tx, boosted) == []


async def test_boosts_that_are_not_wanted_are_not_filled_in(tx):
    boosted = await store(tx, EVE)
    await reactions.add(tx, Reaction(1, ANNOUNCE, BOB.id, boosted.id, "r", 1))

    await spreading.backfill(tx, Feed(HOME, ALICE.id, ALICE.id), BOB.id, boosts=False)

    assert await homes(tx, boosted) == []


async def test_leaving_lists_touches_only_ones_own(tx):
    await make_list(tx, BOB)
    await lists.add(tx, List(78, CAROL.id, "hers", "list", False, 1))
    post = await store(tx, BOB)
    for owner in (LIST_ID, 78):
        await feeds.add(tx, FeedEntry(LIST, owner, post.id, post.id, BOB.id))

    await spreading.leave_lists(tx, ALICE.id, BOB.id)

    assert await feeds.list_having(tx, post.id) == [(LIST, 78)]


async def test_a_feed_keeps_its_newest_entries(tx):
    for number in range(1, 11):
        await feeds.add(tx, FeedEntry(HOME, ALICE.id, number, number, BOB.id))

    assert await feeds.prune(tx, HOME, ALICE.id, keep=4) == 6
    assert await feeds.prune(tx, HOME, ALICE.id, keep=4) == 0
    assert [bool(await feeds.list_having(tx, number)) for number in (6, 7, 10)] == [False, True, True]


async def test_all_feeds_can_be_gone_through(tx):
    for kind, owner in ((HOME, 5), (HOME, 9), (LIST, 2)):
        await feeds.add(tx, FeedEntry(kind, owner, 1, 1, 1))

    found, at = [], feeds.FIRST
    while (at := await feeds.prune_next(tx, *at)) is not None:
        found.append(at)

    assert found == [(HOME, 5), (HOME, 9), (LIST, 2)]


async def test_a_boost_that_is_taken_back_leaves_the_post(tx):
    for entry in (1, 2):
        await feeds.add(tx, FeedEntry(HOME, ALICE.id, entry, 1, BOB.id))

    await feeds.drop_boost(tx, 1, 2)

    assert await feeds.list_having(tx, 1) == [(HOME, ALICE.id)]
    await feeds.drop_post(tx, 1)
    assert await feeds.list_having(tx, 1) == []
