"""Words find posts and people, and nothing that who looks for them may not find."""

from dataclasses import replace

import pytest

from server.store.people import actors
from server.store.reading import bookmarks, reactions, search
from server.store.reading.reactions import LIKE, Reaction
from server.store.reading.search import Finder, write_match
from server.store.ties import follows
from server.store.writing import media, posts
from server.store.writing.media import Media
from server.store.writing.posts import Mentioned
from tests.rows import make, make_actor, make_post

ALICE = make_actor("alice", host="pinxit.example", local=True)
BOB = replace(make_actor("bob", indexable=True), name="Bob the Builder")
EVE = replace(make_actor("eve"), name="Ève")
FINDER = Finder(ALICE.id, ALICE.uri, 10)


@pytest.fixture
async def tx(database):
    async with database.write() as tx:
        for one in (ALICE, BOB, EVE):
            await actors.add(tx, one)
        yield tx


async def write(tx, author, text, *, mentioned=(), alt=None, **given):
    one = make_post(author, content_html=text, **given)
    await posts.add(tx, one, mentioned=mentioned)
    if alt:
        await media.add(tx, make(Media, id=one.id, actor_id=author.id, post_id=one.id, alt=alt))
    await search.remember(tx, one)
    return one


async def find(tx, text, **more):
    return [one.id for one in await search.find_posts(tx, text, FINDER, **more)]


async def people(tx, text, **more):
    return [one.username for one in await search.find_people(tx, text, FINDER, **more)]


async def test_words_are_found_in_text_warning_and_description_whatever_their_case(tx):
    text = await write(tx, BOB, "<p>A red <b>Boat</b></p>")
    warning = await write(tx, BOB, "<p>x</p>", summary="boats: one BOAT")
    described = await write(tx, BOB, "", alt="a boat on the sea")
    await write(tx, BOB, '<p>A <a href="https://boat.example/">link</a></p>')

    assert await find(tx, "boat") == [described.id, warning.id, text.id]


async def test_all_words_must_be_there_and_a_phrase_as_it_stands(tx):
    one = await write(tx, BOB, "a red boat on the sea")
    other = await write(tx, BOB, "a boat, red as the sea")

    assert await find(tx, "sea red") == [other.id, one.id]
    assert await find(tx, '"red boat"') == [one.id]
    assert await find(tx, "sea -boat") == []
    assert await find(tx, 'sea -"red boat"') == [one.id], "a minus before a phrase is no word"


@pytest.mark.parametrize("visibility", ["unlisted", "followers", "direct"])
async def test_what_is_not_public_is_found_by_nobody_else(tx, visibility):
    await write(tx, BOB, "a boat", visibility=visibility)

    assert await find(tx, "boat") == []


async def test_who_does_not_want_to_be_found_is_not(tx):
    await write(tx, EVE, "a boat")

    assert await find(tx, "boat") == []


async def test_what_one_wrote_is_named_in_likes_or_keeps_is_found(tx):
    own = await write(tx, ALICE, "a boat", visibility="direct")
    naming = await write(tx, EVE, "a boat", mentioned=[Mentioned(ALICE.uri, "@alice")], visibility="direct")
    liked, kept = await write(tx, EVE, "a boat"), await write(tx, EVE, "a boat")
    await reactions.add(tx, Reaction(1, LIKE, ALICE.id, liked.id, "l", 1))
    await bookmarks.add(tx, id=1, actor_id=ALICE.id, post_id=kept.id, at=1)

    assert await find(tx, "boat") == [kept.id, liked.id, naming.id, own.id]


async def test_whoever_is_blocked_is_not_found(tx):
    await write(tx, BOB, "a boat")
    await follows.block(tx, id=1, actor_id=BOB.id, target_id=ALICE.id, uri="b", at=1)

    assert await find(tx, "boat") == []
    assert await people(tx, "bob") == []


async def test_posts_of_one_author_and_of_the_next_page_are_found(tx):
    first, second = await write(tx, BOB, "a boat"), await write(tx, BOB, "a boat")
    own = await write(tx, ALICE, "a boat")

    assert await find(tx, "boat", author_id=BOB.id) == [second.id, first.id]
    assert await find(tx, "boat", limit=1) == [own.id]
    assert await find(tx, "boat", before=own.id, limit=1) == [second.id]


async def test_common_words_are_judged_in_steps(tx):
    for _ in range(search.JUDGED_AT_ONCE + 5):
        await write(tx, EVE, "a boat")
    hidden_below = make_post(BOB, id=1, content_html="a boat")
    await posts.add(tx, hidden_below)
    await search.remember(tx, hidden_below)

    assert await find(tx, "boat") == [1]


async def test_a_forgotten_post_is_found_no_more(tx):
    one = await write(tx, BOB, "a boat")

    await search.forget(tx, one.id)

    assert await find(tx, "boat") == []


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", None),
        ("  ...  !", None),
        ("-boat", None),
        ("red boat", '"red" "boat"'),
        ('say "red boat"', '"say" "red boat"'),
        ('"', None),
        ("a OR b NEAR(c) NOT d*", '"a" "OR" "b" "NEAR(c)" "NOT" "d*"'),
        ("boat -sea", '("boat") NOT "sea"'),
    ],
)
def test_what_is_typed_cannot_be_read_as_an_instruction(text, match):
    assert write_match(text) == match


@pytest.mark.parametrize("text", ['a"b', "'", "(", "body:boat", "^boat", "boat\0", "{x}", "日本語", "-", "a" * 5000])
async def test_whatever_is_typed_is_answered(tx, text):
    assert await find(tx, text) == []
    assert await people(tx, text) == []


@pytest.mark.parametrize("text", ["bo", "Bob", "@bob", "@bob@remote", "builder", "the build"])
async def test_people_are_found_by_the_beginning_of_name_and_handle(tx, text):
    assert await people(tx, text) == ["bob"]


async def test_a_name_is_found_without_its_accents(tx):
    assert await people(tx, "eve") == ["eve"]


async def test_another_host_is_another_person(tx):
    assert await people(tx, "@bob@other.example") == []


async def test_a_new_name_is_found_and_the_old_one_is_not(tx):
    await actors.replace(tx, replace(BOB, name="Robert"))

    assert (await people(tx, "robert"), await people(tx, "builder")) == (["bob"], [])


async def test_whom_one_follows_comes_first_and_may_be_asked_for_alone(tx):
    other = make_actor("bobby")
    await actors.add(tx, other)
    await follows.put(tx, make(follows.Follow, id=1, follower_id=ALICE.id, followed_id=other.id, state="accepted"))

    assert await people(tx, "bo") == ["bobby", "bob"]
    assert await people(tx, "bob") == ["bob", "bobby"], "whose name it is comes before all"
    assert await people(tx, "bob", following=True) == ["bobby"]
    assert await people(tx, "bob", limit=1, offset=1) == ["bobby"]


async def test_who_is_gone_is_not_found(tx):
    await actors.mark_gone(tx, BOB.uri, at=1)
    await write(tx, BOB, "a boat")

    assert (await people(tx, "bob"), await find(tx, "boat")) == ([], [])
