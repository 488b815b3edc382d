"""What follows from an answer to a question about a post: of a peer to one of ours, and of one of ours to anybody.

It must not judge an answer: the caller has seen that it is the asked author's, and that its stamp holds.
"""

from activitypub.consent import Kind
from server.actions.ties.refuse import refuses
from server.actions.writing.hold_reply import hide_reply, release_reply
from server.actions.writing.quote import settle_quote, tell_quoted
from server.actions.writing.react import react_as_allowed, withdraw
from server.actions.writing.stamp import give, refuse_for_good
from server.actions.writing.stamp import take_back as revoke_stamp
from server.actions.writing.wait import end_waiting
from server.problems import Forbidden, NotFound
from server.site import Site
from server.store.database import Transaction
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.reading import reactions
from server.store.writing import consents, posts
from server.store.writing.consents import ACCEPTED, PENDING, REJECTED, REVOKED, Consent

# What an answer of a peer may still change, and into what: a refusal is final until it is asked again.
_OPEN_TO = {ACCEPTED: (PENDING,), REJECTED: (PENDING, ACCEPTED), REVOKED: (PENDING, ACCEPTED)}


async def receive_answer(tx: Transaction, site: Site, consent: Consent, state: str, stamp_uri: str | None) -> bool:
    """Do what a peer's answer says; false where it was answered before."""
    if consent.state not in _OPEN_TO[state]:
        return False
    await consents.decide(tx, consent.id, state, stamp_uri=stamp_uri or consent.stamp_uri)
    await _follow(tx, site, consent, state)
    return True


async def decide(tx: Transaction, site: Site, author: Actor, consent_id: int, *, yes: bool) -> None:
    """Answer, as the author, what somebody asked of a post of ours.

    Raises:
        NotFound: nobody asked, or it was answered.
        Forbidden: somebody else was asked, or the author wants nothing of who asks.
    """
    consent = await consents.find(tx, consent_id)
    if consent is None or consent.state != PENDING:
        raise NotFound("Nobody waits for an answer to this.")
    if consent.asked_id != author.id:
        raise Forbidden("This post is not yours.")
    post, asker = await posts.find(tx, consent.post_id), await actors.find(tx, consent.asker_id)
    if post is None or asker is None:
        raise NotFound("This post is gone.")
    if yes and (not _may_act(asker) or await refuses(tx, author, asker)):
        raise Forbidden("You block them, or their server, or they are suspended; you can only say no.")
    answer = give if yes else refuse_for_good
    await answer(tx, site, author, asker, post, consent)
    await _follow(tx, site, consent, ACCEPTED if yes else REJECTED)


async def let_pass(tx: Transaction, site: Site, consent: Consent) -> None:
    """Do what waited for its author, whose new policy has said yes meanwhile."""
    await _follow(tx, site, consent, ACCEPTED)


async def take_back(tx: Transaction, site: Site, author: Actor, consent_id: int) -> None:
    """Take back, as the author, that somebody might like, answer or boost a post of ours.

    Raises:
        NotFound: nobody was allowed to.
        Forbidden: somebody else allowed it.
    """
    consent = await consents.find(tx, consent_id)
    if consent is None or consent.state != ACCEPTED or consent.kind == Kind.QUOTE:
        raise NotFound("Nobody was allowed to do this.")
    if consent.asked_id != author.id:
        raise Forbidden("This post is not yours.")
    post, asker = await posts.find(tx, consent.post_id), await actors.find(tx, consent.asker_id)
    if post is None or asker is None:
        raise NotFound("This post is gone.")
    await revoke_stamp(tx, site, author, asker, post, consent)
    await _follow(tx, site, consent, REVOKED)


async def _follow(tx: Transaction, site: Site, consent: Consent, state: str) -> None:
    if consent.kind == Kind.QUOTE:
        await _follow_quote(tx, site, consent, state)
        return
    decided = await consents.find(tx, consent.id)
    asker, asked = await actors.find(tx, consent.asker_id), await actors.find(tx, consent.asked_id)
    if decided is None or asker is None or asked is None:
        return
    await end_waiting(tx, consent)
    if state != ACCEPTED:
        await _undo(tx, site, decided, asker, asked)
    elif not _may_act(asker):
        return
    elif consent.kind == Kind.REPLY:
        await release_reply(tx, site, decided)
    else:
        await react_as_allowed(tx, site, decided)


async def _undo(tx: Transaction, site: Site, consent: Consent, asker: Actor, asked: Actor) -> None:
    """A no: what waited was never done; what was done is undone. Of an answer to a peer, its writer keeps it."""
    if consent.kind == Kind.REPLY:
        if asked.local:
            await hide_reply(tx, site, consent)
        return
    reaction = await reactions.find_by_uri(tx, consent.interacting_uri)
    if reaction is not None and reaction.actor_id == asker.id:
        await withdraw(tx, site, asker, reaction)


def _may_act(actor: Actor) -> bool:
    return actor.gone_at is None and actor.suspended_at is None


async def _follow_quote(tx: Transaction, site: Site, consent: Consent, state: str) -> None:
    quoting = await posts.find_by_uri(tx, consent.interacting_uri)
    if quoting is None or quoting.deleted_at is not None:
        return
    await settle_quote(tx, site, quoting, state)
    author, by = await actors.find(tx, consent.asked_id), await actors.find(tx, consent.asker_id)
    if author is None or by is None or not author.local:
        return
    await end_waiting(tx, consent)
    if state == ACCEPTED:
        await tell_quoted(tx, site, quoting.id, by)
