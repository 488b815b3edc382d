"""Posts that peers pin, with Add and Remove: theirs alone, in their own collection."""

from server.store.writing import pins


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
