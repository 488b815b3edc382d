"""T31, the rest of the matrix: pins, blocks, likes and emoji, and every spelling in which an actor is deleted."""

import pytest

from server.store.people import actors
from server.store.reading import emoji_reactions, reactions
from server.store.telling import notifications
from server.store.ties import follows
from server.store.writing import pins
from server.store.writing.posts import Post
from tests.remote_host import Person
from tests.security.conftest import Siege

KINDS = ["Like", "EmojiReact"]


@pytest.fixture
def thief(siege: Siege) -> Person:
    """Somebody on victor's own server."""
    return siege.victor.host.person("thief", featured=f"{siege.victor.host.origin}/users/thief/featured")


@pytest.fixture
def victor(siege: Siege) -> Person:
    """Victor, who has pins."""
    return siege.victor.host.person("victor", featured=f"{siege.victor.host.origin}/users/victor/featured")


def robber_of(siege: Siege, thief: Person, who: str) -> Person:
    return thief if who == "thief" else siege.mallory


async def kept(siege: Siege, author: Person) -> Post:
    """A post of somebody's that is here, as alice follows them."""
    await siege.let_follow(siege.alice, await siege.known(author))
    note = author.note("<p>mine</p>")
    await siege.send(author, author.create(note))
    post = await siege.find_post(str(note["id"]))
    assert post is not None
    return post


async def pinned(siege: Siege, owner: Person) -> int:
    known = await siege.known(owner)
    async with siege.house.database.read() as reader:
        return await pins.count(reader, known.id)


@pytest.mark.parametrize("who", ["mallory", "thief"])
@pytest.mark.parametrize("spelling", ["id", "object", "list"])
async def test_t31_nobody_else_pins_or_unpins(siege: Siege, victor: Person, thief: Person, who, spelling):
    # Given a post of victor's, which he pinned
    post = await kept(siege, victor)
    featured = str(victor.document["featured"])
    robber = robber_of(siege, thief, who)
    target = {"id": featured, "object": {"id": featured, "type": "Collection"}, "list": [featured]}
    named = {"id": featured, "object": target["object"], "list": target["list"]}[spelling]
    await siege.send(robber, robber.activity("Add", post.uri, target=named))
    assert await pinned(siege, victor) == 0
    await siege.send(victor, victor.activity("Add", post.uri, target=featured))
    assert await pinned(siege, victor) == 1

    # When somebody else takes the pin out
    await siege.send(robber, robber.activity("Remove", post.uri, target=named))

    # Then it is there
    assert await pinned(siege, victor) == 1


@pytest.mark.parametrize("who", ["mallory", "thief"])
async def test_t31_nobody_pins_what_is_anothers_among_their_own(siege: Siege, victor: Person, thief: Person, who):
    post, robber = await kept(siege, victor), robber_of(siege, thief, who)
    own = str(robber.document.get("featured") or f"{robber.uri}/featured")

    await siege.send(robber, robber.activity("Add", post.uri, target=own))

    assert await pinned(siege, robber) == 0


@pytest.mark.parametrize("target", ["/users/victor/followers", "/users/victor/outbox", "/users/victor", None])
async def test_t31_nothing_but_the_pins_is_added_to(siege: Siege, victor: Person, target):
    post = await kept(siege, victor)
    more = {"target": victor.host.origin + target} if target else {}

    await siege.send(victor, victor.activity("Add", post.uri, **more))

    assert await pinned(siege, victor) == 0


async def block_of(siege: Siege, blocker: Person) -> bool:
    known = await siege.known(blocker)
    async with siege.house.database.read() as reader:
        return await follows.is_blocked(reader, by=known.id, actor_id=siege.alice.id)


