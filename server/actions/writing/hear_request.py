"""Answers a peer's question whether it may do something with one of our posts. It must not fetch what is asked for.

The caller has seen that what is asked for is the asker's, and that it is about this post.
"""

from dataclasses import dataclass, replace

from activitypub.audience import Visibility, is_open
from activitypub.consent import Kind, Request
from activitypub.reading import RemoteNote
from server.actions.telling.notify import notify
from server.actions.ties.refuse import refuses
from server.actions.writing.allow import Standing, may_do, may_quote
from server.actions.writing.ask_to_react import Waiting, write_waiting
from server.actions.writing.keep_note import keep_note, keep_waiting
from server.actions.writing.quote import settle_quote, tell_quoted
from server.actions.writing.see import may_see_post
from server.actions.writing.settle import let_pass
from server.actions.writing.stamp import give, new_consent, refuse
from server.actions.writing.wait import let_wait
from server.site import Site
from server.store.database import Transaction
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.writing import consents, interactions, posts, quotes
from server.store.writing.consents import ACCEPTED, PENDING, REJECTED, REVOKED, Consent
from server.store.writing.posts import Post


@dataclass(frozen=True, slots=True)
class Deed:
    """A like or boost as it came: its address, the stamp that it names, and who is shown it."""

    uri: str
    stamp_uri: str | None = None
    visibility: Visibility | None = None


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
    if consent is None or consent.asker_id != asker.id or consent.state not in (ACCEPTED, PENDING):
        await refuse(tx, site, author, request)
        return REJECTED
    await consents.ask_again(tx, consent.id, request.id)
    if consent.state == ACCEPTED:
        await give(tx, site, author, asker, post, replace(consent, request_uri=request.id))
    await _show(tx, site, author, asker, note, consent.state)
    return consent.state


async def hear_reply_request(
    tx: Transaction, site: Site, author: Actor, post: Post, asker: Actor, request: Request, note: RemoteNote
) -> str:
    """Answer a request to answer, as the policy says, or let it wait; the answer is kept as it is allowed."""
    outcome = await hear_deed(tx, site, author, post, asker, request)
    if outcome == ACCEPTED:
        await keep_note(tx, site, asker, note)
    if outcome == PENDING:
        await _keep_back(tx, site, author, post, asker, note)
    return outcome


async def hear_deed(
    tx: Transaction,
    site: Site,
    author: Actor,
    post: Post,
    asker: Actor,
    request: Request,
    *,
    visibility: Visibility | None = None,
) -> str:
    """Answer a request to like, answer or boost, as the policy says, or let it wait; return what it became.

    `visibility` says who is shown a boost. An answer that waits is the caller's to keep, and to tell.
    """
    known = await consents.find_pair(tx, request.kind, request.interacting, post.id)
    standing = await _stand(tx, author, post, asker, request, known)
    if standing is Standing.DENIED:
        await refuse(tx, site, author, request)
        return REJECTED
    consent = known or await _remember(tx, site, post, asker, request)
    if request.id != request.interacting or consent.request_uri is None:
        await consents.ask_again(tx, consent.id, request.id)
        consent = replace(consent, request_uri=request.id)
    if standing is Standing.AUTOMATIC:
        await give(tx, site, author, asker, post, consent)
        if consent.state == PENDING and consent.wanted is not None:
            await let_pass(tx, site, consent)
        return ACCEPTED
    if request.kind is not Kind.REPLY:
        waiting = Waiting(0, {}, visibility.value if visibility is not None else None)
        await consents.keep_wanted(tx, consent.id, write_waiting(waiting))
        await let_wait(tx, site, consent, asker, author, about=post.id)
    return PENDING


async def hear_reaction(tx: Transaction, site: Site, kind: Kind, actor: Actor, post: Post, deed: Deed) -> str:
    """Answer a like or boost that came without a question; ACCEPTED where it may be done, and where nobody minds."""
    if not await _minds(tx, kind, post, deed.uri):
        # So it is with nearly every post: asked first, it spares all other questions.
        return ACCEPTED
    author = await actors.find(tx, post.actor_id)
    if author is None or not author.local or author.id == actor.id or await refuses(tx, author, actor):
        return ACCEPTED
    if await _is_proven(tx, kind, deed.uri, post, actor, deed.stamp_uri):
        return ACCEPTED
    request = Request(id=deed.uri, kind=kind, actor=actor.uri, target=post.uri, interacting=deed.uri)
    return await hear_deed(tx, site, author, post, actor, request, visibility=deed.visibility)


