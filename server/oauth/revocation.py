"""Answers POST /oauth/revoke (RFC 7009): a client gives a token back. It must not end somebody else's."""

from server.actions.people.grant import withdraw
from server.oauth.ask import Ask, authenticate
from server.passwords import hash_token
from server.store.clients import tokens
from server.store.clients.tokens import AccessToken, AppToken, RefreshToken
from server.store.database import Reader


async def revoke(ask: Ask) -> dict[str, str]:
    """End a token of this client and all of its family; nothing happens for one that nobody knows.

    Raises:
        OAuthError: the client is not known (401), or the token is another's (403, as on Mastodon).
    """
    client = await authenticate(ask)
    token_hash = hash_token(ask.demand("token"))
    async with ask.services.database.write() as tx:
        found = await find_any(tx, token_hash, now=ask.site.clock.now())
        if found is not None and found.client_id != client.client_id:
            raise ask.fail("unauthorized_client", "This token was given to another client.", status=403)
        if found is not None:
            await withdraw(tx, ask.site, found)
    return {}


async def find_any(reader: Reader, token_hash: str, *, now: int) -> AccessToken | AppToken | RefreshToken | None:
    """Return the token behind a hash, of whichever kind; a person's also when it is dead."""
    return (
        await tokens.find(reader, token_hash)
        or await tokens.find_refresh(reader, token_hash)
        or await tokens.find_app(reader, token_hash, now=now)
    )
