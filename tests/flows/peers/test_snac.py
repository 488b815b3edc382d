"""snac: answers 202 before it checks, knows draft-cavage alone, covers its headers in an order of its own."""

import pytest

from server.store.network import peers

ORDER = "(request-target) host digest date"


@pytest.mark.parametrize("algorithm", ["rsa-sha256", "hs2019", None])
async def test_snac_signs_in_its_own_order(meet, algorithm):
    visit = await meet("snac")

    assert await visit.knock(visit.word("follow"), covered=ORDER, algorithm=algorithm) == 202


async def test_snac_takes_everything_and_is_sent_what_it_can_read(meet):
    """It says 202 to whatever comes: only the form that every server knows is sure to arrive."""
    visit = await meet("snac")
    await visit.arrive(visit.word("follow"))

    for number in range(3):
        await visit.publish(f"picture {number}")

    assert visit.host.complaints == []
    assert {one.verified.form for one in visit.host.inbox if one.verified} == {"cavage"}
    async with visit.house.database.read() as reader:
        known = await peers.find(reader, "snac.example")
    assert known is None or known.signature_form != "rfc9421"


async def test_snac_shows_its_actors_as_ld_json(meet):
    visit = await meet("snac")

    assert (await visit.known()).uri == visit.them.uri


async def test_snac_repeats_the_context_inside_what_it_undoes(meet):
    visit = await meet("snac")
    await visit.arrive(visit.word("follow"))
    undo = visit.word("undo")
    assert "@context" in undo["object"]

    assert await visit.arrive(undo) == "undone"
    assert await visit.followers() == []


async def test_snac_posts_are_kept(meet):
    visit = await meet("snac")
    await visit.follow()

    assert await visit.arrive(visit.word("create")) == "kept"
    assert await visit.arrive(visit.word("delete")) == "deleted"


async def test_snac_shows_no_followers_and_nobody_is_lost_by_it(meet):
    visit = await meet("snac")
    empty = {"id": f"{visit.them.uri}/followers", "type": "OrderedCollection", "totalItems": 0, "orderedItems": []}
    visit.host.show("/olaf/followers", empty)
    await visit.follow()

    assert await visit.state() == "accepted"
    assert await visit.arrive(visit.word("create")) == "kept"
