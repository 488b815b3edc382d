"""T64 and T65 at the client API: what is somebody else's is not there, by whatever id, and nothing tells that it is."""

from typing import Any

import pytest
from httpx import URL

from server.actions.ties.filters import POSTS_AT_MOST
from server.ids import MICROSECONDS, iso
from server.mastodon.limits import LIMITS
from server.remote.named import NAMED_AT_MOST
from server.store.reading import filters
from server.store.reading.filters import FilteredPost
from tests.server.mastodon.conftest import desk  # noqa: F401 - a fixture
from tests.server.mastodon.desk import Desk

ABSENT = "99"


async def made(desk: Desk) -> dict[str, str]:  # noqa: F811
    """Things of alice's, by the addresses that they have."""
    hidden = await desk.write("for followers", visibility="private")
    own = await desk.write("to myself", visibility="direct")
    poll = await desk.write("?", visibility="private", poll={"options": ["a", "b"], "expires_in": 20 * 86_400})
    picture = await desk.upload()
    when = iso(desk.house.clock.now() + 30 * 86_400 * MICROSECONDS)
    later = await desk.app.post("/api/v1/statuses", json={"status": "later", "scheduled_at": when})
    assert later.status == 200, later.json
    one = (await desk.app.post("/api/v1/lists", {"title": "mine"})).json
    filtered = (
        await desk.app.post(
            "/api/v2/filters", json={"title": "f", "context": ["home"], "keywords_attributes": [{"keyword": "x"}]}
        )
    ).json
    entry = (await desk.app.post(f"/api/v2/filters/{filtered['id']}/statuses", {"status_id": own["id"]})).json
    await desk.write("@alice hello", app=desk.bens_app)
    (notice,) = (await desk.app.get("/api/v1/notifications")).json
    talks = (await desk.app.get("/api/v1/conversations")).json
    return {
        **{f"/api/v1/statuses/{{}}{rest}": hidden["id"] for rest in POST_PATHS},
        **{f"/api/v1/polls/{{}}{rest}": poll["id"] for rest in ("", "/votes")},
        "/api/v1/media/{}": picture["id"],
        "/api/v1/scheduled_statuses/{}": later.json["id"],
        **{f"/api/v1/lists/{{}}{rest}": one["id"] for rest in ("", "/accounts")},
        "/api/v1/timelines/list/{}": one["id"],
        **{f"/api/v2/filters/{{}}{rest}": filtered["id"] for rest in ("", "/keywords", "/statuses")},
        "/api/v2/filters/keywords/{}": filtered["keywords"][0]["id"],
        "/api/v1/filters/{}": filtered["keywords"][0]["id"],
        "/api/v2/filters/statuses/{}": entry["id"],
        "/api/v1/notifications/{}": notice["id"],
        "/api/v1/notifications/{}/dismiss": notice["id"],
        "/api/v2/notifications/ungrouped-{}": notice["id"],
        **{f"/api/v1/conversations/{{}}{rest}": talks[0]["id"] for rest in ("", "/read", "/unread") if talks},
    }


POST_PATHS = (
    *("", "/context", "/source", "/history", "/favourited_by", "/reblogged_by", "/quotes", "/favourite", "/reblog"),
    *("/bookmark", "/pin", "/mute", "/interaction_policy", "/unfavourite", "/unreblog", "/unbookmark", "/unpin"),
)
BODIES: dict[str, Any] = {
    "/interaction_policy": {"quote_approval_policy": "public"},
    "/votes": {"choices": [0]},
    "/keywords": {"keyword": "y"},
    "/accounts": {"account_ids": ["1"]},
    "filters/{}/statuses": {"status_id": "1"},
    "scheduled_statuses/{}": {"scheduled_at": "2027-01-20T00:00:00Z"},
}


