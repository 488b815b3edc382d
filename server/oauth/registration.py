"""Takes in clients: POST /oauth/register (RFC 7591) and Mastodon's POST /api/v1/apps.

What one says of itself is checked here; whether a person lets it in is the person's business.
"""

import msgspec

from server.actions.people.enrol_client import Applicant, enrol
from server.ids import MICROSECONDS
from server.oauth.ask import Ask
from server.oauth.bearer import BadToken, read_bearer
from server.oauth.documents import REDIRECTS_AT_MOST, read_grants, read_name, read_website
from server.oauth.errors import OAuthError
from server.oauth.metadata import AUTHENTICATION
from server.oauth.redirects import OUT_OF_BAND, is_acceptable
from server.oauth.scopes import parse, spell
from server.problems import Invalid
from server.remote.vapid import public_key
from server.store.clients import oauth
from server.store.clients.oauth import Client


class Registration(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a client registered, by RFC 7591 3.2.1."""

    client_id: str
    client_id_issued_at: int
    client_name: str
    redirect_uris: list[str]
    grant_types: list[str]
    response_types: list[str]
    token_endpoint_auth_method: str
    scope: str
    client_secret: str | None = None
    client_secret_expires_at: int | None = None
    client_uri: str | None = None


class App(msgspec.Struct, frozen=True):
    """An app as Mastodon shows it."""

    id: str
    name: str
    website: str | None
    scopes: list[str]
    redirect_uri: str
    redirect_uris: list[str]
    vapid_key: str


class NewApp(App, frozen=True):
    """An app with what it needs to log people in; the secret is told this once."""

    client_id: str
    client_secret: str
    client_secret_expires_at: int = 0


async def register_client(ask: Ask) -> Registration:
    """Take in a client by RFC 7591. Raises OAuthError, TooMany."""
    ask.brakes.registrations.spend(ask.address)
    method = ask.text("token_endpoint_auth_method") or AUTHENTICATION[0]
    if method not in AUTHENTICATION:
        raise OAuthError("invalid_client_metadata", f"token_endpoint_auth_method must be {', '.join(AUTHENTICATION)}.")
    applicant = _read_applicant(ask)
    async with ask.services.database.write() as tx:
        client, secret = await enrol(tx, ask.site, applicant, kind="registered", public=method == "none")
    return Registration(
        client_id=client.client_id,
        client_id_issued_at=client.created_at // MICROSECONDS,
        client_name=client.name,
        redirect_uris=client.redirects,
        grant_types=client.grant_types.split(),
        response_types=["code"],
        token_endpoint_auth_method=method,
        scope=client.scopes,
        client_secret=secret,
        client_secret_expires_at=None if secret is None else 0,
        client_uri=client.website,
    )


async def register_app(ask: Ask) -> NewApp:
    """Take in an app as Mastodon does. Raises Invalid, TooMany."""
    ask.brakes.registrations.spend(ask.address)
    name = read_name(ask.sent.get("client_name"))
    if name is None:
        raise Invalid("Validation failed: Application name can't be blank", field="client_name")
    redirects = ask.listed("redirect_uris") or ask.listed("redirect_uri")
    if not redirects:
        raise Invalid("Validation failed: Redirect URI can't be blank", field="redirect_uris")
    if len(redirects) > REDIRECTS_AT_MOST or not all(_is_acceptable(ask, one) for one in redirects):
        raise Invalid("Validation failed: Redirect URI must be an absolute URI.", field="redirect_uris")
    asked = " ".join(ask.listed("scopes")) or "read"
    scopes = spell(parse(asked))
    if not scopes:
        raise Invalid("Validation failed: Scopes doesn't match configured on the server.", field="scopes")
    grants = "authorization_code client_credentials"
    applicant = Applicant(name, read_website(ask.sent.get("website")), tuple(redirects), scopes, grants)
    async with ask.services.database.write() as tx:
        client, secret = await enrol(tx, ask.site, applicant, kind="app", public=False)
    shown = msgspec.structs.asdict(_show(ask, client))
    return NewApp(**shown, client_id=client.client_id, client_secret=secret or "")


async def show_app(ask: Ask) -> App:
    """Say which app the bearer token of this request was given to. Raises BadToken."""
    async with ask.services.database.read() as reader:
        bearer = await read_bearer(reader, ask.site, ask.authorization)
        if bearer is None:
            raise BadToken("The access token is invalid")
        client = await oauth.find_client(reader, bearer.client_id) if bearer.client_id else None
    if client is None:
        # A token from the shell; it belongs to no program.
        vapid = public_key(ask.services.secret)
        return App("0", "Command line", None, sorted(bearer.scopes), OUT_OF_BAND, [OUT_OF_BAND], vapid)
    return _show(ask, client)


def _show(ask: Ask, client: Client) -> App:
    return App(
        id=str(client.id),
        name=client.name,
        website=client.website,
        scopes=client.scopes.split(),
        redirect_uri="\n".join(client.redirects),
        redirect_uris=client.redirects,
        vapid_key=public_key(ask.services.secret),
    )


def _read_applicant(ask: Ask) -> Applicant:
    redirects = ask.listed("redirect_uris")
    if not redirects or len(redirects) > REDIRECTS_AT_MOST:
        raise OAuthError("invalid_redirect_uri", f"redirect_uris must name one to {REDIRECTS_AT_MOST} addresses.")
    if bad := [one for one in redirects if not _is_acceptable(ask, one)]:
        raise OAuthError("invalid_redirect_uri", f"An answer cannot be sent to {bad[0][:200]}.")
    grants = _read_grants(ask)
    if (kinds := ask.listed("response_types")) and "code" not in kinds:
        raise OAuthError("invalid_client_metadata", "response_types must name code.")
    name = read_name(ask.sent.get("client_name")) or "An app without a name"
    scopes = spell(parse(" ".join(ask.listed("scope"))))
    return Applicant(name, read_website(ask.sent.get("client_uri")), tuple(redirects), scopes, grants)


def _read_grants(ask: Ask) -> str:
    """Return the grant types; RFC 7591 says what it means to name none."""
    named = ask.listed("grant_types")
    if not named:
        return "authorization_code"
    grants = read_grants(named)
    if "authorization_code" not in grants and "client_credentials" not in grants:
        raise OAuthError("invalid_client_metadata", "grant_types must name authorization_code or client_credentials.")
    return grants


def _is_acceptable(ask: Ask, uri: str) -> bool:
    return is_acceptable(uri, allow_http=ask.site.config.federation.allow_http)