async def hear_reply(tx: Transaction, site: Site, asker: Actor, note: RemoteNote) -> str:
    """Answer an answer that came without a question; ACCEPTED where it may be kept, and where nobody minds.

    Where not everybody may answer, who may gets a stamp, by which others know it (GoToSocial's preapproval). One that
    waits is kept back.
    """
    post = await posts.find_by_uri(tx, note.in_reply_to) if note.in_reply_to is not None else None
    if post is None or not await _minds(tx, Kind.REPLY, post, note.id):
        return ACCEPTED
    author = await actors.find(tx, post.actor_id)
    if author is None or not author.local or asker.id == author.id or not await may_see_post(tx, post, author, asker):
        return ACCEPTED
    if await _is_proven(tx, Kind.REPLY, note.id, post, asker, note.reply_authorization):
        return ACCEPTED
    request = Request(id=note.id, kind=Kind.REPLY, actor=asker.uri, target=post.uri, interacting=note.id)
    outcome = await hear_deed(tx, site, author, post, asker, request)
    if outcome == PENDING:
        await _keep_back(tx, site, author, post, asker, note)
    return outcome


async def _minds(tx: Transaction, kind: Kind, post: Post, deed_uri: str) -> bool:
    """Whether the author says who may do it at all, or said something to this one."""
    if await interactions.find(tx, post.id, kind) is not None:
        return True
    return await consents.find_pair(tx, kind, deed_uri, post.id) is not None


async def _stand(
    tx: Transaction, author: Actor, post: Post, asker: Actor, request: Request, known: Consent | None
) -> Standing:
    """What the author said goes before what the policy says; a question that waits may be answered by a new policy.

    It was said to who asked then, and to nobody else who names the same deed.
    """
    if known is not None and (known.asker_id != asker.id or known.state in (REJECTED, REVOKED)):
        return Standing.DENIED
    if request.kind is Kind.ANNOUNCE and not is_open(Visibility(post.visibility)):
        return Standing.DENIED
    if known is not None and known.state == ACCEPTED:
        return Standing.AUTOMATIC
    return await may_do(tx, request.kind, post, author, asker)


async def _is_proven(tx: Transaction, kind: Kind, uri: str, post: Post, by: Actor, stamp_uri: str | None) -> bool:
    """Whether it names the stamp that its author gave `by` for it: then there is nothing more to say."""
    known = await consents.find_pair(tx, kind, uri, post.id) if stamp_uri is not None else None
    if known is None or known.asker_id != by.id:
        return False
    return known.state == ACCEPTED and known.stamp_uri == stamp_uri


async def _keep_back(tx: Transaction, site: Site, author: Actor, post: Post, asker: Actor, note: RemoteNote) -> None:
    """Keep an answer for its writer and the author alone, once, and tell the author."""
    kept = await keep_waiting(tx, site, asker, note, post, author)
    consent = await consents.find_pair(tx, Kind.REPLY, note.id, post.id)
    if kept is None or consent is None:
        return
    await consents.keep_wanted(tx, consent.id, kept.wanted)
    await let_wait(tx, site, consent, asker, author, about=kept.post_id)


async def _remember(tx: Transaction, site: Site, post: Post, asker: Actor, request: Request) -> Consent:
    consent = replace(new_consent(site, request.kind, asker, post, request.interacting), request_uri=request.id)
    await consents.add(tx, consent)
    return consent


async def _show(tx: Transaction, site: Site, author: Actor, asker: Actor, note: RemoteNote, state: str) -> None:
    """Keep the quoting post, as it is allowed, and tell the author of it."""
    await keep_note(tx, site, asker, note)
    quoting = await posts.find_by_uri(tx, note.id)
    if quoting is None or quoting.deleted_at is not None or quoting.actor_id != asker.id:
        return
    await settle_quote(tx, site, quoting, state)
    if state == ACCEPTED:
        await tell_quoted(tx, site, quoting.id, asker)
        return
    await notify(tx, site, author, "quote_request", by=asker, post_id=quoting.id)
