"""A peer's actor changes a post of theirs, or themselves. It must not change anybody else's."""

from activitypub.authority import believable_object, check_note, check_update, may_change
from activitypub.reading import RemoteNote, read_note
from activitypub.vocabulary import ACTOR_TYPES, NOTE_TYPES, types_of
from server.actions.network.receive import Received
from server.actions.writing.keep_note import change_note, is_kept_back
from server.ids import MICROSECONDS, parse_iso
from server.inbox import create
from server.inbox.ending import Ignored, end
from server.remote.notes import fetch_note
from server.remote.people import find_actor
from server.services import Services
from server.site import Site
from server.store.writing import posts

# An Update that overtakes its Create does so by minutes. What is older was not sent to us, or nobody wanted it then;
# Mastodon draws the line there too (app/lib/activitypub/activity/update.rb).
OVERTAKING_SECONDS = 86_400


async def handle(received: Received, services: Services) -> None:
    """Replace our copy of the object with the whole new one (ActivityPub 7.3)."""
    activity = received.activity
    document = believable_object(activity)
    types = types_of(document)
    if activity.object_id == activity.actor or not ACTOR_TYPES.isdisjoint(types):
        await _change_actor(received, services)
        return
    if document is not None and NOTE_TYPES.isdisjoint(types):
        raise Ignored("it changes something other than a post")
    if activity.object_id is None:
        raise Ignored("it changes nothing")
    await _change_post(received, services, read_note(document) if document else None)


async def _change_actor(received: Received, services: Services) -> None:
    if received.activity.object_id != received.activity.actor:
        raise Ignored("an actor changes only itself")
    await find_actor(services, received.activity.actor, fresh=True)
    async with services.database.write(durable=False) as tx:
        await end(tx, services.site, received, "changed")


async def _change_post(received: Received, services: Services, embedded: RemoteNote | None) -> None:
    activity = received.activity
    async with services.database.read() as reader:
        known = await posts.find_by_uri(reader, str(activity.object_id))
    if known is None:
        _check_overtook(services.site, embedded)
        await create.handle(received, services)
        return
    note = embedded or await fetch_note(services, known.uri)
    check_note(activity.actor, note, services.site.origin)
    author = await find_actor(services, activity.actor)
    async with services.database.write(durable=False) as tx:
        post = await posts.find_by_uri(tx, note.id)
        if post is None or post.actor_id != author.id:
            raise Ignored("the post is another actor's")
        may_change(activity.actor, author.uri, post.uri)
        check_update(stored_author=author.uri, stored_type=post.type, note=note)
        changed = await change_note(tx, services.site, author, post, note)
        outcome = "changed" if changed else "not newer"
        await end(tx, services.site, received, outcome, withheld=await is_kept_back(tx, post))


def _check_overtook(site: Site, note: RemoteNote | None) -> None:
    """A post that we do not have is new by the rules of a Create, if it was published lately (statement 145)."""
    published = parse_iso(note.published) if note is not None else None
    if note is None or note.is_vote or published is None:
        raise Ignored("we do not have this post")
    if published < site.clock.now() - OVERTAKING_SECONDS * MICROSECONDS:
        raise Ignored("we do not have this post, and it is old")
