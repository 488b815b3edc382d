"""Posts that peers pin, with Add and Remove: theirs alone, in their own collection."""

from server.actions.ties.follow_tag import FEATURED_BY_PEER
from server.store.writing import pins, tags


async def pinned(street, person):
    owner = await street.known(person)
    async with street.house.database.read() as reader:
        return [post.uri for post in await pins.list_of_actor(reader, owner.id)]


async def a_post(street, person):
    """A post that we have, as alice follows who wrote it."""
    note = person.note()
    await street.follow(person)
    await street.arrive(person, person.create(note))
    return note["id"]


def feature(person, type, uri, target=None):
    return person.activity(type, uri, target=target or f"{person.uri}/featured")


async def featuring(street, name="frida"):
    """Somebody whose actor names a featured collection."""
    origin = street.bob.host.origin
    return street.bob.host.person(name, featured=f"{origin}/users/{name}/featured")


async def test_a_pin_is_kept_once_and_taken_out(street):
    frida = await featuring(street)
    uri = await a_post(street, frida)

    assert await street.arrive(frida, feature(frida, "Add", uri)) == "pinned"
    assert await street.arrive(frida, feature(frida, "Add", uri)) == "known"
    assert await pinned(street, frida) == [uri]

    assert await street.arrive(frida, feature(frida, "Remove", uri)) == "unpinned"
    assert await street.arrive(frida, feature(frida, "Remove", uri)) == "was not pinned"
    assert await pinned(street, frida) == []


async def test_another_collection_than_their_own_is_refused(street):
    frida = await featuring(street)
    uri = await a_post(street, frida)

    outcome = await street.arrive(frida, feature(frida, "Add", uri, target=f"{street.alice.uri}/featured"))

    assert outcome.startswith("refused: ")
    assert await pinned(street, frida) == []


async def test_others_posts_and_unknown_ones_are_not_pinned(street):
    frida = await featuring(street)
    theirs = await a_post(street, street.bob)

    for uri in (theirs, f"{frida.uri}/notes/nowhere"):
        assert (await street.arrive(frida, feature(frida, "Add", uri))).startswith("ignored: ")
    assert await pinned(street, frida) == []


async def test_nobody_pins_without_end(street):
    frida = await featuring(street)
    await street.follow(frida)
    for _ in range(21):
        note = frida.note()
        await street.arrive(frida, frida.create(note))
        await street.arrive(frida, feature(frida, "Add", note["id"]))

    assert len(await pinned(street, frida)) == 20


async def tagged(street, person):
    owner = await street.known(person)
    async with street.house.database.read() as reader:
        return [one.name for one in await tags.list_featured(reader, owner.id)]


async def tagging(street, name="tessa", **changes):
    """Somebody whose actor names a collection of hashtags."""
    origin = street.bob.host.origin
    return street.bob.host.person(name, featuredTags=f"{origin}/users/{name}/tags", **changes)


def hashtag(name="#Boats"):
    return {"type": "Hashtag", "href": "https://remote.example/tags/boats", "name": name}


async def test_s52_a_hashtag_on_a_profile_is_kept_once_and_taken_off(street):
    tessa = await tagging(street)
    add = {"target": f"{tessa.uri}/tags"}

    assert await street.arrive(tessa, tessa.activity("Add", hashtag(), **add)) == "featured"
    assert await street.arrive(tessa, tessa.activity("Add", hashtag("#boats"), **add)) == "known"
    assert await tagged(street, tessa) == ["boats"]

    assert await street.arrive(tessa, tessa.activity("Remove", hashtag(), **add)) == "taken off"
    assert await tagged(street, tessa) == []


async def test_t53_a_profile_has_only_so_many_hashtags_and_no_nonsense(street):
    tessa = await tagging(street)
    for number in range(FEATURED_BY_PEER + 3):
        await street.arrive(tessa, tessa.activity("Add", hashtag(f"#boat{number}"), target=f"{tessa.uri}/tags"))
    for odd in (hashtag("#<b>"), hashtag("123"), {"type": "Note", "name": "#x"}):
        outcome = await street.arrive(tessa, tessa.activity("Add", odd, target=f"{tessa.uri}/tags"))
        assert outcome.startswith(("ignored: ", "refused: "))
    assert len(await tagged(street, tessa)) == FEATURED_BY_PEER


async def test_nobody_puts_hashtags_on_anothers_profile(street):
    tessa, mia = await tagging(street), await tagging(street, "mia")
    await street.known(tessa)

    outcome = await street.arrive(mia, mia.activity("Add", hashtag(), target=f"{tessa.uri}/tags"))

    assert outcome.startswith("refused: ") and await tagged(street, tessa) == []
