"""Answers POST /oauth/introspect (RFC 7662) and /oauth/userinfo: what a token is good for, and whose it is."""

import msgspec

from server.ids import MICROSECONDS
from server.oauth.ask import Ask, authenticate
from server.oauth.bearer import BadToken, Bearer, find_person, read_bearer, read_header
from server.oauth.errors import OAuthError
from server.oauth.revocation import find_any
from server.passwords import hash_token
from server.store.clients.tokens import AccessToken, AppToken, RefreshToken
from server.store.database import Reader
from server.store.people.actors import Actor

Token = AccessToken | AppToken | RefreshToken


class Introspection(msgspec.Struct, frozen=True, omit_defaults=True):
    """What RFC 7662 says of a token; of a dead one or another's only that it is not active."""

    active: bool
    scope: str | None = None
    client_id: str | None = None
    token_type: str | None = None
    exp: int | None = None
    iat: int | None = None
    iss: str | None = None
    sub: str | None = None
    username: str | None = None
    me: str | None = None
    activitypub_actor_id: str | None = None


class UserInfo(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who is behind a token, in the words of OpenID Connect, as Mastodon tells it."""

    iss: str
    sub: str
    name: str
    preferred_username: str
    profile: str | None
    me: str
    activitypub_actor_id: str
    picture: str | None = None


async def introspect(ask: Ask) -> Introspection:
    """Tell a client about a token of its own; a bearer token may also ask about itself.

    Raises:
        OAuthError: nobody says who asks.
        BadToken: the bearer token that asks is not good.
    """
    asked = ask.demand("token")
    if (own := read_header(ask.authorization)) is not None:
        async with ask.services.database.read() as reader:
            bearer = await read_bearer(reader, ask.site, ask.authorization)
            if bearer is None or own != asked:
                return Introspection(active=False)
            return await _look_up(ask, reader, hash_token(asked), bearer.client_id)
    client = await authenticate(ask)
    async with ask.services.database.read() as reader:
        return await _look_up(ask, reader, hash_token(asked), client.client_id)


async def show_userinfo(ask: Ask) -> UserInfo:
    """Say who is behind the bearer token of this request. Raises BadToken, OAuthError."""
    async with ask.services.database.read() as reader:
        bearer = await read_bearer(reader, ask.site, ask.authorization)
    if bearer is None:
        raise BadToken("A bearer token is needed.")
    actor = _person(bearer)
    return UserInfo(
        iss=ask.site.origin,
        sub=actor.uri,
        name=actor.name or actor.username,
        preferred_username=actor.username,
        profile=actor.url,
        me=actor.uri,
        activitypub_actor_id=actor.uri,
        picture=actor.icon_url,
    )


def _person(bearer: Bearer) -> Actor:
    if bearer.actor is None or not bearer.allows("profile"):
        raise OAuthError("insufficient_scope", "This needs a person's token with the scope profile.", status=403)
    return bearer.actor


async def _look_up(ask: Ask, reader: Reader, token_hash: str, client_id: str | None) -> Introspection:
    now = ask.site.clock.now()
    token = await find_any(reader, token_hash, now=now)
    if token is None or token.client_id != client_id or not _is_live(token, now):
        return Introspection(active=False)
    expires = None if token.expires_at is None else token.expires_at // MICROSECONDS
    told = Introspection(
        active=True,
        scope=token.scopes,
        client_id=token.client_id,
        token_type="refresh_token" if isinstance(token, RefreshToken) else "Bearer",
        exp=expires,
        iat=token.created_at // MICROSECONDS,
        iss=ask.site.origin,
    )
    if isinstance(token, AppToken):
        return told
    person = await find_person(reader, token.actor_id)
    if person is None:
        return Introspection(active=False)
    _, actor = person
    return msgspec.structs.replace(
        told, sub=actor.uri, username=actor.username, me=actor.uri, activitypub_actor_id=actor.uri
    )


def _is_live(token: Token, now: int) -> bool:
    if isinstance(token, AppToken):
        return True
    if token.revoked_at is not None or (isinstance(token, RefreshToken) and token.used_at is not None):
        return False
    return token.expires_at is None or now < token.expires_at
