"""Feeds: each shows what belongs there, newest first, and nothing of what its reader may not see."""

import pytest

from server.store.paging import Stretch
from server.store.people import actors
from server.store.reading import reactions, timelines
from server.store.reading.feeds import HOME, LIST, FeedEntry, add
from server.store.reading.reactions import ANNOUNCE, LIKE, Reaction
from server.store.reading.timelines import AccountFilter, TagFilter, Viewer
from server.store.ties import domain_blocks, follows, mutes
from server.store.writing import media, posts
from server.store.writing.media import Media
from tests.rows import make, make_actor, make_post

ALICE = make_actor("alice", host="pinxit.example", local=True)
BOB, EVE = make_actor("bob"), make_actor("eve", host="eve.example")
VISIBILITIES = ("public", "unlisted", "followers", "direct")
PAGE = Stretch(limit=20)
NOW = 1_000
VIEWER = Viewer(ALICE.id, NOW)


@pytest.fixture
async def tx(database):
    async with database.write() as tx:
        for one in (ALICE, BOB, EVE):
            await actors.add(tx, one)
        yield tx


async def post(tx, author, tags=(), mentioned=(), picture=False, **given):
    one = make_post(author, **given)
    await posts.add(tx, one, tags=tags, mentioned=mentioned)
    if picture:
        await media.add(tx, make(Media, id=one.id, actor_id=author.id, post_id=one.id))
    return one.id


async def boost(tx, by, post_id, *, kind=ANNOUNCE):
    one = make_post(by)  # only for an id that comes next
    await reactions.add(tx, Reaction(one.id, kind, by.id, post_id, f"{by.uri}#{one.id}", NOW))
    return one.id


async def enter(tx, post_id, by, *, entry_id=None, kind=HOME, owner=ALICE.id):
    await add(tx, FeedEntry(kind, owner, entry_id or post_id, post_id, by.id))


async def hide(tx, how):
    """Have alice meet nothing of eve's any more."""
    if how == "blocks":
        await follows.block(tx, id=1, actor_id=ALICE.id, target_id=EVE.id, uri="b", at=1)
    elif how == "is blocked":
        await follows.block(tx, id=1, actor_id=EVE.id, target_id=ALICE.id, uri="b", at=1)
    elif how == "mutes":
        await mutes.put(tx, mutes.Mute(1, ALICE.id, EVE.id, True, None, 1))
    elif how == "blocks the host":
        await domain_blocks.add(tx, id=1, actor_id=ALICE.id, host=EVE.host, at=1)
    elif how == "gone":
        await actors.mark_gone(tx, EVE.uri, at=5)


HIDING = ("blocks", "is blocked", "mutes", "blocks the host", "gone")


def ids(found):
    return [one.id for one in found]


async def test_the_local_feed_shows_our_public_posts_that_are_no_replies(tx):
    for visibility in VISIBILITIES:
        await post(tx, ALICE, visibility=visibility)
    newest = await post(tx, ALICE)
    await post(tx, ALICE, in_reply_to_uri="https://x.example/1")
    await post(tx, ALICE, deleted_at=5)
    await post(tx, BOB)

    found = await timelines.read_public(tx, PAGE, where="local")

    assert found[0].id == newest
    assert [one.visibility for one in found] == ["public", "public"]


async def test_the_public_feed_weaves_ours_and_others_by_their_time(tx):
    expected = [await post(tx, one) for one in (ALICE, BOB, BOB, ALICE, EVE)]

    assert ids(await timelines.read_public(tx, PAGE)) == expected[::-1]
    assert ids(await timelines.read_public(tx, PAGE, where="remote")) == [expected[4], expected[2], expected[1]]
    assert ids(await timelines.read_public(tx, Stretch(after=expected[0], ascending=True, limit=2))) == [
        expected[2],
        expected[1],
    ]


