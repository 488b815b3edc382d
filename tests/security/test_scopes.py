"""T56: every route of the client doors × every kind of token, from the route tables. What declares nothing fails."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import bindparam, update

from activitypub.vocabulary import LD_MEDIA_TYPE
from server.federation import door as federation
from server.mastodon.limits import LIMITS
from server.mastodon.route import Route
from server.mastodon.routes import ROUTES
from server.oauth.scopes import KNOWN, covers, spell
from server.passwords import hash_token
from server.store.clients import tokens
from server.store.clients.tokens import AccessToken, AppToken
from server.store.people.accounts import accounts
from server.store.people.actors import Actor
from tests.fakes import FakeClock, Network
from tests.instance import Instance, open_instance
from tests.server.mastodon.clients import EVERYTHING, Client

NEVER = 1 << 62
# A stream that lets somebody in would be waited for.
pytestmark = pytest.mark.timeout(90)
# What anybody may ask without a token, and what a token needs no scope for: each line was thought about.
OPEN = {
    "GET /api/v1/accounts/<id:actor_id>/featured_tags",
    "GET /api/v1/custom_emojis",
    "GET /api/v1/directory",
    "GET /api/v1/streaming/health",
    "GET /api/v1/tags/<name>",
    "GET /api/v2/instance",
    *(f"GET /api/v1/trends{rest}" for rest in ("", "/links", "/statuses", "/tags")),
    *(f"GET /api/v1/instance{rest}" for rest in ("", "/activity", "/domain_blocks", "/extended_description")),
    *(f"GET /api/v1/instance{rest}" for rest in ("/peers", "/privacy_policy", "/rules", "/translation_languages")),
}
# Our own people read it, with any token.
ANY_TOKEN = {"GET /api/v1/announcements"}
# As on Mastodon, though the verb would say otherwise.
UNUSUAL = {
    "GET /api/v1/accounts/verify_credentials": "profile",
    "GET /api/v1/media/<id:media_id>": "write:media",
    "DELETE /api/v1/suggestions/<id:actor_id>": "read",
    **{f"{verb} /api/v1/push/subscription": "push" for verb in ("DELETE", "GET", "POST", "PUT")},
}
# What a stranger is refused at, of what is only read at the federation's door.
PRIVATE = {"/users/<name>/inbox", '/users/<name>/<any("inbox", "outbox"):box>/events'}
# What is read by a server that signs, and with no token (FEP-8fcf).
SIGNED = {"/users/<name>/followers_synchronization"}


@dataclass
class House:
    """An instance with alice and ben."""

    house: Instance
    alice: Actor
    ben: Actor

    async def token(
        self, scopes: str = EVERYTHING, *, actor: Actor | None = None, expires_at: int | None = None
    ) -> str:
        """A token of somebody's, alice's unless said otherwise."""
        token, now = f"token-{self.house.site.ids.new()}", self.house.clock.now()
        row = AccessToken(hash_token(token), (actor or self.alice).id, scopes, "test", now, expires_at=expires_at)
        async with self.house.database.write() as tx:
            await tokens.add(tx, row)
        return token

    async def ask(self, token: str | None, method: str, path: str) -> int:
        """The status that a request has, long after the last one."""
        self.house.clock.advance(LIMITS["address"][1])
        headers = {"Content-Type": LD_MEDIA_TYPE} if path.startswith(("/users", "/uploads", "/proxy")) else {}
        data = {"data": b"{}"} if method == "POST" and headers else {}
        answer = await Client(self.house.app, token).ask(method, fill(path), headers=headers, **data)  # type: ignore[arg-type]
        return answer.status

    async def bad_tokens(self) -> dict[str, str]:
        """Tokens that were good once, or never."""
        now = self.house.clock.now()
        revoked, suspended = await self.token(), await self.token(actor=self.ben)
        async with self.house.database.write() as tx:
            await tokens.revoke(tx, hash_token(revoked), at=now)
            await tx.run(
                update(accounts).where(accounts.c.actor_id == bindparam("who")).values(suspended_at=now),
                who=self.ben.id,
            )
            await tokens.add_app(tx, AppToken(hash_token("old app"), "client", EVERYTHING, now, now))
        return {
            "revoked": revoked,
            "of somebody suspended": suspended,
            "expired": await self.token(expires_at=now),
            "of an app, expired": "old app",
            "unknown": "nonsense",
        }

    async def app_token(self) -> str:
        """With which an app speaks for itself."""
        async with self.house.database.write() as tx:
            await tokens.add_app(tx, AppToken(hash_token("app"), "client", EVERYTHING, self.house.clock.now(), NEVER))
        return "app"

    def handed_in(self) -> list[federation.Route]:
        """The addresses of the federation's door to which clients post."""
        return [route for route in federation.routes(self.house.services) if route.takes is not None]


