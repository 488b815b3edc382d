"""Who may come in, for every route: strangers, tokens without the scope, apps that speak for nobody (T56)."""

import re

import pytest

from server.mastodon.limits import LIMITS
from server.mastodon.route import FORM_BYTES_AT_MOST, Route
from server.mastodon.routes import ROUTES
from server.passwords import hash_token
from server.store.clients import tokens
from server.store.clients.tokens import AppToken
from tests.fakes import FakeClock
from tests.server.mastodon.clients import Client, Place

# One that covers no route's scope.
USELESS = "admin:read:ip_blocks"


async def ask(place: Place, client: Client, route: Route) -> int:
    clock = place.exhibition.site.clock
    assert isinstance(clock, FakeClock)
    clock.advance(LIMITS["address"][1])
    return (await client.ask(route.method, re.sub(r"<[^>]+>", "1", route.path))).status


async def test_a_stranger_comes_in_nowhere_but_where_anyone_may(place: Place) -> None:
    let_in = [one.path for one in ROUTES if one.who != "anyone" and await ask(place, place.stranger, one) != 401]
    assert let_in == []


async def test_a_token_without_the_scope_is_refused_everywhere(place: Place) -> None:
    client = await place.client(await place.exhibition.person("alice"), USELESS)
    let_in = [one.path for one in ROUTES if one.scope is not None and await ask(place, client, one) != 403]
    assert let_in == []


async def test_an_app_that_speaks_for_nobody_is_no_person(place: Place) -> None:
    site = place.exhibition.site
    async with place.exhibition.services.database.write() as tx:
        now, never = site.clock.now(), 1 << 62
        await tokens.add_app(tx, AppToken(hash_token("app"), "client", "read write follow push profile", now, never))
    client = Client(place.exhibition.app, "app")
    let_in = [one.path for one in ROUTES if one.who == "person" and await ask(place, client, one) != 422]
    assert let_in == []


async def test_a_person_is_let_in_where_persons_may(place: Place) -> None:
    client = await place.client(await place.exhibition.person("alice"))
    shut_out = [one.path for one in ROUTES if one.method == "GET" and "stream" not in one.path]
    found = {path: (await client.get(re.sub(r"<[^>]+>", "1", path))).status for path in shut_out[:40]}
    assert {path for path, status in found.items() if status in (401, 403, 405, 500)} == set()


@pytest.mark.parametrize("path", ["/api/v1/lists", "/api/v2/filters"])
async def test_a_body_that_is_too_large_is_refused(place: Place, path: str) -> None:
    client = await place.client(await place.exhibition.person("alice"))
    body = b"title=" + b"x" * FORM_BYTES_AT_MOST
    answer = await client.ask("POST", path, data=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status == 413 and "error" in answer.json


async def test_lists_are_paged_only_so_often(place: Place) -> None:
    client = await place.client(await place.exhibition.person("alice"))
    for _ in range(LIMITS["paging"][0]):
        await client.get("/api/v1/timelines/public", {"max_id": "5"})
    answer = await client.get("/api/v1/timelines/public", {"max_id": "5"})
    assert answer.status == 429 and "Retry-After" in answer.headers