@pytest.mark.parametrize("who", ["mallory", "thief"])
async def test_t31_a_block_is_its_own_actors_and_ends_nobody_elses_follow(siege: Siege, victor: Person, thief, who):
    # Given that victor and alice follow each other
    known = await siege.known(victor)
    await siege.let_follow(siege.alice, known)
    await siege.let_follow(known, siege.alice)
    robber = robber_of(siege, thief, who)

    # When somebody else sends a Block that seems to be his
    for more in ({}, {"attributedTo": victor.uri}):
        await siege.send(robber, robber.activity("Block", siege.alice.uri, **more))
    await siege.send(robber, robber.activity("Block", siege.alice.uri) | {"actor": victor.uri})

    # Then it is theirs alone
    assert await block_of(siege, victor) is False
    async with siege.house.database.read() as reader:
        assert await follows.follows_accepted(reader, siege.alice.id, known.id)
        assert await follows.follows_accepted(reader, known.id, siege.alice.id)


@pytest.mark.parametrize("who", ["mallory", "thief"])
@pytest.mark.parametrize("spelling", ["id", "copy", "forged"])
async def test_t31_nobody_else_takes_back_a_block(siege: Siege, victor: Person, thief: Person, who, spelling):
    block = victor.activity("Block", siege.alice.uri)
    await siege.send(victor, block)
    assert await block_of(siege, victor)
    robber = robber_of(siege, thief, who)
    object = {"id": block["id"], "copy": block, "forged": block | {"actor": robber.uri}}[spelling]

    await siege.send(robber, robber.activity("Undo", object))

    assert await block_of(siege, victor)


async def test_t31_a_block_of_somebody_elsewhere_changes_nothing(siege: Siege, victor: Person):
    known = await siege.known(victor)
    await siege.let_follow(siege.alice, known)
    await siege.send(siege.mallory, siege.mallory.activity("Block", victor.uri))

    mallory = await siege.known(siege.mallory)
    async with siege.house.database.read() as reader:
        assert not await follows.is_blocked(reader, by=mallory.id, actor_id=known.id)


async def given(siege: Siege, post: Post) -> tuple[int, int]:
    """(likes, emoji) of a post."""
    async with siege.house.database.read() as reader:
        emoji = await emoji_reactions.list_of_post(reader, post.id, limit=99)
    now = await siege.find_post(post.uri)
    assert now is not None
    return now.likes_count, len(emoji)


def reaction(kind: str, who: Person, post_uri: str, **more: object) -> dict[str, object]:
    return who.activity(kind, post_uri, **({"content": "🎨"} if kind == "EmojiReact" else {}), **more)


@pytest.mark.parametrize("kind", KINDS)
async def test_t31_who_is_blocked_gives_nothing(siege: Siege, kind):
    post, mallory = await siege.publish(), await siege.known(siege.mallory)
    async with siege.house.database.write() as tx:
        uri = f"{siege.alice.uri}#block"
        await follows.block(tx, id=1, actor_id=siege.alice.id, target_id=mallory.id, uri=uri, at=1)

    await siege.send(siege.mallory, reaction(kind, siege.mallory, post.uri))

    assert await given(siege, post) == (0, 0)
    async with siege.house.database.read() as reader:
        assert await notifications.list_of_actor(reader, siege.alice.id) == []


@pytest.mark.parametrize("kind", KINDS)
async def test_t31_a_reaction_is_counted_for_its_signer_whatever_it_says_inside(siege: Siege, victor: Person, kind):
    post = await siege.publish()
    mallory = siege.mallory
    for more in ({"attributedTo": victor.uri}, {"object": {"id": post.uri, "attributedTo": mallory.uri}}):
        await siege.send(mallory, reaction(kind, mallory, post.uri) | more)
    await siege.send(mallory, reaction(kind, mallory, post.uri) | {"actor": victor.uri})
    await siege.send(mallory, reaction(kind, mallory, post.uri) | {"actor": [mallory.uri, victor.uri]})

    assert await given(siege, post) == ((1, 0) if kind == "Like" else (0, 1))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("who", ["mallory", "thief"])
