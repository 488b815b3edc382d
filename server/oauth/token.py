"""Answers POST /oauth/token: a code, a refresh token or a client's own word for an access token (RFC 6749).

It must not write; `actions.grant` does.
"""

import msgspec

from server.actions.people import grant
from server.actions.people.grant import Issued
from server.ids import MICROSECONDS
from server.oauth import pkce
from server.oauth.ask import Ask, authenticate
from server.oauth.bearer import find_person
from server.oauth.errors import OAuthError
from server.oauth.scopes import covers_all, parse, spell
from server.passwords import hash_token
from server.store.clients import oauth, tokens
from server.store.clients.oauth import Client, Code
from server.store.clients.tokens import RefreshToken
from server.store.database import Transaction
from server.store.people import actors

# One sentence for every reason: which one it was helps only who has somebody else's code.
BAD_CODE = "The code is not known, was used, has run out, or was given to somebody else."
BAD_REFRESH = "The refresh token is not known, was used, has run out, or was given to somebody else."
BEARER = "Bearer"


class TokenAnswer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a client gets, by RFC 6749 5.1; `me` and `activitypub_actor_id` say whose token it is."""

    access_token: str
    token_type: str
    scope: str
    created_at: int
    expires_in: int | None = None
    refresh_token: str | None = None
    activitypub_actor_id: str | None = None
    me: str | None = None


async def give_token(ask: Ask) -> TokenAnswer:
    """Answer by the grant type. Raises OAuthError, TooMany."""
    kind = ask.demand("grant_type")
    if kind not in ("authorization_code", "refresh_token", "client_credentials"):
        raise OAuthError("unsupported_grant_type", "This grant type is not known here.")
    client = await authenticate(ask)
    async with ask.services.database.write() as tx:
        issued, refusal = await _give(ask, tx, client, kind)
    # The transaction stands: what a replay ended stays ended.
    if issued is None:
        raise ask.fail("invalid_grant", refusal)
    return await _describe(ask, issued)


async def _give(ask: Ask, tx: Transaction, client: Client, kind: str) -> tuple[Issued | None, str]:
    if kind == "authorization_code":
        return await _redeem(ask, tx, client), BAD_CODE
    if kind == "refresh_token":
        return await _refresh(ask, tx, client), BAD_REFRESH
    if client.is_public:
        raise OAuthError("unauthorized_client", "A client without a secret cannot speak for itself.")
    return await grant.issue_app_token(tx, ask.site, client, _own_scopes(ask, client)), ""


async def _redeem(ask: Ask, tx: Transaction, client: Client) -> Issued | None:
    code = await oauth.find_code(tx, hash_token(ask.demand("code")))
    if code is None or code.client_id != client.client_id:
        return None
    if code.used_at is None and not _is_right(ask, code):
        return None
    if await find_person(tx, code.actor_id) is None:
        return None
    return await grant.redeem(tx, ask.site, client, code)


def _is_right(ask: Ask, code: Code) -> bool:
    if ask.site.clock.now() >= code.expires_at or ask.demand("redirect_uri") != code.redirect_uri:
        return False
    return pkce.proves(ask.text("code_verifier"), code.challenge)


async def _refresh(ask: Ask, tx: Transaction, client: Client) -> Issued | None:
    token = await tokens.find_refresh(tx, hash_token(ask.demand("refresh_token")))
    if token is None or token.client_id != client.client_id or token.revoked_at is not None:
        return None
    if token.used_at is None and ask.site.clock.now() >= token.expires_at:
        return None
    if await find_person(tx, token.actor_id) is None:
        return None
    return await grant.rotate(tx, ask.site, client, token, _narrowed(ask, token))


def _narrowed(ask: Ask, token: RefreshToken) -> str:
    """Return the scopes for the next access token: those of before, or fewer."""
    asked = ask.text("scope")
    if asked is None:
        return token.scopes
    wanted = parse(asked)
    if not wanted or not covers_all(parse(token.scopes), wanted):
        raise OAuthError("invalid_scope", "That is more than was consented to.")
    return spell(wanted)


def _own_scopes(ask: Ask, client: Client) -> str:
    registered = parse(client.scopes) or frozenset({"read"})
    asked = ask.text("scope")
    wanted = frozenset({"read"}) & registered or registered if asked is None else parse(asked)
    if not wanted or not covers_all(registered, wanted):
        raise OAuthError("invalid_scope", "The scope is not known, or more than was registered.")
    return spell(wanted)


async def _describe(ask: Ask, issued: Issued) -> TokenAnswer:
    uri = None
    if issued.actor_id is not None:
        async with ask.services.database.read() as reader:
            actor = await actors.find(reader, issued.actor_id)
        uri = actor.uri if actor else None
    return TokenAnswer(
        access_token=issued.access_token,
        token_type=BEARER,
        scope=issued.scopes,
        created_at=issued.created_at // MICROSECONDS,
        expires_in=issued.expires_seconds,
        refresh_token=issued.refresh_token,
        activitypub_actor_id=uri,
        me=uri,
    )
