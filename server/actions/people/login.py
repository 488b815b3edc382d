"""Begins and ends sessions, and makes bearer tokens. It must not check passwords; the caller has."""

from dataclasses import dataclass

from server.ids import MICROSECONDS
from server.passwords import hash_token, new_token
from server.problems import Forbidden
from server.site import Site
from server.store.clients import tokens
from server.store.clients.tokens import AccessToken
from server.store.database import Transaction
from server.store.people import accounts
from server.store.people.accounts import Account, Session

DAY_SECONDS = 86_400
# Browsers call themselves by some hundred letters.
NAME_AT_MOST = 300


@dataclass(frozen=True, slots=True)
class Browser:
    """What its owner will know a session by: what the browser calls itself, and where it came from."""

    name: str | None = None
    address: str | None = None


async def log_in(tx: Transaction, site: Site, account: Account, browser: Browser = Browser()) -> str:
    """Begin a session and return the secret for the cookie.

    Raises:
        Forbidden: the account is suspended.
    """
    if account.suspended_at is not None:
        raise Forbidden("This account is suspended.")
    token = new_token()
    now = site.clock.now()
    expires_at = now + site.config.accounts.session_days * DAY_SECONDS * MICROSECONDS
    session = Session(
        token_hash=hash_token(token),
        actor_id=account.actor_id,
        created_at=now,
        expires_at=expires_at,
        browser=(browser.name or "")[:NAME_AT_MOST] or None,
        address=browser.address,
        seen_at=now,
    )
    await accounts.begin_session(tx, session)
    return token


async def log_out(tx: Transaction, token: str) -> None:
    """End the session of this cookie."""
    await accounts.end_session(tx, hash_token(token))


async def make_token(tx: Transaction, site: Site, account: Account, *, scopes: str, label: str) -> str:
    """Make a bearer token that lasts until it is revoked, and return it; only its hash is kept."""
    token = new_token()
    row = AccessToken(hash_token(token), account.actor_id, scopes, label, site.clock.now(), family=site.ids.new())
    await tokens.add(tx, row)
    return token
