"""One request of a program: what it sent, as a form or as JSON, and which client it is. It must not grant anything."""

import hmac
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_plus

import msgspec
from quart import request

from server.brake import Brake
from server.callers import client_address
from server.oauth.errors import OAuthError
from server.passwords import hash_token
from server.services import Services
from server.site import Site
from server.store.clients import oauth
from server.store.clients.oauth import Client

VALUE_LETTERS_AT_MOST = 16_384


@dataclass(frozen=True, slots=True)
class Brakes:
    """Registrations and failures, each by the address that they come from."""

    registrations: Brake
    failures: Brake


@dataclass(frozen=True, slots=True)
class Ask:
    """A request: its fields (a text, or a list where several were sent), and the address that it comes from."""

    services: Services
    brakes: Brakes
    sent: Mapping[str, object]
    authorization: str | None
    address: str

    @property
    def site(self) -> Site:
        """The instance."""
        return self.services.site

    def text(self, name: str) -> str | None:
        """Return a field; None where it is absent or empty.

        Raises:
            OAuthError: it was sent twice, or is no text of a sane length.
        """
        value = self.sent.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str) or len(value) > VALUE_LETTERS_AT_MOST:
            raise OAuthError("invalid_request", f"{name} must be sent once, as a text.")
        return value

    def demand(self, name: str) -> str:
        """Return a field that must be there. Raises OAuthError."""
        value = self.text(name)
        if value is None:
            raise OAuthError("invalid_request", f"{name} is missing.")
        return value

    def listed(self, name: str) -> list[str]:
        """Return a field with several values: a list, or one text parted by blanks or line breaks."""
        value = self.sent.get(name, self.sent.get(f"{name}[]"))
        if isinstance(value, str):
            return value.split()
        return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []

    def fail(self, code: str, description: str, *, status: int = 400) -> OAuthError:
        """Count a failure of this address and return the refusal for it."""
        self.brakes.failures.note(self.address)
        return OAuthError(code, description, status=status)


async def read_ask(services: Services, brakes: Brakes, *, with_query: bool) -> Ask:
    """Read the current request; `with_query`: its address may carry fields too.

    Raises:
        OAuthError: its body makes no sense.
    """
    sent: dict[str, object] = {}
    if with_query:
        sent |= {name: _one_or_all(request.args.getlist(name)) for name in request.args}
    if request.is_json:
        sent |= _read_json(await request.get_data())
    else:
        form = await request.form
        sent |= {name: _one_or_all(form.getlist(name)) for name in form}
    address = client_address(request.remote_addr, ",".join(request.headers.getlist("X-Forwarded-For")))
    return Ask(services, brakes, sent, request.headers.get("Authorization"), address)


async def authenticate(ask: Ask) -> Client:
    """Return which client asks: by HTTP Basic, by fields, or, where it can keep no secret, by its id alone.

    Raises:
        OAuthError: it is not known, or its secret is wrong.
    """
    ask.brakes.failures.check(ask.address)
    basic = _read_basic(ask)
    client_id, secret = basic or (ask.demand("client_id"), ask.text("client_secret"))
    if basic and ask.text("client_id") not in (None, client_id):
        raise OAuthError("invalid_request", "Two clients are named.")
    async with ask.services.database.read() as reader:
        client = await oauth.find_client(reader, client_id)
    if client is None:
        raise ask.fail("invalid_client", "This client is not known here.", status=401)
    if client.secret_hash is not None and not hmac.compare_digest(client.secret_hash, hash_token(secret or "")):
        raise ask.fail("invalid_client", "The client's secret is wrong.", status=401)
    return client


def _read_basic(ask: Ask) -> tuple[str, str | None] | None:
    """Return id and secret from the header, each form-encoded inside it (RFC 6749, 2.3.1)."""
    scheme, _, value = (ask.authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        client_id, colon, secret = b64decode(value.strip(), validate=True).decode().partition(":")
    except (NotBase64, UnicodeDecodeError):
        raise OAuthError("invalid_request", "The Authorization header makes no sense.") from None
    if not colon or not client_id:
        raise OAuthError("invalid_request", "The Authorization header makes no sense.")
    return unquote_plus(client_id), unquote_plus(secret)


def _read_json(body: bytes | str) -> dict[str, object]:
    try:
        value = msgspec.json.decode(body or b"{}", type=dict[str, object])
    except (msgspec.DecodeError, RecursionError):
        raise OAuthError("invalid_request", "The body is no JSON object.") from None
    return {name: str(one).lower() if isinstance(one, bool) else one for name, one in value.items() if one is not None}


def _one_or_all(values: list[str]) -> object:
    return values[0] if len(values) == 1 else values
