"""T56: every address of the server stands in a table that says who may come, and none can be made that says nothing."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.federation import door as federation
from server.mastodon import openapi
from server.mastodon.route import Route
from server.mastodon.routes import ROUTES
from server.oauth import door as oauth
from server.web import routes as web
from server.web.visit import Route as Page
from tests.fakes import FakeClock, Network
from tests.instance import Instance, open_instance

# In no table: each answers anybody, reads only, and was thought about.
UNLISTED = {
    "/.well-known/oauth-authorization-server": "metadata",
    "/.well-known/oauth-protected-resource": "metadata",
    "/.well-known/oauth-protected-resource/<path:rest>": "metadata",
    "/api/": "404 in the shape of the client API",
    "/api/<rest:path>": "404 in the shape of the client API",
    "/assets/<version>/<path:path>": "our own files",
    "/health": "yes or no",
    "/media/<path:key>": "pictures, by the hash of their content",
    "/metrics": "numbers, for who asks from this machine",
    "/peers/<kind>/<id:number>/<name>/<size>": "copies of peers' pictures",
}
# In no table either, and asked with a token: what each wants of it is in test_scopes and in the streams' own tests.
WITH_TOKEN = {"/api/v1/streaming", "/api/v1/streaming/", "/proxy"}
# Forms that anybody may send: what is before the log-in, and what needs none.
FORMS_FOR_ALL = {"/login", "/login/code", "/login/passkey", "/remote-follow", "/theme"}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Instance]:
    async with open_instance(tmp_path, Network(), FakeClock()) as opened:
        yield opened


async def test_t56_every_address_of_the_server_is_in_a_table(house: Instance) -> None:
    mounted = {rule.rule for rule in house.app.url_map.iter_rules()}
    tables = {one.path for one in (*ROUTES, openapi.route(ROUTES))} | {one.path for one in oauth.ROUTES}
    tables |= {one.path for one in federation.routes(house.services)} | {one.path for one in web.ROUTES}
    assert mounted - tables - WITH_TOKEN == set(UNLISTED)


@pytest.mark.parametrize("path", sorted(UNLISTED))
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_t56_what_is_in_no_table_can_only_be_read(house: Instance, path: str, method: str) -> None:
    address = path.replace("<version>", "x").split("<")[0] + ("x" if "<" in path else "")
    answer = await house.network.send(method, house.origin + address, {})
    assert answer.status_code in (403, 404, 405)


@pytest.mark.parametrize("kind", [Route, Page])
def test_t56_a_route_that_says_nothing_of_who_may_come_cannot_be_made(kind: type) -> None:
    async def handler() -> None: ...

    with pytest.raises(TypeError, match=r"(scope|who)"):
        kind("GET", "/new", handler)


def test_t56_what_takes_something_at_the_federations_door_says_for_whom(house: Instance) -> None:
    for route in federation.routes(house.services):
        assert (route.takes is None) == (route.scopes == ()), route.path


def test_t56_a_form_is_for_people_unless_it_was_thought_about() -> None:
    assert {page.path for page in web.ROUTES if page.method == "POST" and page.who == "anyone"} == FORMS_FOR_ALL
