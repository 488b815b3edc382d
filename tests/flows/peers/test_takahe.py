"""Takahe: a minute of patience, ids used again, actors whose address looks like a handle."""

from activitypub.window import read_http_date
from server.ids import MICROSECONDS
from server.remote.people import find_by_handle
from tests.instance import run_jobs_until_idle
from tests.remote_host import Shown


async def test_takahe_gives_every_follow_of_two_people_one_id_and_each_is_new_after_its_undo(meet):
    visit = await meet("takahe")

    for _ in range(3):
        assert await visit.arrive(visit.word("follow")) == "accepted"
        assert await visit.followers() == [visit.them.uri]
        assert await visit.arrive(visit.word("undo")) == "undone"
        assert await visit.followers() == []

    assert len(visit.host.received("Accept")) == 3


async def test_takahe_follow_that_comes_twice_without_an_undo_is_one(meet):
    visit = await meet("takahe")

    for _ in range(2):
        await visit.arrive(visit.word("follow"))

    assert await visit.followers() == [visit.them.uri]


async def test_takahe_is_answered_in_plain_words(meet):
    """It ignores an Accept whose Follow holds a whole actor."""
    visit = await meet("takahe")
    follow = visit.word("follow")

    await visit.arrive(follow)

    (accept,) = visit.host.received("Accept")
    assert accept["object"] == {
        "id": follow["id"],
        "type": "Follow",
        "actor": visit.them.uri,
        "object": visit.anna.uri,
    }


async def test_takahe_actors_have_two_ats_and_a_slash_in_their_address(meet):
    visit = await meet("takahe")

    found = await find_by_handle(visit.house.services, "@ngaio@takahe.example")

    assert (found.uri, found.handle) == (visit.them.uri, "ngaio@takahe.example")
    assert await visit.arrive(visit.word("follow")) == "accepted"
    assert visit.host.complaints == []


async def test_takahe_wants_a_date_of_this_minute_at_every_try(meet):
    visit = await meet("takahe")
    visit.host.answers = [Shown(b"", 502)]
    await visit.arrive(visit.word("follow"))

    visit.house.clock.advance(600)
    await run_jobs_until_idle(visit.house)

    dates = [read_http_date(one.headers["date"]) for one in visit.host.inbox]
    assert dates[1] - dates[0] == 600
    assert dates[1] == visit.house.clock.now() // MICROSECONDS
    assert visit.host.complaints == []


async def test_takahe_accepts_our_follow(meet):
    visit = await meet("takahe")
    ours = await visit.ask_to_follow()
    accept = visit.word("accept")

    assert await visit.arrive(accept | {"object": accept["object"] | {"id": ours}}) == "accepted"
    assert await visit.state() == "accepted"


async def test_takahe_boosts_to_the_public_by_its_short_name(meet):
    visit = await meet("takahe")
    post = await visit.publish()

    assert await visit.arrive(visit.word("announce", about=post)) == "announced"
    assert (await visit.post(post.uri)).shares_count == 1


async def test_takahe_uses_the_id_of_a_like_again(meet):
    visit = await meet("takahe")
    post = await visit.publish()
    like = visit.word("like", about=post)
    undo = visit.them.activity("Undo", like, id=f"{like['id']}#undo")

    for _ in range(2):
        assert await visit.arrive(like) == "liked"
        assert await visit.arrive(undo) == "undone"

    assert (await visit.post(post.uri)).likes_count == 0
