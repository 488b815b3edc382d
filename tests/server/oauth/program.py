"""A client program as the tests hold it: it registers, sends its person to the consent page, and asks for tokens."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import msgspec

from tests.server.web.exhibition import Exhibition, Page, Visitor

CALLBACK = "https://app.example/callback"
VERIFIER = "a-verifier-of-forty-three-letters-or-more-0123456789"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


@dataclass(frozen=True)
class Answer:
    """What a machine endpoint said."""

    status: int
    headers: Mapping[str, str]
    body: Any


@dataclass
class Program:
    """A client and the browser of the person who uses it. `sent` goes with each consent unless a test changes it."""

    exhibition: Exhibition
    visitor: Visitor
    client_id: str = ""
    secret: str | None = None
    sent: dict[str, str] = field(default_factory=dict)

    async def call(
        self,
        method: str,
        path: str,
        *,
        form: Mapping[str, str] | None = None,
        json: object = None,
        headers: Mapping[str, str] | None = None,
        address: str = "203.0.113.9",
    ) -> Answer:
        """Ask a machine endpoint; `address` is where the program runs."""
        client = self.exhibition.app.test_client()
        body = {"form": dict(form)} if form is not None else {"json": json} if json is not None else {}
        answer = await client.open(
            path,
            method=method,
            headers=dict(headers or {}),
            scheme=self.visitor.scheme,
            scope_base={"client": (address, 1)},
            **body,
        )
        data = await answer.get_data()
        value = msgspec.json.decode(data) if answer.mimetype == "application/json" and data else data
        return Answer(answer.status_code, answer.headers, value)

    async def make_app(self, **changes: object) -> Answer:
        """Register as Mastodon's apps do."""
        fields = {"client_name": "Tusk", "redirect_uris": CALLBACK, "scopes": "read write follow push"} | changes
        made = await self.call("POST", "/api/v1/apps", json=fields)
        if made.status == 200:
            self._take(made.body["client_id"], made.body["client_secret"])
        return made

    async def register(self, **changes: object) -> Answer:
        """Register by RFC 7591, as a public client that renews its tokens."""
        fields = {
            "client_name": "Brushes",
            "redirect_uris": [CALLBACK],
            "token_endpoint_auth_method": "none",
            "grant_types": ["authorization_code", "refresh_token"],
        } | changes
        made = await self.call("POST", "/oauth/register", json=fields)
        if made.status == 201:
            self._take(made.body["client_id"], made.body.get("client_secret"))
        return made

    def introduce(self, client_id: str) -> None:
        """Be a client that is its own document."""
        self._take(client_id, None)

    def _take(self, client_id: str, secret: str | None) -> None:
        self.client_id, self.secret = client_id, secret
        self.sent = {
            "client_id": client_id,
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "scope": "read write",
            "state": "a state & more",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }

    async def open_consent(self, path: str = "/oauth/authorize", **changes: str | None) -> Page:
        """Send the person to the page; None leaves a parameter out."""
        sent = {name: value for name, value in (self.sent | changes).items() if value is not None}
        return await self.visitor.get(f"{path}?{urlencode(sent)}")

    async def consent(self, decision: str = "allow", **changes: str | None) -> dict[str, str]:
        """Have the person decide, and return what comes back in the redirect."""
        page = await self.open_consent(**changes)
        assert page.status == 200, page.text
        left = await self.visitor.submit("/oauth/authorize", decision=decision)
        return read_redirect(left)

    async def ask_token(self, *, address: str = "203.0.113.9", **changes: str | None) -> Answer:
        """Ask the token endpoint."""
        known = {"client_id": self.client_id, "client_secret": self.secret}
        fields = {name: value for name, value in (known | changes).items() if value is not None}
        return await self.call("POST", "/oauth/token", form=fields, address=address)

    async def redeem(self, code: str, **changes: str | None) -> Answer:
        usual: dict[str, str | None] = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
        }
        return await self.ask_token(**(usual | changes))

    async def refresh(self, token: str, **changes: str | None) -> Answer:
        return await self.ask_token(**({"grant_type": "refresh_token", "refresh_token": token} | changes))

    async def log_in(self, **changes: str | None) -> Any:
        """Go the whole way and return the token answer."""
        code = (await self.consent(**changes))["code"]
        given = await self.redeem(code)
        assert given.status == 200, given.body
        return given.body

    async def whoami(self, token: str) -> int:
        """The status that a bearer token has at a protected address."""
        return (await self.call("GET", "/oauth/userinfo", headers={"Authorization": f"Bearer {token}"})).status


def read_redirect(page: Page) -> dict[str, str]:
    """The parameters of a redirect."""
    assert page.status == 303, page.text
    return {name: values[0] for name, values in parse_qs(urlsplit(page.location).query).items()}
