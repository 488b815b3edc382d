"""A peer's actor asks whether it may quote, like, answer or boost a post of ours.

It must not decide; `actions.hear_request` does.
"""

from activitypub import fields
from activitypub.audience import Visibility, is_open, visibility_of
from activitypub.authority import believable_instrument, check_note
from activitypub.consent import Kind, Request, read_request
from activitypub.errors import Forbidden
from activitypub.reading import RemoteNote, read_note
from activitypub.vocabulary import same_origin, types_of
from server.actions.network.receive import Received
from server.actions.ties.refuse import refuses
from server.actions.writing.hear_request import hear_deed, hear_quote, hear_reply_request
from server.actions.writing.see import may_see_post
from server.actions.writing.stamp import refuse
from server.inbox.ending import Ignored, end
from server.remote.notes import fetch_note
from server.remote.people import find_actor
from server.services import Services
from server.site import Site
from server.store.database import Transaction
from server.store.network import activities
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.writing import posts
from server.store.writing.consents import ACCEPTED
from server.store.writing.posts import Post


async def handle_quote(received: Received, services: Services) -> None:
    """Answer with Accept and a stamp, or Reject, or let it wait for the author (FEP-044f)."""
    request = read_request(received.activity.raw)
    if not services.site.is_ours(request.target):
        raise Ignored("it asks for nothing of ours")
    note = await _find_note(services, received, request)
    asker = await find_actor(services, request.actor)
    async with services.database.write() as tx:
        author, post = await find_asked(tx, request, asker)
        if await activities.was_deleted(tx, actor_uri=asker.uri, object_uri=note.id):
            raise Ignored("it was deleted before it came")
        if await is_kept_out(tx, services.site, author, post, asker, request):
            await end(tx, services.site, received, "rejected")
            return
        outcome = await hear_quote(tx, services.site, author, post, asker, request, note)
        await end(tx, services.site, received, outcome)


async def handle_reply(received: Received, services: Services) -> None:
    """Answer with Accept and a stamp, and keep the answer; or with Reject; or let it wait (GoToSocial)."""
    request = read_request(received.activity.raw)
    if not services.site.is_ours(request.target):
        raise Ignored("it asks for nothing of ours")
    note = await _fetch_note(services, received, request)
    if note.in_reply_to != request.target:
        raise Forbidden("the post does not answer what it asks for")
    asker = await find_actor(services, request.actor)
    async with services.database.write() as tx:
        author, post = await find_asked(tx, request, asker)
        if await activities.was_deleted(tx, actor_uri=asker.uri, object_uri=note.id):
            raise Ignored("it was deleted before it came")
        outcome = "rejected"
        if not await is_kept_out(tx, services.site, author, post, asker, request):
            outcome = await hear_reply_request(tx, services.site, author, post, asker, request, note)
        await end(tx, services.site, received, outcome, withheld=outcome != ACCEPTED)


async def handle_reaction(received: Received, services: Services) -> None:
    """Answer a question for a like or a boost; it comes itself once it may, and counts once it was let in by hand."""
    request = read_request(received.activity.raw)
    if not services.site.is_ours(request.target):
        raise Ignored("it asks for nothing of ours")
    _check_deed(received, request)
    asker = await find_actor(services, request.actor)
    shown = _shown(received, request, asker)
    async with services.database.write() as tx:
        author, post = await find_asked(tx, request, asker)
        outcome = "rejected"
        if not await is_kept_out(tx, services.site, author, post, asker, request):
            outcome = await hear_deed(tx, services.site, author, post, asker, request, visibility=shown)
        await end(tx, services.site, received, outcome)


def _check_deed(received: Received, request: Request) -> None:
    """What is asked for is the asker's own, on its origin; where it is embedded, it says the same as the question."""
    if not same_origin(request.interacting, request.actor):
        raise Forbidden("what is asked for lies on another origin than the asker")
    document = believable_instrument(received.activity)
    if document is None or set(document) <= {"id", "type"}:
        return
    if fields.uri(document, "actor") != request.actor or fields.uri(document, "object") != request.target:
        raise Forbidden("what is asked for is something else, or another actor's")
    if request.kind.value.capitalize() not in types_of(document):
        raise Forbidden("what is asked for is something else")


def _shown(received: Received, request: Request, asker: Actor) -> Visibility | None:
    """Who is shown the boost that is asked for, as far as it says so."""
    document = believable_instrument(received.activity)
    if request.kind is not Kind.ANNOUNCE or document is None or not document.get("to"):
        return None
    return visibility_of(fields.recipients(document, "to"), fields.recipients(document, "cc"), asker.followers_uri)


async def find_asked(tx: Transaction, request: Request, asker: Actor) -> tuple[Actor, Post]:
    """Return the post of ours that is asked about, with its author.

    Raises:
        Ignored: there is none, or none that the asker may know of.
    """
    post = await posts.find_by_uri(tx, request.target)
    author = await actors.find(tx, post.actor_id) if post is not None else None
    if post is None or author is None or not post.local or post.deleted_at is not None:
        raise Ignored("there is no such post")
    if not is_open(Visibility(post.visibility)) and not await may_see_post(tx, post, author, asker):
        raise Ignored("there is no such post")
    return author, post


async def is_kept_out(tx: Transaction, site: Site, author: Actor, post: Post, asker: Actor, request: Request) -> bool:
    """Whether the author wants nothing of the asker, who is told no more than no."""
    if not await refuses(tx, author, asker) and await may_see_post(tx, post, author, asker):
        return False
    await refuse(tx, site, author, request)
    return True


async def _find_note(services: Services, received: Received, request: Request) -> RemoteNote:
    """The post that is to quote."""
    note = await _fetch_note(services, received, request)
    if note.quote != request.target:
        raise Forbidden("the post does not quote what it asks for")
    return note


async def _fetch_note(services: Services, received: Received, request: Request) -> RemoteNote:
    """The post that is asked for, as the asker's own server says it."""
    document = believable_instrument(received.activity)
    note = read_note(document) if document is not None else await fetch_note(services, request.interacting)
    check_note(request.actor, note, services.site.origin)
    if note.id != request.interacting:
        raise Forbidden("the post is not the one that is asked for")
    return note
