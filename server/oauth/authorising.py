"""Reads a request for consent (RFC 6749 4.1.1, RFC 7636, RFC 9207) and writes the answer to it. It shows no page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from server.oauth import pkce
from server.oauth.clients import find_client
from server.oauth.errors import Refusal, Return, Unusable
from server.oauth.redirects import OUT_OF_BAND, match
from server.oauth.scopes import covers_all, parse
from server.services import Services
from server.site import Site
from server.store.clients.oauth import Client

# What a consent page carries from its address to its form, so that both are read by the same rules.
PARAMETERS = (
    *("client_id", "redirect_uri", "response_type", "response_mode", "scope", "state"),
    *("code_challenge", "code_challenge_method", "request", "request_uri"),
)
STATE_LETTERS_AT_MOST = 4000


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that a person may be shown. Its client is known, and the answer goes where the client said before."""

    client: Client
    back: Return
    scopes: frozenset[str]
    challenge: str | None

    @property
    def is_out_of_band(self) -> bool:
        """Whether the code is to be shown instead of sent."""
        return self.back.redirect_uri == OUT_OF_BAND


async def read_request(services: Services, sent: Mapping[str, str], *, before_fetch: Callable[[], None]) -> Asked:
    """Return what a client asks for; `before_fetch` is called, and may raise, before a document of its is fetched.

    Raises:
        Unusable: the client is not known, or the answer would go where it never said.
        Refusal: the client asks for something that it cannot have.
    """
    client_id, redirect_uri = sent.get("client_id", ""), sent.get("redirect_uri", "")
    if not client_id:
        raise Unusable("The app did not say which one it is.")
    client = await find_client(services, client_id, before_fetch=before_fetch)
    if not redirect_uri or not match(client.redirects, redirect_uri):
        raise Unusable("The app wants the answer at an address that it did not register.")
    if len(sent.get("state", "")) > STATE_LETTERS_AT_MOST:
        raise Unusable("The app sent more than can be sent back.")
    back = Return(redirect_uri, sent.get("state"))
    _check_form(sent, back)
    return Asked(client, back, _read_scopes(client, sent, back), _read_challenge(client, sent, back))


def answer(site: Site, back: Return, **values: str) -> str:
    """Return the address that tells the client, with `state` and `iss`."""
    told = {**values, **({"state": back.state} if back.state is not None else {}), "iss": site.origin}
    joint = "&" if "?" in back.redirect_uri else "?"
    return f"{back.redirect_uri}{joint}{urlencode(told)}"


def _check_form(sent: Mapping[str, str], back: Return) -> None:
    if "request" in sent:
        raise Refusal("request_not_supported", "Request objects are not read here.", back)
    if "request_uri" in sent:
        raise Refusal("request_uri_not_supported", "Request objects are not read here.", back)
    if "response_type" not in sent:
        raise Refusal("invalid_request", "response_type is missing.", back)
    if sent["response_type"] != "code":
        raise Refusal("unsupported_response_type", "Only response_type=code is known here.", back)
    if sent.get("response_mode", "query") != "query":
        raise Refusal("invalid_request", "Only response_mode=query is known here.", back)


def _read_scopes(client: Client, sent: Mapping[str, str], back: Return) -> frozenset[str]:
    """Return what is asked for; a client that says nothing gets what it registered, or else to read."""
    registered = parse(client.scopes)
    if not sent.get("scope", "").strip():
        return registered or frozenset({"read"})
    asked = parse(sent["scope"])
    if not asked:
        raise Refusal("invalid_scope", "None of the scopes is known here.", back)
    if registered and not covers_all(registered, asked):
        raise Refusal("invalid_scope", "The app asks for more than it registered.", back)
    return asked


def _read_challenge(client: Client, sent: Mapping[str, str], back: Return) -> str | None:
    challenge = sent.get("code_challenge")
    if challenge is None:
        if client.is_public or "code_challenge_method" in sent:
            raise Refusal("invalid_request", "code_challenge is missing; a public client must use PKCE.", back)
        return None
    if sent.get("code_challenge_method") != "S256":
        raise Refusal("invalid_request", "code_challenge_method must be S256.", back)
    if not pkce.is_challenge(challenge):
        raise Refusal("invalid_request", "code_challenge is not a SHA-256 hash in base64url.", back)
    return challenge
