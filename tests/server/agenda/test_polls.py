"""The job of polls: a peer that is silent is asked again, and one that gives more time has it."""

from server.actions.network.look_up import POLL_AGAIN_SECONDS, ask_poll
from server.ids import MICROSECONDS, iso
from server.store.writing import posts
from tests.remote_host import Shown


async def bobs_poll(desk):
    """A poll of bob's, for an hour, in which alice voted."""
    question = desk.person.note(
        "<p>where?</p>",
        tag=[{"type": "Mention", "href": desk.alice.uri, "name": "@alice"}],
        type="Question",
        oneOf=[{"type": "Note", "name": "sea"}, {"type": "Note", "name": "hills"}],
        endTime=iso(desk.house.clock.now() + 3600 * MICROSECONDS),
    )
    await desk.person.send(desk.person.create(question), desk.alice.inbox)
    await desk.settle()
    (note,) = (await desk.app.get("/api/v1/notifications")).json
    await desk.app.post(f"/api/v1/polls/{note['status']['id']}/votes", json={"choices": [0]})
    await desk.settle()
    return question, question["id"].removeprefix(desk.person.host.origin)


async def test_a_silent_peer_is_asked_again_before_the_end_is_told(desk):
    question, path = await bobs_poll(desk)
    desk.person.host.show_raw(path, Shown(b"", 503))
    await desk.wait(3601)
    assert await desk.told(desk.alice) == ["mention"]

    desk.person.host.show(path, question | {"closed": question["endTime"]})
    await desk.wait(600)

    assert await desk.told(desk.alice) == ["mention", "poll"]


async def test_a_poll_that_was_given_more_time_ends_later(desk):
    question, path = await bobs_poll(desk)
    later = iso(desk.house.clock.now() + 7200 * MICROSECONDS)
    desk.person.host.show(path, question | {"endTime": later})

    await desk.wait(3601)
    assert await desk.told(desk.alice) == ["mention"]
    await desk.wait(3700)

    assert await desk.told(desk.alice) == ["mention", "poll"]


async def test_a_poll_that_was_deleted_meanwhile_is_told_by_nobody(desk):
    question, _ = await bobs_poll(desk)
    await desk.person.send(desk.person.activity("Delete", question["id"]), desk.alice.inbox)

    await desk.wait(7200)

    assert "poll" not in await desk.told(desk.alice)


async def test_t51_how_a_poll_stands_is_asked_once_a_minute_whoever_looks(desk):
    question, path = await bobs_poll(desk)
    async with desk.house.database.read() as reader:
        post = await posts.find_by_uri(reader, question["id"])
    before = len(desk.house.network.asked("GET"))

    async def look(seconds: int) -> int:
        await desk.wait(seconds)
        async with desk.house.database.write() as tx:
            await ask_poll(tx, desk.site, post)
        await desk.settle()
        return len(desk.house.network.asked("GET")) - before

    desk.person.host.show(path, question)
    assert [await look(0), await look(POLL_AGAIN_SECONDS - 1), await look(1)] == [1, 1, 2]
