"""Answers a peer's question whether it may do something with one of our posts. It must not fetch what is asked for.

The caller has seen that what is asked for is the asker's, and that it is about this post.
"""

from dataclasses import replace

from activitypub.audience import Visibility, is_open
from activitypub.consent import Kind, Request
from activitypub.reading import RemoteNote
from server.actions.telling.notify import notify
from server.actions.writing.allow import Standing, may_do, may_quote
from server.actions.writing.keep_note import keep_note
from server.actions.writing.quote import settle_quote
from server.actions.writing.see import may_see_post
from server.actions.writing.stamp import give, new_consent, refuse
from server.site import Site
from server.store.database import Transaction
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.writing import consents, interactions, posts, quotes
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


async def hear_deed(tx: Transaction, site: Site, author: Actor, post: Post, asker: Actor, request: Request) -> str:
    """Answer a request to like, answer or boost, as the policy says: our people leave none of these open."""
    standing = await may_do(tx, request.kind, post, author, asker)
    if request.kind is Kind.ANNOUNCE and not is_open(Visibility(post.visibility)):
        standing = Standing.DENIED
    if standing is not Standing.AUTOMATIC:
        await refuse(tx, site, author, request)
        return REJECTED
    known = await consents.find_pair(tx, request.kind, request.interacting, post.id)
    consent = known or await _remember(tx, site, post, asker, request)
    await consents.ask_again(tx, consent.id, request.id)
    await give(tx, site, author, asker, post, replace(consent, request_uri=request.id))
    return ACCEPTED


async def hear_reply(tx: Transaction, site: Site, asker: Actor, note: RemoteNote) -> bool:
    """Answer an answer that came without a question; false where its author wants none of this writer.

    Where not everybody may answer, who may gets a stamp, by which others know it (GoToSocial's preapproval).
    """
    post = await posts.find_by_uri(tx, note.in_reply_to) if note.in_reply_to is not None else None
    author = await actors.find(tx, post.actor_id) if post is not None else None
    if post is None or author is None or not author.local or asker.id == author.id:
        return True
    if await interactions.find(tx, post.id, Kind.REPLY) is None or not await may_see_post(tx, post, author, asker):
        return True
    request = Request(id=note.id, kind=Kind.REPLY, actor=asker.uri, target=post.uri, interacting=note.id)
    return await hear_deed(tx, site, author, post, asker, request) == ACCEPTED


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
