"""Posts written for later: kept with their pictures, moved, given up, published at their time and not before."""

import pytest

from server.ids import MICROSECONDS, iso


def after(desk, seconds: int) -> str:
    return iso(desk.house.clock.now() + seconds * MICROSECONDS)


async def plan(desk, seconds: int = 3600, **more):
    sent = {"status": "later", "visibility": "public", "scheduled_at": after(desk, seconds)} | more
    return await desk.app.post("/api/v1/statuses", json=sent)


async def mine(desk):
    return (await desk.app.get(f"/api/v1/accounts/{desk.alice.id}/statuses")).json


async def test_a_post_comes_out_at_its_time_and_not_before(desk):
    await desk.let_bob_follow()
    picture = await desk.upload()
    kept = (await plan(desk, spoiler_text="soon", media_ids=[picture["id"]])).json

    await desk.wait(3599)
    assert await mine(desk) == []
    await desk.wait(2)

    (published,) = await mine(desk)
    assert (published["content"], published["spoiler_text"]) == ("<p>later</p>", "soon")
    assert [one["id"] for one in published["media_attachments"]] == [picture["id"]]
    assert len(desk.received("Create")) == 1
    assert (await desk.app.get(f"/api/v1/scheduled_statuses/{kept['id']}")).status == 404


async def test_what_waits_says_what_it_will_be(desk):
    picture = await desk.upload()
    when = after(desk, 3600)

    kept = (await plan(desk, media_ids=[picture["id"]], language="de")).json

    assert kept["scheduled_at"] == when
    params = kept["params"]
    assert (params["text"], params["visibility"], params["language"]) == ("later", "public", "de")
    assert (params["media_ids"], params["poll"]) == ([picture["id"]], None)
    assert [one["id"] for one in kept["media_attachments"]] == [picture["id"]]
    assert (await desk.app.get("/api/v1/scheduled_statuses")).json == [kept]
    assert (await desk.app.get(f"/api/v1/scheduled_statuses/{kept['id']}")).json == kept


async def test_a_picture_that_waits_is_in_no_other_post_and_stays_for_days(desk):
    picture = await desk.upload()
    await plan(desk, 3 * 86_400, media_ids=[picture["id"]])

    stolen = await desk.app.post("/api/v1/statuses", json={"status": "now", "media_ids": [picture["id"]]})
    await desk.wait(3 * 86_400 + 1)

    assert stolen.status == 422
    assert len((await mine(desk))[0]["media_attachments"]) == 1


async def test_it_can_be_moved_either_way(desk):
    kept = (await plan(desk, 3600)).json
    path = f"/api/v1/scheduled_statuses/{kept['id']}"

    moved = await desk.app.put(path, json={"scheduled_at": after(desk, 7200)})
    await desk.wait(3601)
    assert await mine(desk) == []
    await desk.wait(3600)

    assert moved.json["id"] == kept["id"]
    assert len(await mine(desk)) == 1


async def test_it_can_be_given_up_and_its_picture_used(desk):
    picture = await desk.upload()
    kept = (await plan(desk, media_ids=[picture["id"]])).json

    assert (await desk.app.delete(f"/api/v1/scheduled_statuses/{kept['id']}")).json == {}
    await desk.wait(3601)

    assert await mine(desk) == []
    assert (await desk.app.get("/api/v1/scheduled_statuses")).json == []


@pytest.mark.parametrize("seconds", [1, 299, 20 * 366 * 86_400])
async def test_it_is_at_least_five_minutes_ahead_and_no_century(desk, seconds):
    assert (await plan(desk, seconds)).status == 422


async def test_a_time_that_is_past_means_now(desk):
    answer = await plan(desk, -60)

    assert answer.json["content"] == "<p>later</p>"


async def test_what_cannot_be_published_is_not_kept(desk):
    assert (await plan(desk, status="")).status == 422
    assert (await plan(desk, in_reply_to_id="123")).status == 404
    assert (await desk.app.get("/api/v1/scheduled_statuses")).json == []


async def test_a_day_takes_twenty_five(desk):
    for _ in range(25):
        assert (await plan(desk)).status == 200

    assert (await plan(desk)).status == 422
    assert (await plan(desk, 2 * 86_400)).status == 200


async def test_the_same_key_keeps_one(desk):
    sent = {"status": "later", "scheduled_at": after(desk, 3600)}
    answers = [await desk.app.post("/api/v1/statuses", json=sent, headers={"Idempotency-Key": "k"}) for _ in range(2)]

    assert answers[0].json == answers[1].json
    assert len((await desk.app.get("/api/v1/scheduled_statuses")).json) == 1


async def test_what_others_wrote_for_later_is_nobodys_business(desk):
    kept = (await plan(desk)).json
    path = f"/api/v1/scheduled_statuses/{kept['id']}"

    assert (await desk.bens_app.get(path)).status == 404
    assert (await desk.bens_app.delete(path)).status == 404
    assert (await desk.bens_app.put(path, json={"scheduled_at": after(desk, 9000)})).status == 404
    assert (await desk.bens_app.get("/api/v1/scheduled_statuses")).json == []


async def test_what_can_be_published_no_more_stays_in_the_list(desk):
    question = await desk.write("question", app=desk.bens_app, visibility="public")
    kept = (await plan(desk, in_reply_to_id=question["id"])).json
    await desk.bens_app.delete(f"/api/v1/statuses/{question['id']}")

    await desk.wait(3601)

    assert await mine(desk) == []
    assert [one["id"] for one in (await desk.app.get("/api/v1/scheduled_statuses")).json] == [kept["id"]]
