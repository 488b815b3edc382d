"""Takes in programs that want to ask people for tokens. It must not judge what they say of themselves; the door has."""

from dataclasses import dataclass

import msgspec

from server.passwords import hash_token, new_token
from server.site import Site
from server.store.clients import oauth
from server.store.clients.oauth import Client, Kind
from server.store.database import Transaction


@dataclass(frozen=True, slots=True)
class Applicant:
    """What a program says of itself. `scopes` and `grant_types` are parted by spaces."""

    name: str
    website: str | None
    redirect_uris: tuple[str, ...]
    scopes: str
    grant_types: str


async def enrol(
    tx: Transaction, site: Site, applicant: Applicant, *, kind: Kind, public: bool
) -> tuple[Client, str | None]:
    """Give a program an id and, unless it is public, a secret, of which only the hash is kept."""
    secret = None if public else new_token()
    client = make_client(site, applicant, kind=kind, client_id=new_token(), secret=secret)
    await oauth.put_client(tx, client)
    return client, secret


async def remember(tx: Transaction, site: Site, applicant: Applicant, *, kind: Kind, client_id: str) -> Client:
    """Keep what a program's own document says today, under the document's address."""
    client = make_client(site, applicant, kind=kind, client_id=client_id, secret=None)
    await oauth.put_client(tx, client)
    return await oauth.find_client(tx, client_id) or client


def make_client(site: Site, applicant: Applicant, *, kind: Kind, client_id: str, secret: str | None) -> Client:
    """Return the row for a program; one that is its own document was fetched just now."""
    now = site.clock.now()
    return Client(
        client_id=client_id,
        id=site.ids.new(),
        kind=kind,
        name=applicant.name,
        website=applicant.website,
        secret_hash=hash_token(secret) if secret else None,
        redirect_uris=msgspec.json.encode(applicant.redirect_uris).decode(),
        scopes=applicant.scopes,
        grant_types=applicant.grant_types,
        created_at=now,
        fetched_at=now if kind in ("document", "actor") else None,
    )
