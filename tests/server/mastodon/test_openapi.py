import re
from pathlib import Path
from typing import Any

import pytest

from server.mastodon import openapi
from server.mastodon.door import by_path
from server.mastodon.route import Route
from server.mastodon.routes import ROUTES
from server.oauth.scopes import KNOWN
from tests.server.mastodon.clients import Place


@pytest.fixture
async def document(place: Place) -> Any:
    return (await place.stranger.get(openapi.PATH)).json


def name_of(route: Route) -> str:
    return f"{route.method} {route.path}"


async def test_every_route_is_described(document: Any) -> None:
    described = {f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods}
    assert described == {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", name_of(route)) for route in ROUTES} | {
        f"GET {openapi.PATH}"
    }


async def test_every_operation_has_a_name_of_its_own_and_words(document: Any) -> None:
    operations = [one for methods in document["paths"].values() for one in methods.values()]
    assert len({one["operationId"] for one in operations}) == len(operations)
    assert [one["operationId"] for one in operations if not one["summary"]] == []


async def test_every_shape_that_is_named_is_there(document: Any) -> None:
    named = set(re.findall(r"#/components/schemas/([^\"']+)", str(document)))
    assert named <= set(document["components"]["schemas"])
    assert {"Account", "Status", "MediaAttachment", "Instance"} <= set(document["components"]["schemas"])


@pytest.mark.parametrize("route", ROUTES, ids=name_of)
def test_a_route_says_who_may_come(route: Route) -> None:
    assert route.scope is None or route.scope in KNOWN
    assert route.scope is not None or route.who != "app"
    if route.method != "GET":
        assert route.scope is not None, "what changes something needs a scope"
        assert route.who == "person"


def test_no_two_routes_have_one_address() -> None:
    assert sum(len(methods) for methods in by_path(ROUTES).values()) == len(ROUTES)


def test_the_documentation_names_every_route_and_no_other() -> None:
    text = (Path(__file__).resolve().parents[3] / "docs/clients.md").read_text(encoding="utf-8")
    section = text.partition("## Mastodon's API")[2].partition("\n## ")[0]
    written = {
        f"{method} {path}"
        for methods, path in re.findall(r"((?:(?:GET|POST|PUT|PATCH|DELETE) )+)`(/api/[^`]+)`", section)
        for method in methods.split()
    }
    named = {"name": "{name}", "group_key": "{key}", "emoji": "{emoji}"}
    assert written == {
        re.sub(r"<(?:\w+:)?(\w+)>", lambda found: named.get(found[1], "{id}"), name_of(route)) for route in ROUTES
    }