async def test_a_feed_of_pictures_shows_no_words_alone(tx):
    expected = await post(tx, BOB, picture=True)
    await post(tx, BOB)

    assert ids(await timelines.read_public(tx, PAGE, only_media=True)) == [expected]


@pytest.mark.parametrize("how", HIDING)
async def test_nothing_of_somebody_hidden_is_in_any_feed(tx, how):
    theirs = await post(tx, EVE, tags=["boat"])
    ours = await post(tx, BOB, tags=["boat"])
    for kind, owner in ((HOME, ALICE.id), (LIST, 7)):
        await enter(tx, theirs, EVE, kind=kind, owner=owner)
        await enter(tx, theirs, BOB, entry_id=await boost(tx, BOB, theirs), kind=kind, owner=owner)
        await enter(tx, ours, BOB, kind=kind, owner=owner)
    await boost(tx, BOB, theirs)
    await hide(tx, how)

    assert ids(await timelines.read_public(tx, PAGE, viewer=VIEWER)) == [ours]
    assert ids(await timelines.read_tag(tx, TagFilter(("boat",)), PAGE, viewer=VIEWER)) == [ours]
    assert ids(await timelines.read_home(tx, ALICE.id, PAGE, now=NOW)) == [ours]
    assert ids(await timelines.read_list(tx, 7, PAGE, VIEWER)) == [ours]
    assert ids(await timelines.read_account(tx, BOB.id, AccountFilter(), PAGE, viewer=VIEWER)) == [ours]


async def test_a_boost_by_somebody_hidden_is_not_in_the_home_feed(tx):
    ours = await post(tx, BOB)
    await enter(tx, ours, EVE, entry_id=await boost(tx, EVE, ours))
    await hide(tx, "mutes")

    assert await timelines.read_home(tx, ALICE.id, PAGE, now=NOW) == []


async def test_a_mute_that_is_over_hides_nothing(tx):
    theirs = await post(tx, EVE)
    await mutes.put(tx, mutes.Mute(1, ALICE.id, EVE.id, True, NOW - 1, 1))

    assert ids(await timelines.read_public(tx, PAGE, viewer=VIEWER)) == [theirs]


async def test_home_shows_its_entries_with_who_boosted_them(tx):
    written, liked = await post(tx, BOB), await post(tx, EVE)
    await enter(tx, written, BOB)
    boosted = await boost(tx, BOB, liked)
    await enter(tx, liked, BOB, entry_id=boosted)
    await enter(tx, await post(tx, BOB, deleted_at=5), BOB)

    found = await timelines.read_home(tx, ALICE.id, PAGE, now=NOW)

    assert [(one.id, one.post.id, one.boost and one.boost.actor_id) for one in found] == [
        (boosted, liked, BOB.id),
        (written, written, None),
    ]


async def test_a_tag_shows_public_posts_of_everybody_whatever_the_case(tx):
    expected = [await post(tx, ALICE, tags=["Boat"]), await post(tx, BOB, tags=["boat", "sea"])]
    await post(tx, BOB, tags=["boat"], visibility="unlisted")
    await post(tx, BOB, tags=["sea"])

    assert ids(await timelines.read_tag(tx, TagFilter(("BOAT",)), PAGE)) == expected[::-1]


async def test_tags_are_joined_excluded_and_demanded(tx):
    boat, sea, both, third = [
        await post(tx, BOB, tags=tags) for tags in (["boat"], ["sea"], ["boat", "sea"], ["boat", "sea", "storm"])
    ]

    async def found(**wanted):
        return ids(await timelines.read_tag(tx, TagFilter(**wanted), PAGE))

    assert await found(any=("boat", "sea")) == [third, both, sea, boat]
    assert await found(any=("boat",), all=("sea",)) == [third, both]
    assert await found(any=("boat",), all=("Sea", "storm")) == [third]
    assert await found(any=("boat",), none=("Storm",)) == [both, boat]
    assert await found(any=("boat",), where="local") == []
    assert await found(any=("boat",), only_media=True) == []


