"""A peer's actor publishes a post. It must not keep what nobody here would read."""

from collections.abc import Iterable

from activitypub.authority import believable_object, check_note
from activitypub.reading import Activity, RemoteNote, read_note
from activitypub.vocabulary import NOTE_TYPES, host_of, types_of
from server.actions.network.look_up import ask_ancestors
from server.actions.network.receive import Received
from server.actions.painting.commission import commission
from server.actions.ties.refuse import refuses
from server.actions.writing.hear_request import hear_reply
from server.actions.writing.keep_note import keep_note
from server.actions.writing.see import may_see_post
from server.actions.writing.vote import receive_vote
from server.inbox.allowed import check_reply
from server.inbox.ending import Ignored, end
from server.remote.notes import fetch_note
from server.remote.people import find_actor
from server.services import Services
from server.site import Site
from server.store.database import Reader
from server.store.network import activities
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.ties import domain_blocks, follows
from server.store.writing import polls, posts
from server.store.writing.consents import ACCEPTED, PENDING
from server.store.writing.posts import Post


async def handle(received: Received, services: Services) -> None:
    """Keep the post once (ActivityPub 7.2), if somebody here follows its author, is named in it, or is answered by it.

    One that names the studio actor may be a wish for a picture.
    """
    activity = received.activity
    note = await _find_note(services, activity)
    check_note(activity.actor, note, services.site.origin)
    if note.is_vote and await _take_vote(received, services, note):
        return
    author = await _find_author(services, activity, note)
    await check_reply(services, author, note.id, note.in_reply_to, note.reply_authorization)
    # A refusal of the studio is sent to the asker: what was said must not be forgotten by a power cut.
    asks = services.site.config.commissions.policy != "off"
    async with services.database.write(durable=asks) as tx:
        if await activities.was_deleted(tx, actor_uri=author.uri, object_uri=note.id):
            raise Ignored("it was deleted before it came")
        heard = await hear_reply(tx, services.site, author, note)
        if heard != ACCEPTED:
            await end(tx, services.site, received, "waiting" if heard == PENDING else heard, withheld=True)
            return
        kept = await keep_note(tx, services.site, author, note)
        # A post that came before in another way, as an answer's parent, is asked for in this one.
        post = kept or await posts.find_by_uri(tx, note.id)
        if kept is not None:
            await ask_ancestors(tx, services.site, kept)
        verdict = await commission(tx, services.site, author, post) if post else None
        outcome = "kept" if kept else "known"
        await end(tx, services.site, received, f"{outcome}; {verdict}" if verdict else outcome)


async def check_wanted(
    reader: Reader, site: Site, author_uri: str, note: RemoteNote, *, addressed: Iterable[str] = ()
) -> None:
    """Raise Ignored for a post that nobody here would read; `addressed` are whom its activity names beside it."""
    author = await actors.find_by_uri(reader, author_uri)
    if author is not None and await follows.has_local_follower(reader, author.id):
        return
    named = {*note.to, *note.cc, *addressed, *(tag.href for tag in note.tags if tag.kind == "mention")}
    for uri in named:
        told = await actors.find_by_uri(reader, uri) if uri and site.is_ours(uri) else None
        if told is not None and not await _is_refused(reader, told, author, author_uri):
            return
    parent = await posts.find_by_uri(reader, note.in_reply_to) if note.in_reply_to else None
    if parent is not None and await _may_answer(reader, parent, author):
        return
    raise Ignored("nobody here reads it")


async def _find_author(services: Services, activity: Activity, note: RemoteNote) -> Actor:
    """Whose post it is, asked for only where somebody here reads it; raises Ignored where nobody does.

    Of a stranger the name is known afterwards, and it may be of a host that somebody wants nothing of.
    """
    addressed = (*activity.to, *activity.cc)
    async with services.database.read() as reader:
        await check_wanted(reader, services.site, activity.actor, note, addressed=addressed)
        is_known = await actors.find_by_uri(reader, activity.actor) is not None
    author = await find_actor(services, activity.actor)
    if not is_known:
        async with services.database.read() as reader:
            await check_wanted(reader, services.site, activity.actor, note, addressed=addressed)
    return author


async def _take_vote(received: Received, services: Services, note: RemoteNote) -> bool:
    """Count a note that names an option of a poll of ours; false where it answers no poll."""
    async with services.database.read() as reader:
        asked = await posts.find_by_uri(reader, note.in_reply_to) if note.in_reply_to else None
        if asked is None or await polls.find(reader, asked.id) is None:
            return False
    voter = await find_actor(services, received.activity.actor)
    async with services.database.write(durable=False) as tx:
        author = await actors.find(tx, asked.actor_id)
        if author is None or not author.local or not await may_see_post(tx, asked, author, voter):
            raise Ignored("there is no such poll of ours")
        outcome = await receive_vote(tx, services.site, voter, asked, note.name or "")
        await end(tx, services.site, received, outcome)
    return True


async def _find_note(services: Services, activity: Activity) -> RemoteNote:
    document = believable_object(activity)
    if document is not None and not NOTE_TYPES.isdisjoint(types_of(document)):
        return read_note(document)
    if document is not None and types_of(document):
        raise Ignored("it creates something other than a post")
    if activity.object_id is None:
        raise Ignored("it creates nothing")
    return await fetch_note(services, activity.object_id)


async def _may_answer(reader: Reader, parent: Post, author: Actor | None) -> bool:
    """Whether the author may see what they answer; an address can be guessed."""
    asked = await actors.find(reader, parent.actor_id)
    return asked is not None and await may_see_post(reader, parent, asked, author)


async def _is_refused(reader: Reader, told: Actor, author: Actor | None, uri: str) -> bool:
    """Whether `told` wants nothing of the author; of one whom we never heard of, at most the host is blocked."""
    if author is not None:
        return await refuses(reader, told, author)
    return await domain_blocks.is_blocked(reader, by=told.id, host=host_of(uri))
