"""Lets what somebody wants to do with a post of ours wait for its author, who is told of it. It must not decide it."""

from activitypub.consent import Kind
from server.actions.telling.notify import notify
from server.site import Site
from server.store.database import Transaction
from server.store.people.actors import Actor
from server.store.telling import notifications
from server.store.writing import consents, posts
from server.store.writing.consents import PENDING, Consent

# What the author is told, by what is wanted.
NOTICES = {
    Kind.QUOTE: "quote_request",
    Kind.LIKE: "like_request",
    Kind.REPLY: "reply_request",
    Kind.ANNOUNCE: "announce_request",
}


async def let_wait(tx: Transaction, site: Site, consent: Consent, by: Actor, author: Actor, *, about: int) -> None:
    """Remember a question, once, and tell the author; `about` is the post that they are to look at."""
    await consents.add(tx, consent)
    await notify(tx, site, author, NOTICES[Kind(consent.kind)], by=by, post_id=about)


async def end_waiting(tx: Transaction, consent: Consent) -> None:
    """Take the notice back: it was answered, or is asked no more."""
    about = consent.post_id
    if consent.kind in (Kind.QUOTE, Kind.REPLY):
        post = await posts.find_by_uri(tx, consent.interacting_uri)
        about = post.id if post is not None else 0
    kind = NOTICES[Kind(consent.kind)]
    await notifications.drop(tx, actor_id=consent.asked_id, kind=kind, from_id=consent.asker_id, post_id=about)


async def withdraw_question(tx: Transaction, asker: Actor, uri: str) -> bool:
    """Forget a question of somebody's, by its own address or by that of what was wanted; false when there is none."""
    consent = await consents.find_request(tx, uri) or await consents.find_deed(tx, uri)
    if consent is None or consent.asker_id != asker.id or consent.state != PENDING or consent.kind == Kind.QUOTE:
        return False
    await end_waiting(tx, consent)
    await consents.drop(tx, consent.id)
    return True
