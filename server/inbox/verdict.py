"""A peer's author answers a question of ours about a post, or takes the answer back.

It must not believe a stamp unseen.
"""

from activitypub import fields
from activitypub.authority import check_answer
from activitypub.consent import REQUESTS, Kind
from activitypub.reading import Activity
from activitypub.vocabulary import id_of, types_of
from server.actions.network.receive import Received
from server.actions.writing.settle import receive_answer
from server.inbox.ending import Ignored, end
from server.remote.stamps import fetch_stamp
from server.services import Services
from server.store.database import Reader
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.writing import consents, posts
from server.store.writing.consents import ACCEPTED, REJECTED, REVOKED, Consent
from server.store.writing.posts import Post


async def find_question(services: Services, activity: Activity) -> Consent | None:
    """Find the question of ours that an Accept or Reject answers; None where it answers something else."""
    async with services.database.read() as reader:
        consent = await _find(reader, activity)
        asker = await actors.find(reader, consent.asker_id) if consent is not None else None
    return consent if asker is not None and asker.local else None


async def take_yes(received: Received, services: Services, consent: Consent) -> None:
    """What was asked for may be done, if the stamp that the answer brings is the asked author's, for just this."""
    author, post = await _find_asked(services, consent)
    check_answer(received.activity.actor, author.uri)
    kind = Kind(consent.kind)
    stamp_uri = fields.uri(received.activity.raw, "result")
    if stamp_uri is not None:
        deed = consent.interacting_uri
        await fetch_stamp(services, stamp_uri, kind=kind, author=author.uri, interacting=deed, target=post.uri)
    elif kind is Kind.QUOTE:
        raise Ignored("it brings no authorization")
    # GoToSocial before 0.19 has no stamps: there the Accept itself is what is pointed to.
    await _settle(received, services, consent, ACCEPTED, stamp_uri or received.activity.id)


async def take_no(received: Received, services: Services, consent: Consent) -> None:
    """What was asked for may not be done, or no longer."""
    author, _ = await _find_asked(services, consent)
    check_answer(received.activity.actor, author.uri)
    await _settle(received, services, consent, REJECTED, None)


async def take_revocation(received: Received, services: Services) -> bool:
    """The author deletes a stamp; false where what is deleted is none that we know."""
    async with services.database.read() as reader:
        consent = await consents.find_stamp(reader, received.activity.object_id or "")
    if consent is None:
        return False
    author, _ = await _find_asked(services, consent)
    check_answer(received.activity.actor, author.uri)
    await _settle(received, services, consent, REVOKED, None)
    return True


async def _settle(received: Received, services: Services, consent: Consent, state: str, stamp: str | None) -> None:
    async with services.database.write() as tx:
        fresh = await consents.find(tx, consent.id)
        if fresh is None or not await receive_answer(tx, services.site, fresh, state, stamp):
            raise Ignored("it was answered before, or is asked no more")
        await end(tx, services.site, received, state)


async def _find_asked(services: Services, consent: Consent) -> tuple[Actor, Post]:
    async with services.database.read() as reader:
        author, post = await actors.find(reader, consent.asked_id), await posts.find(reader, consent.post_id)
    if author is None or post is None:
        raise Ignored("we do not know what was asked about")
    return author, post


async def _find(reader: Reader, activity: Activity) -> Consent | None:
    """By the question's id; else, since peers rewrite ids, by what it was about; else by the deed itself."""
    if activity.object_id is not None:
        found = await consents.find_request(reader, activity.object_id)
        if found is not None:
            return found
    inner = fields.first(activity.object)
    kind = next((REQUESTS[name] for name in types_of(inner) if name in REQUESTS), None)
    if isinstance(inner, dict) and kind is not None:
        post = await posts.find_by_uri(reader, id_of(inner.get("object")) or "")
        deed = id_of(inner.get("instrument"))
        return await consents.find_pair(reader, kind, deed, post.id) if post is not None and deed is not None else None
    return await consents.find_deed(reader, activity.object_id) if activity.object_id is not None else None