async def test_t64_what_is_somebody_elses_is_answered_like_what_is_absent(desk: Desk) -> None:  # noqa: F811
    told = []
    for path, number in (await made(desk)).items():
        body = next((body for end, body in BODIES.items() if path.endswith(end)), {})
        for method in ("GET", "POST", "PUT", "DELETE"):
            desk.house.clock.advance(LIMITS["delete"][1])
            answers = [
                await desk.bens_app.ask(method, path.format(one), **({} if method == "GET" else {"json": body}))
                for one in (number, ABSENT)
            ]
            if (answers[0].status, answers[0].body) != (answers[1].status, answers[1].body):
                told.append((method, path, [answer.body for answer in answers]))
            assert number not in answers[0].body.decode(), (method, path)
    assert told == []


async def test_t64_all_that_was_tried_left_everything_as_it_was(desk: Desk) -> None:  # noqa: F811
    things = await made(desk)
    before = [(await desk.app.get(path.format(number))).body for path, number in things.items()]
    for path, number in things.items():
        for method in ("POST", "PUT", "DELETE"):
            desk.house.clock.advance(LIMITS["delete"][1])
            await desk.bens_app.ask(method, path.format(number), json={"title": "x", "description": "x"})
    after = [(await desk.app.get(path.format(number))).body for path, number in things.items()]
    assert before == after


@pytest.mark.parametrize("field", ["in_reply_to_id", "quoted_status_id"])
async def test_t64_a_hidden_post_is_neither_answered_nor_quoted(desk: Desk, field: str) -> None:  # noqa: F811
    hidden = await desk.write("for followers", visibility="private")
    found, absent = [
        await desk.bens_app.post("/api/v1/statuses", json={"status": "hm", field: one}) for one in (hidden["id"], "99")
    ]
    assert (found.status, found.body) == (absent.status, absent.body)
    assert found.status == 404


async def test_t64_a_report_does_not_tell_what_there_is(desk: Desk) -> None:  # noqa: F811
    hidden = await desk.write("for followers", visibility="private")
    told = {
        (answer.status, answer.body)
        for one in (hidden["id"], "99")
        for answer in [
            await desk.bens_app.post(
                "/api/v1/reports", json={"account_id": str(desk.alice.id), "status_ids": [one], "comment": "x"}
            )
        ]
    }
    assert len(told) == 1


async def test_t55_a_filter_names_only_so_many_posts(desk: Desk) -> None:  # noqa: F811
    post = await desk.write("one")
    fields = {"title": "f", "context": ["home"]}
    one = (await desk.app.post("/api/v2/filters", json=fields)).json
    async with desk.house.database.write() as tx:
        for number in range(POSTS_AT_MOST):
            await filters.add_post(tx, FilteredPost(number + 1, int(one["id"]), number + 1))
    answer = await desk.app.post(f"/api/v2/filters/{one['id']}/statuses", {"status_id": post["id"]})
    assert answer.status == 422


async def test_t53_names_in_posts_make_us_knock_only_so_often(desk: Desk) -> None:  # noqa: F811
    """Each unknown name is a question to a server of the writer's choice."""
    network, most = desk.house.network, LIMITS["lookup"][0]
    hosts = [f"host{number}.example" for number in range(2 * most)]
    for host in hosts:
        network.connect(f"https://{host}", nobody)
    for start in range(0, len(hosts), NAMED_AT_MOST):
        names = " ".join(f"@x@{host}" for host in hosts[start : start + NAMED_AT_MOST])
        assert (await desk.app.post("/api/v1/statuses", json={"status": names})).status == 200
    knocked = {URL(one.url).host for one in network.asked("GET")} & set(hosts)
    assert len(knocked) == most


async def test_t30_a_place_of_five_thousand_digits_breaks_nothing(desk: Desk) -> None:  # noqa: F811
    answer = await desk.app.get("/api/v1/statuses", {f"id[{'9' * 5000}]": "1"})
    assert answer.status in (200, 422)
    answer = await desk.app.post("/api/v1/statuses", json={"status": "x", "media_ids": {"9" * 5000: "1"}})
    assert answer.status in (200, 422)


async def nobody(scope: Any, receive: Any, send: Any) -> None:
    """A server on which nobody is."""
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body", "body": b""})
