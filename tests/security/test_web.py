"""Classes A, I and K at the pages: odd addresses, guessing, and whose word counts. All through the real app."""

import asyncio
import time

import pytest

from tests.security.conftest import Siege
from tests.server.web.conftest import exhibition, outside, visitor  # noqa: F401 - fixtures
from tests.server.web.exhibition import Exhibition, Visitor

PAGE = "text/html"
HUGE = str(1 << 63)


@pytest.mark.parametrize(
    "path",
    [
        f"/@alice/{HUGE}",
        f"/@alice/{'9' * 400}",
        f"/?before={HUGE}",
        f"/@alice?before={HUGE}",
        f"/tags/x?before={HUGE}",
        "/?before=%00",
        "/?before=-1",
        "/?before=²",
        f"/users/alice/posts/{HUGE}",
        f"/users/alice/activities/{HUGE}",
        f"/users/alice/outbox?page=true&before={HUGE}",
        f"/users/alice/posts/1/replies?page=true&after={HUGE}",
        "/users/%00",
        "/users/alice%00",
        "/users/..%2f..%2fetc",
        "/@%2e%2e",
        "/@alice%0d%0aSet-Cookie:%20x=y",
        "/tags/%ff%00",
        "/remote-follow?uri=https://pinxit.example/%00",
        "/.well-known/webfinger?resource=%ff",
        "/.well-known/webfinger?resource=acct:alice%00@pinxit.example",
        "/.well-known/webfinger?resource=acct:" + "a" * 5000 + "@pinxit.example",
        "/media/../../pinxit.db",
        "/media/%2e%2e/%2e%2e/pinxit.db",
        "/assets/x/..%2f..%2fdoor.py",
        "/assets/x/%00",
        "/nodeinfo/2.1?x=" + "a" * 5000,
    ],
)
async def test_no_address_breaks_anything_or_leads_out(siege: Siege, path):
    for accept in (PAGE, "application/activity+json"):
        answer = await siege.get(path, accept=accept)
        assert answer.status_code in (200, 302, 303, 400, 404, 406, 422)
        assert "set-cookie" not in answer.headers
        assert b"SQLite" not in answer.content and b"def register" not in answer.content
        where = answer.headers.get("location", "/")
        assert where.startswith(("/", siege.origin + "/")) and not where.startswith("//")


@pytest.mark.parametrize("path", ["/create/{}", "/create/{}/events", "/create/{}/preview", "/posts/{}/edit"])
async def test_a_number_that_is_too_large_is_nothing_for_people_either(exhibition: Exhibition, visitor: Visitor, path):  # noqa: F811
    await exhibition.person("alice")
    await visitor.enter("alice")

    assert (await visitor.get(path.format(HUGE))).status == 404
    await visitor.get("/about")
    assert (await visitor.get("/notifications?before=" + HUGE)).status == 200
    assert (await visitor.get("/home?before=" + HUGE)).status == 200


@pytest.mark.parametrize("path", ["/assets/x//a.css", "/assets//x/a.css", "//about", "/@alice//1"])
async def test_no_redirect_is_built_from_what_the_request_calls_our_host(siege: Siege, path):
    answer = await siege.get(path, accept=PAGE, headers={"host": "evil.example"})

    assert "evil.example" not in answer.headers.get("location", "") and b"evil.example" not in answer.content


@pytest.mark.parametrize("back", ["//evil.example", "/\\evil.example", "https://evil.example", "/é", "/日本", "/\x85x"])
async def test_nobody_is_led_astray_by_a_form(exhibition: Exhibition, visitor: Visitor, back):  # noqa: F811
    await visitor.get("/about")

    page = await visitor.submit("/theme", theme="dark", back=back)

    assert page.status == 303 and page.location.startswith("/") and page.location.isascii()
    assert not page.location.startswith(("//", "/\\"))


