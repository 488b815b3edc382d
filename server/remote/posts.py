"""Finds posts, ours and others', and stores a peer's post with its pictures. It must not say who may see them.

It must not be called inside a transaction, but for `keep_post`.
"""

import html
from dataclasses import dataclass, replace

import msgspec

from activitypub.audience import visibility_of
from activitypub.authority import check_document, check_note
from activitypub.errors import ProtocolError
from activitypub.reading import RemoteAttachment, RemoteNote, read_note
from activitypub.vocabulary import without_fragment
from server.html import clean, plain_text
from server.ids import parse_iso
from server.remote.people import find_actor
from server.remote.profiles import fetch_document
from server.remote.seam import FetchFailed, Reach
from server.site import Site
from server.store import media, posts
from server.store.actors import Actor
from server.store.database import Transaction
from server.store.media import Media
from server.store.posts import Mentioned, Post

# A picture whose type the peer does not say is looked at when it is shown; any other kind of file is only a link.
UNKNOWN_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Found:
    """A peer's post as fetched and checked, and its author; not stored yet."""

    note: RemoteNote
    author: Actor


async def find_post(reach: Reach, uri: str, *, parents: int = 1) -> Post | None:
    """Find a post by its id: in the store, else at its own server, with the post it answers (`parents` steps up).

    None when it was deleted, here or there, or is ours and does not exist.

    Raises:
        FetchFailed: its server does not give it.
        ProtocolError: what its server gives may not be believed.
    """
    uri = without_fragment(uri)
    async with reach.database.read() as reader:
        known = await posts.find_by_uri(reader, uri)
    if known is not None or reach.site.is_ours(uri):
        return known if known is not None and known.deleted_at is None else None
    try:
        found = await fetch_post(reach, uri)
    except FetchFailed as failure:
        if failure.gone:
            return None
        raise
    parent = await find_parent(reach, found.note, parents=parents)
    async with reach.database.write(durable=False) as tx:
        await keep_post(tx, reach.site, found, parent=parent)
        stored = await posts.find_by_uri(tx, found.note.id)
    return stored if stored is not None and stored.deleted_at is None else None


async def fetch_post(reach: Reach, uri: str) -> Found:
    """Fetch a peer's post and its author from their own origin; raises like `find_post`."""
    document = await fetch_document(reach, uri)
    note = read_note(document.value)
    if note.id != uri:
        # Asked by its page's address: once more, by the id, which then must fit.
        document = await fetch_document(reach, note.id)
        uri, note = note.id, read_note(document.value)
    check_document(uri, document.url, note.id)
    return await read_found(reach, note)


async def read_found(reach: Reach, note: RemoteNote, *, actor_uri: str | None = None) -> Found:
    """Find the author of a post that was fetched, or came in a Create of `actor_uri`; raises like `find_post`."""
    author_uri = actor_uri or note.attributed_to
    check_note(author_uri, note, reach.site.origin)
    return Found(note, await find_actor(reach, author_uri))


async def find_parent(reach: Reach, note: RemoteNote, *, parents: int = 1) -> Post | None:
    """Find what a post answers; None where that cannot be had. At most `parents` steps up are fetched (T52)."""
    if note.in_reply_to is None:
        return None
    if parents <= 0:
        async with reach.database.read() as reader:
            return await posts.find_by_uri(reader, note.in_reply_to)
    try:
        return await find_post(reach, note.in_reply_to, parents=parents - 1)
    except (FetchFailed, ProtocolError):
        return None


async def keep_post(tx: Transaction, site: Site, found: Found, *, parent: Post | None) -> Post | None:
    """Store a peer's post with its pictures, once; None when it was stored before (or deleted)."""
    post = build_post(site, found, parent=parent)
    tags = [tag.name.removeprefix("#") for tag in found.note.tags if tag.kind == "hashtag"]
    if not await posts.add(tx, post, mentioned=_mentioned(found.note), tags=tags):
        return None
    if parent is not None:
        await posts.count_reply(tx, parent.id, +1)
    await keep_pictures(tx, site, found, post)
    return post


async def keep_pictures(tx: Transaction, site: Site, found: Found, post: Post) -> None:
    """Store where the pictures of a peer's post are; the files stay there."""
    for position, attachment in enumerate(found.note.attachments):
        await media.add(tx, _picture(site, found.author, post, position, attachment))


def build_post(site: Site, found: Found, *, parent: Post | None) -> Post:
    """A peer's post as we store it, under a new id, its HTML made harmless."""
    note, author, now = found.note, found.author, site.clock.now()
    return Post(
        id=site.ids.new(),
        uri=note.id,
        actor_id=author.id,
        local=False,
        type=note.type,
        url=note.url,
        in_reply_to_uri=note.in_reply_to,
        in_reply_to_id=parent.id if parent is not None else None,
        content_html=_content(note),
        source=None,
        summary=plain_text(note.summary) or None if note.summary else None,
        sensitive=note.sensitive,
        language=note.language,
        visibility=visibility_of(note.to, note.cc, author.followers_uri).value,
        to_uris=msgspec.json.encode(note.to).decode(),
        cc_uris=msgspec.json.encode(note.cc).decode(),
        generated=note.gen_ai,
        generation_id=None,
        # A date ahead of us would stay on top of every list.
        published_at=min(parse_iso(note.published) or now, now),
        updated_at=parse_iso(note.updated),
        deleted_at=None,
        replies_count=0,
        likes_count=0,
        shares_count=0,
    )


def change_post(post: Post, found: Found, *, now: int) -> Post:
    """The stored post with what its author changed; identity, audience and counts stay."""
    note = found.note
    return replace(
        post,
        content_html=_content(note),
        summary=plain_text(note.summary) or None if note.summary else None,
        sensitive=note.sensitive,
        language=note.language,
        updated_at=parse_iso(note.updated) or now,
    )


def _content(note: RemoteNote) -> str:
    """The text, below its title where it has one (an Article, an Event)."""
    title = f"<p><strong>{html.escape(note.name)}</strong></p>" if note.name else ""
    return title + clean(note.content_html or "")


def _mentioned(note: RemoteNote) -> list[Mentioned]:
    return [Mentioned(tag.href, tag.name) for tag in note.tags if tag.kind == "mention" and tag.href is not None]


def _picture(site: Site, author: Actor, post: Post, position: int, attachment: RemoteAttachment) -> Media:
    focal_x, focal_y = attachment.focal or (None, None)
    return Media(
        id=site.ids.new(),
        actor_id=author.id,
        post_id=post.id,
        position=position,
        media_type=attachment.media_type or UNKNOWN_TYPE,
        remote_url=attachment.url,
        file_key=None,
        web_key=None,
        thumbnail_key=None,
        width=attachment.width,
        height=attachment.height,
        bytes=None,
        blurhash=attachment.blurhash,
        alt=attachment.alt or "",
        focal_x=focal_x,
        focal_y=focal_y,
        digest_multibase=None,
        generation_id=None,
        created_at=site.clock.now(),
    )
