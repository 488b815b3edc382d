"""What an event of the store means to who listens: who hears it, and what each of them is shown.

It must not decide alone who may see a post: `show_entries` does, with the listener's filters, blocks and mutes.
"""

from dataclasses import dataclass
from typing import cast

import msgspec

from server.actions.writing.spread import DELETE, EDIT, UPDATE, Places
from server.mastodon.showing.conversations import show_conversations
from server.mastodon.showing.notices import show_notifications
from server.mastodon.showing.statuses import FilterContext, show_entries
from server.mastodon.streaming.streams import Happening, Stream
from server.site import Site
from server.store.database import Reader
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.reading import feeds, reactions
from server.store.reading.stream_events import StreamEvent
from server.store.reading.timelines import Entry
from server.store.telling import notifications
from server.store.writing import conversations, media, posts
from server.store.writing.posts import Post


@dataclass(frozen=True, slots=True)
class Told:
    """An event with the post that it is about, if it is about one that is there."""

    event: StreamEvent
    happening: Happening
    entry: Entry | None = None


async def understand(reader: Reader, event: StreamEvent) -> Told | None:
    """Look up who hears of an event; None where it is over already."""
    if event.kind == DELETE:
        places = msgspec.json.decode(event.places or "{}", type=Places)
        feeds_had = frozenset(places.feeds)
        return Told(event, Happening(DELETE, feeds=feeds_had, public=places.public, tags=frozenset(places.tags)))
    if event.kind not in (UPDATE, EDIT):
        return Told(event, Happening(event.kind, actor_id=event.actor_id))
    post = await posts.find(reader, event.post_id)
    if post is None or post.deleted_at is not None:
        return None
    entry = await _find_entry(reader, event, post)
    return Told(event, await _happening(reader, event, post), entry) if entry else None


async def show(reader: Reader, site: Site, told: Told, stream: Stream, viewer: Actor | None) -> tuple[bool, str | None]:
    """Return whether a viewer is shown anything of it, and the payload."""
    kind, event = told.event.kind, told.event
    if told.entry is not None:
        context = cast(FilterContext, stream.context)
        shown = await show_entries(reader, site, [told.entry], viewer, context=context)
        return _payload(shown)
    if kind == DELETE:
        return True, str(event.entry_id)
    if viewer is None:
        return False, None
    if kind == "notification":
        notice = await notifications.find(reader, event.entry_id)
        return _payload(await show_notifications(reader, site, [notice], viewer) if notice else [])
    if kind == "conversation":
        kept = await conversations.find(reader, viewer.id, event.entry_id)
        return _payload(await show_conversations(reader, site, [kept], viewer) if kept else [])
    return True, "1" if kind == "notifications_merged" else None


def _payload(shown: object) -> tuple[bool, str | None]:
    if not isinstance(shown, list) or not shown:
        return False, None
    return True, msgspec.json.encode(shown[0]).decode()


async def _find_entry(reader: Reader, event: StreamEvent, post: Post) -> Entry | None:
    if event.entry_id == post.id:
        return Entry(post.id, post)
    boost = await reactions.find_by_id(reader, event.entry_id)
    return Entry(boost.id, post, boost) if boost is not None else None


async def _is_silenced(reader: Reader, post: Post) -> bool:
    author = await actors.find(reader, post.actor_id)
    return author is None or author.silenced_at is not None


async def _happening(reader: Reader, event: StreamEvent, post: Post) -> Happening:
    """A change of a post is heard wherever it stands; a boost only where it was put."""
    is_boost = event.entry_id != post.id
    entry_id = None if event.kind == EDIT else event.entry_id
    feeds_had = frozenset(await feeds.list_having(reader, post.id, entry_id=entry_id))
    if is_boost or post.visibility != "public" or await _is_silenced(reader, post):
        return Happening(event.kind, feeds=feeds_had)
    return Happening(
        event.kind,
        feeds=feeds_had,
        public=True,
        is_reply=post.in_reply_to_uri is not None,
        local=post.local,
        has_media=post.id in await media.list_of_posts(reader, [post.id]),
        tags=frozenset(await posts.list_hashtags(reader, post.id)),
    )
