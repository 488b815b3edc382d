"""Who is behind a browser: a random token in a cookie, its hash in the store. It must not begin or end
sessions; `actions.login` does."""

from dataclasses import dataclass, field

from quart.wrappers import Request, Response

from server.passwords import hash_token
from server.site import Site
from server.store.database import Reader
from server.store.people import accounts, actors
from server.store.people.accounts import Account
from server.store.people.actors import Actor

_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody logged in: their actor, their account, and their session, by its secret and by its hash."""

    actor: Actor
    account: Account
    token: str = field(repr=False)
    session_hash: str
    seen_at: int


def cookie_name(site: Site) -> str:
    """The `__Host-` prefix binds a cookie to this host and to https; plain http on loopback cannot have it."""
    return "__Host-pinxit" if site.origin.startswith("https:") else "pinxit"


async def recognise(reader: Reader, site: Site, request: Request) -> Person | None:
    """Return who sent this request; None for a stranger, an ended session or a suspended account."""
    token = request.cookies.get(cookie_name(site))
    if not token:
        return None
    session_hash = hash_token(token)
    session = await accounts.find_session(reader, session_hash, now=site.clock.now())
    if session is None:
        return None
    account = await accounts.find_by_actor(reader, session.actor_id)
    actor = await actors.find(reader, session.actor_id)
    if account is None or actor is None or account.suspended_at or actor.suspended_at or actor.gone_at:
        return None
    return Person(actor, account, token, session_hash, session.seen_at or session.created_at)


def hand_out(response: Response, site: Site, token: str) -> None:
    """Put the session's cookie on a response."""
    response.set_cookie(
        cookie_name(site),
        token,
        max_age=site.config.accounts.session_days * _DAY,
        path="/",
        secure=site.origin.startswith("https:"),
        httponly=True,
        samesite="Lax",
    )


def take_back(response: Response, site: Site) -> None:
    """Have the browser forget its cookie."""
    response.delete_cookie(
        cookie_name(site), path="/", secure=site.origin.startswith("https:"), httponly=True, samesite="Lax"
    )