async def test_a_page_of_several_tags_is_at_the_end_that_was_asked_for(tx):
    everything = [await post(tx, BOB, tags=[("boat", "sea")[number % 2]]) for number in range(6)]
    wanted = TagFilter(("boat", "sea"))

    after = Stretch(after=everything[0], ascending=True, limit=3)

    assert ids(await timelines.read_tag(tx, wanted, after)) == everything[1:4][::-1]
    assert ids(await timelines.read_tag(tx, wanted, Stretch(limit=3))) == everything[3:][::-1]


async def test_a_profile_shows_what_its_owner_has_not_deleted(tx):
    expected = [await post(tx, ALICE, visibility=visibility) for visibility in VISIBILITIES]
    await post(tx, ALICE, deleted_at=5)
    await post(tx, BOB)

    assert ids(await timelines.read_own_profile(tx, ALICE.id, PAGE)) == expected[::-1]


async def test_an_account_shows_its_posts_and_boosts_by_their_time(tx):
    first = await post(tx, BOB)
    other = await post(tx, EVE)
    boosted = await boost(tx, BOB, other)
    await boost(tx, BOB, other, kind=LIKE)
    last = await post(tx, BOB)

    found = await timelines.read_account(tx, BOB.id, AccountFilter(), PAGE)

    assert [(one.id, one.post.id) for one in found] == [(last, last), (boosted, other), (first, first)]
    assert [one.boost is None for one in found] == [True, False, True]


async def test_an_account_shows_what_the_viewer_may_see_and_what_names_them(tx):
    by_visibility = {visibility: await post(tx, BOB, visibility=visibility) for visibility in VISIBILITIES}
    naming = await post(tx, BOB, visibility="direct", mentioned=[posts.Mentioned(ALICE.uri, "@alice")])

    for_follower = AccountFilter(visibilities=("public", "unlisted", "followers"), viewer_uri=ALICE.uri)

    assert ids(await timelines.read_account(tx, BOB.id, for_follower, PAGE)) == [
        naming,
        by_visibility["followers"],
        by_visibility["unlisted"],
        by_visibility["public"],
    ]
    assert by_visibility["followers"] not in ids(await timelines.read_account(tx, BOB.id, AccountFilter(), PAGE))


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (AccountFilter(), {"words", "picture", "reply", "own reply", "tagged", "boost"}),
        (AccountFilter(exclude_replies=True), {"words", "picture", "own reply", "tagged", "boost"}),
        (AccountFilter(exclude_reblogs=True), {"words", "picture", "reply", "own reply", "tagged"}),
        (AccountFilter(only_media=True), {"picture"}),
        (AccountFilter(tagged="Boat"), {"tagged"}),
    ],
)
async def test_an_account_shows_what_was_asked_for(tx, wanted, expected):
    other = await post(tx, EVE)
    words = await post(tx, BOB)
    there = {
        words: "words",
        await post(tx, BOB, picture=True): "picture",
        await post(tx, BOB, in_reply_to_uri="https://eve.example/1", in_reply_to_id=other): "reply",
        await post(tx, BOB, in_reply_to_uri="https://bob.example/1", in_reply_to_id=words): "own reply",
        await post(tx, BOB, tags=["boat"]): "tagged",
        await boost(tx, BOB, other): "boost",
    }

    assert {there[one.id] for one in await timelines.read_account(tx, BOB.id, wanted, PAGE)} == expected


async def test_a_feed_goes_on_below_the_last_one_shown(tx):
    everything = [await post(tx, ALICE) for _ in range(5)][::-1]

    async def read(before):
        return ids(await timelines.read_public(tx, Stretch(before, limit=2), where="local"))

    first = await read(everything[0] + 1)
    second = await read(first[-1])

    assert [*first, *second, *await read(second[-1])] == everything
