"""Lists through the door."""

from typing import Any

from tests.server.mastodon.crowd import Crowd

ALL = "/api/v1/lists"


async def make(crowd: Crowd, **changes: Any) -> str:
    answer = await crowd.app.post(ALL, {"title": "painters"} | changes)
    assert answer.status == 200, answer.json
    return str(answer.json["id"])


async def members(crowd: Crowd, list_id: str, **query: Any) -> list[str]:
    return [one["username"] for one in (await crowd.app.get(f"{ALL}/{list_id}/accounts", query)).json]


async def test_a_list_is_made_shown_changed_and_removed(crowd: Crowd) -> None:
    list_id = await make(crowd)
    expected = {"id": list_id, "title": "painters", "replies_policy": "list", "exclusive": False}
    assert (await crowd.app.get(ALL)).json == [expected]

    changes = {"title": "potters", "replies_policy": "none", "exclusive": "true"}
    changed = {"id": list_id, "title": "potters", "replies_policy": "none", "exclusive": True}
    assert (await crowd.app.put(f"{ALL}/{list_id}", changes)).json == changed
    assert (await crowd.app.get(f"{ALL}/{list_id}")).json == changed

    assert (await crowd.app.delete(f"{ALL}/{list_id}")).json == {}
    assert (await crowd.app.get(ALL)).json == []


async def test_a_list_needs_a_title_and_a_policy_that_there_is(crowd: Crowd) -> None:
    for wrong in ({}, {"title": " "}, {"title": "x" * 300}, {"title": "x", "replies_policy": "some"}):
        assert (await crowd.app.post(ALL, wrong)).status == 422


async def test_people_are_put_on_a_list_and_taken_off(crowd: Crowd) -> None:
    list_id = await make(crowd)
    await crowd.app.post(f"/api/v1/accounts/{crowd.ben.id}/follow")
    form = [("account_ids[]", crowd.ben.id)]

    assert (await crowd.app.post(f"{ALL}/{list_id}/accounts", form)).json == {}
    assert (await crowd.app.post(f"{ALL}/{list_id}/accounts", form)).status == 422
    assert await members(crowd, list_id) == await members(crowd, list_id, limit=0) == ["ben"]
    (found,) = (await crowd.app.get(f"/api/v1/accounts/{crowd.ben.id}/lists")).json
    assert found["id"] == list_id

    assert (await crowd.app.delete(f"{ALL}/{list_id}/accounts", form)).json == {}
    assert await members(crowd, list_id) == []


async def test_only_whom_one_follows_can_be_put_on_a_list(crowd: Crowd) -> None:
    list_id = await make(crowd)
    assert (await crowd.app.post(f"{ALL}/{list_id}/accounts", [("account_ids[]", crowd.ben.id)])).status == 404


async def test_whom_one_follows_no_more_leaves_every_list(crowd: Crowd) -> None:
    list_id = await make(crowd)
    await crowd.app.post(f"/api/v1/accounts/{crowd.ben.id}/follow")
    await crowd.app.post(f"{ALL}/{list_id}/accounts", [("account_ids[]", crowd.ben.id)])

    await crowd.app.post(f"/api/v1/accounts/{crowd.ben.id}/unfollow")

    assert await members(crowd, list_id) == []


async def test_a_list_of_another_is_not_there(crowd: Crowd) -> None:
    list_id = await make(crowd)
    for answer in (
        await crowd.bens_app.get(f"{ALL}/{list_id}"),
        await crowd.bens_app.put(f"{ALL}/{list_id}", {"title": "mine"}),
        await crowd.bens_app.delete(f"{ALL}/{list_id}"),
        await crowd.bens_app.get(f"{ALL}/{list_id}/accounts"),
        await crowd.bens_app.post(f"{ALL}/{list_id}/accounts", [("account_ids[]", crowd.ben.id)]),
    ):
        assert answer.status == 404
