"""Reads what a client says of itself in a document at its own address. It must not fetch one.

Two kinds: the client id metadata document (draft-ietf-oauth-client-id-metadata-document), whose `client_id` is its own
address, and the ActivityPub actor of FEP-d8c2, whose `id` is.
"""

from typing import Final
from urllib.parse import urlsplit

from server.actions.people.enrol_client import Applicant
from server.oauth.errors import Unusable
from server.oauth.redirects import is_acceptable
from server.oauth.scopes import parse, spell
from server.remote.seam import Document
from server.store.clients.oauth import Kind

# An actor is asked for by its own media types, and metadata by theirs; whoever has both gives the first.
ACCEPT: Final = (
    'application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams", application/json'
)
NAME_LETTERS_AT_MOST = 100
ADDRESS_LETTERS_AT_MOST = 2000
REDIRECTS_AT_MOST = 20
# What a client does that says nothing of it: an ActivityPub actor has no term for that.
_USUAL: Final = "authorization_code refresh_token"
GRANTS: Final = ("authorization_code", "refresh_token", "client_credentials")


def is_address(client_id: str) -> bool:
    """Whether an id is an address at which a document may lie. Its path says which client; a host alone does not."""
    if not client_id.startswith(("https://", "http://")) or len(client_id) > ADDRESS_LETTERS_AT_MOST:
        return False
    if any(not 33 <= ord(letter) < 127 for letter in client_id) or "#" in client_id or "\\" in client_id:
        return False
    try:
        parts = urlsplit(client_id)
        _ = parts.port
    except ValueError:
        return False
    steps = parts.path.split("/")
    return bool(parts.hostname) and "@" not in parts.netloc and bool(parts.path) and not {".", ".."} & set(steps)


def read_document(client_id: str, document: Document, *, allow_http: bool) -> tuple[Kind, Applicant]:
    """Return what the document at `client_id` says.

    Raises:
        Unusable: it is not this client's, or says nothing that we could use.
    """
    if document.url != client_id:
        raise Unusable("The app's document lies at another address than the app says.")
    value = document.value
    if "client_id" in value:
        return "document", _read_metadata(client_id, value, allow_http=allow_http)
    return "actor", _read_actor(client_id, value, allow_http=allow_http)


def _read_metadata(client_id: str, value: dict[str, object], *, allow_http: bool) -> Applicant:
    if value["client_id"] != client_id:
        raise Unusable("The app's document names another app.")
    if value.get("token_endpoint_auth_method", "none") != "none" or "client_secret" in value:
        raise Unusable("The app wants to prove itself in a way that is not known here.")
    return Applicant(
        name=read_name(value.get("client_name")) or _host(client_id),
        website=read_website(value.get("client_uri")),
        redirect_uris=_read_redirects(value.get("redirect_uris"), allow_http=allow_http),
        scopes=spell(parse(read_text(value.get("scope")))),
        grant_types=read_grants(value.get("grant_types")) or _USUAL,
    )


def _read_actor(client_id: str, value: dict[str, object], *, allow_http: bool) -> Applicant:
    if (value.get("id") or value.get("@id")) != client_id:
        raise Unusable("The app's document names another app.")
    named = value.get("redirectURI") or value.get("oauth:redirectURI")
    return Applicant(
        name=read_name(value.get("name")) or read_name(value.get("preferredUsername")) or _host(client_id),
        website=read_website(value.get("url")),
        redirect_uris=_read_redirects(named, allow_http=allow_http),
        scopes="",
        grant_types=_USUAL,
    )


def read_name(value: object) -> str | None:
    """Return a name on one line, cut to what fits a page."""
    return " ".join(read_text(value).split())[:NAME_LETTERS_AT_MOST] or None


def read_text(value: object) -> str:
    """Return a text; empty where it is something else."""
    return value if isinstance(value, str) else ""


def read_website(value: object) -> str | None:
    """Return the address of a page; None where it is none that may be linked."""
    text = read_text(value)
    return text if text.startswith(("https://", "http://")) and len(text) <= ADDRESS_LETTERS_AT_MOST else None


def read_grants(value: object) -> str:
    """Return the grant types that we know, parted by spaces; empty where none is named."""
    named = value.split() if isinstance(value, str) else value if isinstance(value, list) else []
    return " ".join(one for one in GRANTS if one in named)


def _read_redirects(value: object, *, allow_http: bool) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else [value]
    found = [one for one in listed[:REDIRECTS_AT_MOST] if isinstance(one, str)]
    good = tuple(one for one in found if is_acceptable(one, allow_http=allow_http))
    if not good:
        raise Unusable("The app's document names no address to which an answer may go.")
    return good


def _host(client_id: str) -> str:
    return urlsplit(client_id).netloc
