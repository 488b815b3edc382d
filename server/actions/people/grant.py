"""Gives tokens to clients and takes them away. It must not judge a request; the door has.

What was stolen shows when it is used twice: then every token of that consent ends.
"""

from dataclasses import dataclass, field

from server.ids import MICROSECONDS
from server.passwords import hash_token, new_token
from server.site import Site
from server.store.clients import oauth, tokens
from server.store.clients.oauth import Client, Code
from server.store.clients.tokens import AccessToken, AppToken, RefreshToken
from server.store.database import Transaction
from server.store.people.accounts import Account
from server.store.telling import push

# RFC 6749, 4.1.2: ten minutes at most.
CODE_SECONDS = 600
# Mastodon's never end; a month is enough for what an app does on its own, and it can always ask for another.
APP_TOKEN_SECONDS = 30 * 86_400
# A public client may run on several machines; more live ones are somebody who never keeps what they got.
APP_TOKENS_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person let a client do, and where the client waits for the answer. `scopes` are parted by spaces."""

    client: Client
    redirect_uri: str
    scopes: str
    challenge: str | None


@dataclass(frozen=True, slots=True)
class Issued:
    """What a client is given. Without `expires_seconds` it lasts until it is revoked."""

    access_token: str = field(repr=False)
    scopes: str
    created_at: int
    expires_seconds: int | None = None
    refresh_token: str | None = field(default=None, repr=False)
    actor_id: int | None = None


async def issue_code(tx: Transaction, site: Site, account: Account, consent: Consent) -> str:
    """Keep a consent and return the code for it."""
    code = new_token()
    now = site.clock.now()
    await oauth.add_code(
        tx,
        Code(
            code_hash=hash_token(code),
            client_id=consent.client.client_id,
            actor_id=account.actor_id,
            redirect_uri=consent.redirect_uri,
            scopes=consent.scopes,
            challenge=consent.challenge,
            family=site.ids.new(),
            expires_at=now + CODE_SECONDS * MICROSECONDS,
        ),
    )
    await oauth.note_use(tx, consent.client.client_id, at=now)
    return code


async def redeem(tx: Transaction, site: Site, client: Client, code: Code) -> Issued | None:
    """Give tokens for a code. One that was used before gives none, and ends those that it gave."""
    now = site.clock.now()
    if not await oauth.use_code(tx, code.code_hash, at=now):
        await _end_family(tx, code.family, at=now)
        return None
    return await _issue(tx, site, client, _Gift(code.actor_id, code.family, code.scopes, code.scopes))


async def rotate(tx: Transaction, site: Site, client: Client, token: RefreshToken, scopes: str) -> Issued | None:
    """Give new tokens for a refresh token, with some or all of its scopes; one used before ends its whole family."""
    now = site.clock.now()
    if not await tokens.use_refresh(tx, token.token_hash, at=now):
        await _end_family(tx, token.family, at=now)
        return None
    return await _issue(tx, site, client, _Gift(token.actor_id, token.family, token.scopes, scopes))


async def issue_app_token(tx: Transaction, site: Site, client: Client, scopes: str) -> Issued:
    """Give a client a token with which it speaks for itself; its oldest end where it has too many."""
    token = new_token()
    now = site.clock.now()
    expires_at = now + APP_TOKEN_SECONDS * MICROSECONDS
    await tokens.keep_newest_of_app(tx, client.client_id, most=APP_TOKENS_AT_MOST - 1)
    await tokens.add_app(tx, AppToken(hash_token(token), client.client_id, scopes, now, expires_at))
    await oauth.note_use(tx, client.client_id, at=now)
    return Issued(token, scopes, now, APP_TOKEN_SECONDS)


async def withdraw(tx: Transaction, site: Site, token: AccessToken | AppToken | RefreshToken) -> None:
    """End a token, and with it whatever else came from the same consent; nobody is woken for it any more."""
    now = site.clock.now()
    family = None if isinstance(token, AppToken) else token.family
    if family is not None:
        await _end_family(tx, family, at=now)
    await tokens.revoke(tx, token.token_hash, at=now)
    await push.drop_of_token(tx, token.token_hash)


async def withdraw_consent(tx: Transaction, site: Site, actor_id: int, family: int) -> None:
    """End what one of our people once let a program do. Nothing happens when it was somebody else, or is over."""
    now = site.clock.now()
    theirs = {token.family for token in await tokens.list_of_actor(tx, actor_id, now=now)}
    theirs |= {token.family for token in await tokens.list_renewable(tx, actor_id, now=now)}
    if family in theirs:
        await _end_family(tx, family, at=now)


async def withdraw_all(tx: Transaction, site: Site, actor_id: int) -> None:
    """End every token of one of our people: whoever had a part in their account has none any more."""
    now = site.clock.now()
    for token in await tokens.list_of_actor(tx, actor_id, now=now):
        await push.drop_of_token(tx, token.token_hash)
    await tokens.revoke_of_actor(tx, actor_id, at=now)
    await oauth.drop_codes_of_actor(tx, actor_id)


async def _end_family(tx: Transaction, family: int, *, at: int) -> None:
    for token_hash in await tokens.revoke_family(tx, family, at=at):
        await push.drop_of_token(tx, token_hash)


@dataclass(frozen=True, slots=True)
class _Gift:
    """For whom tokens are, of which consent, with all that was consented to and what the access token shall have."""

    actor_id: int
    family: int
    consented: str
    scopes: str


async def _issue(tx: Transaction, site: Site, client: Client, gift: _Gift) -> Issued:
    token, now = new_token(), site.clock.now()
    # Mastodon's clients know no second token, so that theirs must last.
    lifetime = site.config.oauth.access_token_seconds if client.may("refresh_token") else None
    await tokens.add(
        tx,
        AccessToken(
            token_hash=hash_token(token),
            actor_id=gift.actor_id,
            scopes=gift.scopes,
            label=client.name,
            created_at=now,
            client_id=client.client_id,
            family=gift.family,
            expires_at=now + lifetime * MICROSECONDS if lifetime is not None else None,
        ),
    )
    refresh = await _issue_refresh(tx, site, client, gift) if lifetime is not None else None
    return Issued(token, gift.scopes, now, lifetime, refresh, gift.actor_id)


async def _issue_refresh(tx: Transaction, site: Site, client: Client, gift: _Gift) -> str:
    token, now = new_token(), site.clock.now()
    expires_at = now + site.config.oauth.refresh_token_days * 86_400 * MICROSECONDS
    await tokens.add_refresh(
        tx,
        RefreshToken(
            hash_token(token), gift.family, client.client_id, gift.actor_id, gift.consented, now, expires_at=expires_at
        ),
    )
    return token