@pytest.mark.parametrize("spelling", ["id", "copy", "forged"])
async def test_t31_nobody_else_takes_a_reaction_back(siege: Siege, victor: Person, thief, kind, who, spelling):
    post = await siege.publish()
    said = reaction(kind, victor, post.uri)
    await siege.send(victor, said)
    before = await given(siege, post)
    assert sum(before) == 1
    robber = robber_of(siege, thief, who)
    object = {"id": said["id"], "copy": said, "forged": said | {"actor": robber.uri}}[spelling]

    await siege.send(robber, robber.activity("Undo", object))

    assert await given(siege, post) == before


@pytest.mark.parametrize("kind", KINDS)
async def test_t31_an_id_that_was_used_carries_no_second_reaction(siege: Siege, victor: Person, thief: Person, kind):
    post = await siege.publish()
    said = reaction(kind, victor, post.uri)
    await siege.send(victor, said)
    before = await given(siege, post)

    await siege.send(thief, reaction(kind, thief, post.uri, id=str(said["id"])))

    assert await given(siege, post) == before
    async with siege.house.database.read() as reader:
        found = (
            await reactions.find_by_uri(reader, str(said["id"]))
            if kind == "Like"
            else await emoji_reactions.find_by_uri(reader, str(said["id"]))
        )
        owner = await actors.find(reader, found.actor_id) if found else None
    assert owner is not None and owner.uri == victor.uri


def deletions(victim: str, by: str) -> list[dict[str, object]]:
    """Every way of saying that somebody is gone, in the name of `by`."""
    return [
        {"actor": by, "object": victim},
        {"actor": by, "object": [victim]},
        {"actor": by, "object": {"id": victim}},
        {"actor": by, "object": {"id": victim, "type": "Person"}},
        {"actor": by, "object": {"id": victim, "type": "Tombstone", "formerType": "Person"}},
        {"actor": by, "object": {"id": victim, "type": "Person", "attributedTo": by, "actor": by}},
        {"actor": {"id": by, "type": "Person"}, "object": victim},
        {"actor": [by], "object": victim},
        {"actor": {"id": by}, "object": {"id": victim, "type": "Person"}},
    ]


def false_names(victim: str, by: str) -> list[dict[str, object]]:
    """The same in the name of the victim, or half in it."""
    return [
        {"actor": victim, "object": victim},
        {"actor": {"id": victim}, "object": victim},
        {"actor": [victim], "object": victim},
        {"actor": [by, victim], "object": victim},
        {"actor": [victim, by], "object": victim},
        {"actor": {"id": victim, "publicKey": {"owner": by}}, "object": victim},
        {"actor": {"id": by, "sameAs": victim}, "object": victim},
    ]


@pytest.mark.parametrize("number", range(16))
@pytest.mark.parametrize("who", ["mallory", "thief"])
async def test_t31_nobody_deletes_another_actor_in_any_spelling(siege: Siege, victor: Person, thief, who, number):
    await siege.known(victor)
    robber = robber_of(siege, thief, who)
    said = [*deletions(victor.uri, robber.uri), *false_names(victor.uri, robber.uri)][number]

    await siege.send(robber, robber.activity("Delete", "x") | said)

    known = await siege.actor(victor.uri)
    assert known is not None and known.gone_at is None


@pytest.mark.parametrize("number", range(9))
async def test_t31_somebody_who_leaves_may_say_it_in_every_spelling(siege: Siege, victor: Person, number):
    await siege.known(victor)
    said = deletions(victor.uri, victor.uri)[number]

    assert await siege.send(victor, victor.activity("Delete", "x") | said) == 202

    known = await siege.actor(victor.uri)
    assert known is not None and known.gone_at is not None


def test_t31_the_numbers_above_are_all_spellings():
    assert len(deletions("x", "y")) == 9 and len(false_names("x", "y")) == 7
