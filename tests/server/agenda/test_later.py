"""The job that publishes later: who is named is looked up then, and running twice is harmless."""

from server.ids import MICROSECONDS, iso


async def plan(desk, text):
    when = iso(desk.house.clock.now() + 600 * MICROSECONDS)
    return (await desk.app.post("/api/v1/statuses", json={"status": text, "scheduled_at": when})).json


async def test_who_is_named_is_told_when_it_comes_out(desk):
    await plan(desk, "hello @ben and @bob@remote.example")
    assert await desk.told(desk.ben) == []

    await desk.wait(601)

    assert await desk.told(desk.ben) == ["mention"]
    assert len(desk.received("Create")) == 1


async def test_a_wish_for_a_picture_can_wait_too(desk):
    await plan(desk, "/paint a red boat #sea")

    await desk.wait(601)

    (shown,) = (await desk.app.get(f"/api/v1/accounts/{desk.alice.id}/statuses")).json
    assert shown["pinxit"]["prompt"] == "a red boat"
    assert len(shown["media_attachments"]) == 1


async def test_running_twice_publishes_once(desk):
    kept = await plan(desk, "hello")
    await desk.wait(601)

    async with desk.house.database.write() as tx:
        await desk.site.queue.enqueue(tx, "publish_later", {"scheduled": int(kept["id"])})
    await desk.settle()

    assert len((await desk.app.get(f"/api/v1/accounts/{desk.alice.id}/statuses")).json) == 1
