"""Answers a peer's question whether it may do something with one of our posts. It must not fetch what is asked for.

The caller has seen that what is asked for is the asker's, and that it is about this post.
"""

from dataclasses import replace

from activitypub.consent import Kind, Request
from activitypub.reading import RemoteNote
from server.actions.telling.notify import notify
from server.actions.writing.allow import Standing, may_quote
from server.actions.writing.keep_note import keep_note
from server.actions.writing.quote import settle_quote
from server.actions.writing.stamp import give, new_consent, refuse
from server.site import Site
from server.store.database import Transaction
from server.store.people.actors import Actor
from server.store.writing import consents, posts, quotes
from server.store.writing.consents import ACCEPTED, PENDING, REJECTED, Consent
from server.store.writing.posts import Post


async def hear_quote(
    tx: Transaction, site: Site, author: Actor, post: Post, asker: Actor, request: Request, note: RemoteNote
) -> str:
    """Answer a QuoteRequest as the author's policy says, or let it wait for the author; return what it became.

    The quoting post is kept, so that the author can look at it. Asked again, the same is answered.
    """
    consent = await consents.find_pair(tx, Kind.QUOTE, request.interacting, post.id)
    if consent is None:
        standing = await may_quote(tx, post, author, asker, await quotes.find_policy(tx, post.id))
        consent = await _remember(tx, site, post, asker, request) if standing is not Standing.DENIED else None
        if consent is not None and standing is Standing.AUTOMATIC:
            consent = replace(consent, state=ACCEPTED)
    if consent is None or consent.state not in (ACCEPTED, PENDING):
        await refuse(tx, site, author, request)
        return REJECTED
    await consents.ask_again(tx, consent.id, request.id)
    if consent.state == ACCEPTED:
        await give(tx, site, author, asker, post, replace(consent, request_uri=request.id))
    await _show(tx, site, author, asker, note, consent.state)
    return consent.state


async def _remember(tx: Transaction, site: Site, post: Post, asker: Actor, request: Request) -> Consent:
    consent = replace(new_consent(site, request.kind, asker, post, request.interacting), request_uri=request.id)
    await consents.add(tx, consent)
    return consent


async def _show(tx: Transaction, site: Site, author: Actor, asker: Actor, note: RemoteNote, state: str) -> None:
    """Keep the quoting post, as it is allowed, and tell the author of it."""
    await keep_note(tx, site, asker, note)
    quoting = await posts.find_by_uri(tx, note.id)
    if quoting is None or quoting.deleted_at is not None:
        return
    await settle_quote(tx, site, quoting, state)
    await notify(tx, site, author, "quote" if state == ACCEPTED else "quote_request", by=asker, post_id=quoting.id)