async def test_t63_guessing_at_once_is_no_way_around_the_brake(exhibition: Exhibition, visitor: Visitor):  # noqa: F811
    # Given many guesses that come in the same moment
    await exhibition.person("alice")
    await visitor.get("/login")
    form = {"name": "alice", "password": "wrong", "next": "/", "token": _token(visitor.page.text)}
    visitors = [Visitor(exhibition) for _ in range(30)]

    pages = await asyncio.gather(*(one.post("/login", form, {"Sec-Fetch-Site": "same-origin"}) for one in visitors))

    # Then no more are looked at than one after the other
    assert sum(page.status == 422 for page in pages) <= 10
    assert sum(page.status == 429 for page in pages) >= 20


async def test_t63_a_name_that_nobody_has_costs_as_much_to_try(exhibition: Exhibition, visitor: Visitor):  # noqa: F811
    # Given the work of this process, which others on the machine do not lengthen
    await exhibition.person("alice")
    await visitor.get("/login")
    form = {"password": "wrong", "next": "/", "token": _token(visitor.page.text)}

    async def cost(name: str) -> float:
        before = time.process_time()
        page = await visitor.post("/login", form | {"name": name}, {"Sec-Fetch-Site": "same-origin"})
        assert page.status == 422
        return time.process_time() - before

    # The first makes what is looked at where there is no account
    await cost("nobody")

    known, unknown = [min([await cost(name) for _ in range(3)]) for name in ("alice", "nobody")]
    # Without it: a fiftieth.
    assert unknown > known * 0.25


def _token(html: str) -> str:
    return html.partition('name="token" value="')[2].partition('"')[0]


async def test_t61_a_stranger_cannot_choose_the_address_that_is_slowed_down(exhibition: Exhibition, visitor: Visitor):  # noqa: F811
    # Given a proxy that adds a line of its own below the one that came with the request, as HAProxy does
    await visitor.get("/login")
    form = {"password": "wrong", "next": "/", "token": _token(visitor.page.text)}
    client = exhibition.app.test_client()
    statuses = []
    for number in range(50):
        headers = [("Sec-Fetch-Site", "same-origin"), ("X-Forwarded-For", f"198.51.100.{number}")]
        headers.append(("X-Forwarded-For", "203.0.113.9"))
        answer = await client.post(
            "/login", form=form | {"name": f"name{number}"}, headers=headers, scheme="https",
            scope_base={"client": ("127.0.0.1", 1)},
        )  # fmt: skip
        statuses.append(answer.status_code)

    assert statuses[:40] == [422] * 40 and set(statuses[40:]) == {429}


async def test_t63_the_addresses_of_one_network_share_its_tries(exhibition: Exhibition, visitor: Visitor):  # noqa: F811
    # Given somebody with a /64 of addresses, which is what every customer gets
    await visitor.get("/login")
    form = {"password": "wrong", "next": "/", "token": _token(visitor.page.text)}
    client = exhibition.app.test_client()
    statuses = []
    for number in range(50):
        headers = [("Sec-Fetch-Site", "same-origin"), ("X-Forwarded-For", f"2001:db8:1:1::{number:x}")]
        answer = await client.post(
            "/login", form=form | {"name": f"name{number}"}, headers=headers, scheme="https",
            scope_base={"client": ("127.0.0.1", 1)},
        )  # fmt: skip
        statuses.append(answer.status_code)

    assert set(statuses[40:]) == {429}


async def test_a_session_is_always_a_new_one(exhibition: Exhibition, visitor: Visitor):  # noqa: F811
    # Given a cookie that somebody else put into the browser
    await exhibition.person("alice")
    visitor.client.set_cookie("localhost", "__Host-pinxit", "chosen-by-mallory")

    entered = await visitor.log_in("alice")

    assert entered.status == 303 and "chosen-by-mallory" not in entered.headers["Set-Cookie"]
    stolen = Visitor(exhibition)
    stolen.client.set_cookie("localhost", "__Host-pinxit", "chosen-by-mallory")
    assert (await stolen.get("/home")).status == 303


async def test_metrics_name_nobody(siege: Siege):
    text = (await siege.get("/metrics")).text

    assert "alice" not in text and "example" not in text