def fill(path: str) -> str:
    """An address of the table, of alice's where it is somebody's."""
    path = path.replace("<name>", "alice").replace('<any("inbox", "outbox"):box>', "inbox")
    return re.sub(r'<any\("([^"]*)".*?>', r"\1", path) if "<any" in path else re.sub(r"<[^>]+>", "1", path)


def name(route: Route) -> str:
    return f"{route.method} {route.path}"


def everything_but(*needed: str) -> str:
    """All scopes that there are without those that would do."""
    return spell(scope for scope in KNOWN if not any(covers(frozenset({scope}), one) for one in needed))


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_instance(tmp_path, Network(), FakeClock()) as opened:
        yield House(opened, await opened.register("alice"), await opened.register("ben"))


def test_t56_every_route_says_who_may_and_what_for() -> None:
    assert {name(one) for one in ROUTES if one.who == "anyone" and one.scope is None} == OPEN
    assert {name(one) for one in ROUTES if one.who != "anyone" and one.scope is None} == ANY_TOKEN
    assert {one.scope for one in ROUTES} - KNOWN == {None}


def test_t56_what_changes_something_needs_a_person_and_a_scope_to_write() -> None:
    for route in ROUTES:
        wanted = UNUSUAL.get(name(route))
        if wanted is not None:
            assert route.scope == wanted
        elif route.method == "GET":
            assert route.scope is None or route.scope.partition(":")[0] == "read", name(route)
        else:
            assert route.scope is not None and route.scope.startswith("write:"), name(route)
        assert route.method == "GET" or route.who == "person", name(route)


async def test_t56_all_other_scopes_together_open_no_route(house: House) -> None:
    let_in = []
    for needed in sorted({one.scope for one in ROUTES if one.scope is not None}):
        token = await house.token(everything_but(needed))
        for route in ROUTES:
            if route.scope == needed and await house.ask(token, route.method, route.path) != 403:
                let_in.append(name(route))
    assert let_in == []


async def test_t56_a_token_that_is_not_good_opens_no_route(house: House) -> None:
    bad = await house.bad_tokens()
    let_in = [
        (kind, name(route))
        for kind, token in bad.items()
        for route in ROUTES
        if await house.ask(token, route.method, route.path) != 401
    ]
    assert let_in == []


async def test_t56_a_token_that_is_not_good_reads_no_document_either(house: House) -> None:
    bad = await house.bad_tokens()
    let_in = []
    for route in federation.routes(house.house.services):
        for kind, token in bad.items():
            for method in ("GET", *(["POST"] if route.takes is not None else [])):
                if await house.ask(token, method, route.path) != 401:
                    let_in.append((kind, method, route.path))
    assert let_in == []


async def test_t56_all_other_scopes_together_hand_in_nothing(house: House) -> None:
    routes = house.handed_in()
    assert {one.path for one in routes} == {"/users/<name>/outbox", "/uploads"}
    app = await house.app_token()
    for route in routes:
        assert route.scopes
        assert await house.ask(await house.token(everything_but(*route.scopes)), "POST", route.path) == 403
        assert await house.ask(app, "POST", route.path) == 403
        assert await house.ask(None, "POST", route.path) == 401
    assert await house.ask(None, "POST", "/proxy") == 401
    assert await house.ask(await house.token(everything_but(*federation.PROXY_SCOPES)), "POST", "/proxy") == 403


async def test_t56_what_is_private_at_the_federations_door_is_its_owners(house: House) -> None:
    closed = [
        one.path for one in federation.routes(house.house.services) if await house.ask(None, "GET", one.path) == 401
    ]
    assert set(closed) == PRIVATE | SIGNED
    for token in (None, await house.token(), await house.token(actor=house.ben)):
        assert [await house.ask(token, "GET", path) for path in SIGNED] == [401] * len(SIGNED)
    narrow, app = await house.token(everything_but("activitypub:read:me:inbox")), await house.app_token()
    bens = await house.token(actor=house.ben)
    for path in PRIVATE:
        assert [await house.ask(one, "GET", path) for one in (narrow, app, bens)] == [403, 403, 403], path
    assert await house.ask(bens, "POST", "/users/<name>/outbox") == 403
