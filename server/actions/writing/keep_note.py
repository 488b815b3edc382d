"""Stores a peer's note as a post, or changes the one we have. It must not fetch, nor judge whether it may be believed.

The caller has asked `authority.check_note`, and `authority.check_update` for a change.
"""

from dataclasses import dataclass, replace

import msgspec

from activitypub.audience import Visibility, visibility_of
from activitypub.consent import Kind
from activitypub.reading import RemoteAttachment, RemoteNote
from server.actions.network.apply_rule import apply_rule
from server.actions.network.look_up import ask_answers
from server.actions.telling.notify import notify
from server.actions.telling.tell import tell_change, tell_watchers
from server.actions.writing.allow import Standing, keep_policy, may_do
from server.actions.writing.emojis import keep_emoji
from server.actions.writing.hold_reply import keep_back, put_aside, write_kept
from server.actions.writing.quote import receive_quote, settle_quotes
from server.actions.writing.revise import remember, remember_first
from server.actions.writing.see import may_see_post
from server.actions.writing.spread import spread_edit, spread_post
from server.actions.writing.threading import keep_threading
from server.actions.writing.vote import keep_question
from server.html import clean, plain_text
from server.ids import parse_iso
from server.site import Site
from server.store.database import Transaction
from server.store.network import walks
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.reading import search
from server.store.writing import consents, media, posts
from server.store.writing.media import Media
from server.store.writing.posts import Mentioned, Post

# What our pages show; Mastodon keeps four, Pixelfed up to twenty.
PICTURES_AT_MOST = 16


async def keep_note(
    tx: Transaction, site: Site, author: Actor, note: RemoteNote, *, with_quoted: bool = True
) -> Post | None:
    """Store `note` once, with its pictures and tags, and tell whom it names here; None when it was there.

    Without `with_quoted` what it quotes is not fetched, so that nobody leads us along a chain of quotes. One that was
    there for its history alone is news from now on.
    """
    note = await apply_rule(tx, author, note)
    parent = await _find_parent(tx, author, note)
    post = _post(site, author, note, parent)
    mentioned = _mentioned(note)
    if not await posts.add(tx, post, mentioned=mentioned, tags=_tags(note)):
        return await _make_news(tx, site, author, note, parent)
    await _keep_pictures(tx, site, author, post, note)
    await _keep_extras(tx, site, author, post, note, with_quoted=with_quoted)
    await keep_emoji(tx, site, author.host, note.emoji)
    await settle_quotes(tx, site, post)
    if note.is_answered:
        # It was boosted, or came late.
        await ask_answers(tx, site, post)
    await spread_post(tx, site, post, author)
    await _tell(tx, site, author, post, parent, mentioned)
    return post


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that is kept back, and what has to be remembered of it as it is meant."""

    post_id: int
    wanted: str


async def keep_waiting(
    tx: Transaction, site: Site, author: Actor, note: RemoteNote, parent: Post, asked: Actor
) -> Kept | None:
    """Store an answer that `asked` is to look at first, for those two alone, telling nobody; None when it waits.

    One that came before in another way, as something that stands for itself, is kept back from now on.
    """
    note = await apply_rule(tx, author, note)
    meant, mentioned = _post(site, author, note, parent), _mentioned(note)
    # Whom a peer's post names may see it, so that they are put aside as well.
    named = [one for one in mentioned if one.actor_uri == asked.uri]
    held = keep_back(meant, asked)
    if not await posts.add(tx, held, mentioned=named, tags=_tags(note)):
        return await _take_aside(tx, site, author, note, parent, asked)
    await _keep_pictures(tx, site, author, held, note)
    await _keep_extras(tx, site, author, held, note, with_quoted=False)
    await keep_emoji(tx, site, author.host, note.emoji)
    return Kept(held.id, write_kept(meant, mentioned=mentioned))


async def keep_history(tx: Transaction, site: Site, author: Actor, note: RemoteNote) -> Post | None:
    """Store a note that nobody sent us, in its place among older ones, telling nobody; None when it was there.

    It is marked as looked up. What it quotes is not fetched.
    """
    now = site.clock.now()
    note = await apply_rule(tx, author, note)
    post = _post(site, author, note, await _find_parent(tx, author, note))
    post = replace(post, id=site.ids.at(min(parse_iso(note.published) or now, now)))
    if not await posts.add(tx, post, mentioned=_mentioned(note), tags=_tags(note)):
        return None
    await walks.mark(tx, post.id, at=now)
    await _keep_pictures(tx, site, author, post, note)
    await _keep_extras(tx, site, author, post, note, with_quoted=False)
    await keep_emoji(tx, site, author.host, note.emoji, overwrite=False)
    await settle_quotes(tx, site, post)
    await search.remember(tx, post)
    return post


async def change_note(tx: Transaction, site: Site, author: Actor, post: Post, note: RemoteNote) -> bool:
    """Overwrite a stored post with its newer version; false when ours is as new (statement 158).

    How a poll stands and who may quote is taken over even so: neither is an edit (Mastodon sends both undated).
    """
    if post.deleted_at is not None:
        return False
    if _is_no_edit(post, note):
        await _keep_extras(tx, site, author, post, note)
        return False
    note = await apply_rule(tx, author, note)
    updated = parse_iso(note.updated) or site.clock.now()
    if updated <= (post.updated_at or post.published_at):
        return False
    await remember_first(tx, site, post)
    changed = _changed(post, note, updated)
    before, named = await posts.list_mentions(tx, post.id), _mentioned(note)
    if await is_kept_back(tx, post):
        # Whom it names now would see it before it may be seen, and hear of it.
        named = before
    await posts.edit(tx, changed, mentioned=named, tags=_tags(note))
    await media.drop_of_post(tx, post.id)
    await _keep_pictures(tx, site, author, changed, note)
    await _keep_extras(tx, site, author, changed, note)
    await keep_emoji(tx, site, author.host, note.emoji)
    await remember(tx, site, changed)
    await spread_edit(tx, site, changed)
    await tell_change(tx, site, author, changed)
    named_before = {one.actor_uri for one in before}
    await _tell_named(tx, site, author, changed, [one for one in named if one.actor_uri not in named_before])
    return True


async def is_kept_back(tx: Transaction, post: Post) -> bool:
    """Whether it is an answer whose asked author did not agree to it, yet or for good."""
    if post.in_reply_to_id is None:
        return False
    said = await consents.find_pair(tx, Kind.REPLY, post.uri, post.in_reply_to_id)
    return said is not None and said.state != consents.ACCEPTED


async def _take_aside(
    tx: Transaction, site: Site, author: Actor, note: RemoteNote, parent: Post, asked: Actor
) -> Kept | None:
    post = await posts.find_by_uri(tx, note.id)
    if post is None or post.deleted_at is not None or post.visibility == Visibility.DIRECT:
        return None
    if post.actor_id != author.id:
        # Somebody on the same server claims what is another's.
        return None
    post = replace(post, in_reply_to_id=parent.id)
    await put_aside(tx, site, post, asked)
    return Kept(post.id, write_kept(post, mentioned=_mentioned(note)))


async def _make_news(tx: Transaction, site: Site, author: Actor, note: RemoteNote, parent: Post | None) -> Post | None:
    """Show and tell a post that was looked up before it was sent to us; None where it is known for itself."""
    post = await posts.find_by_uri(tx, note.id)
    if post is None or post.deleted_at is not None or not await walks.unmark(tx, post.id):
        return None
    await search.forget(tx, post.id)
    await spread_post(tx, site, post, author)
    await _tell(tx, site, author, post, parent, _mentioned(note))
    return post


def _is_no_edit(post: Post, note: RemoteNote) -> bool:
    """Whether an Update tells a poll's counts, a policy or a stamp alone: words and time are those that we know."""
    known = (post.content_html, post.updated_at)
    tells_more = note.question is not None or note.policy.says_something or note.quote is not None
    return tells_more and known == (_content(note), parse_iso(note.updated))


async def _keep_extras(
    tx: Transaction, site: Site, author: Actor, post: Post, note: RemoteNote, *, with_quoted: bool = True
) -> None:
    """What hangs on a post beside its words and pictures: its poll, its quote, and who may quote it."""
    await keep_threading(tx, post, note)
    if note.question is not None:
        await keep_question(tx, site, post, note.question)
    await keep_policy(tx, post, author, note.policy)
    if note.quote is not None and note.quote != post.uri:
        stamp = note.quote_authorization
        await receive_quote(tx, site, post, author, note.quote, stamp_uri=stamp, fetch=with_quoted)


async def _find_parent(tx: Transaction, author: Actor, note: RemoteNote) -> Post | None:
    """What `note` answers. A post of ours that its author may not see is as good as none: an address can be guessed.

    So is one whose author does not want this answer, or did not agree to it yet, however it came.
    """
    parent = await posts.find_by_uri(tx, note.in_reply_to) if note.in_reply_to else None
    if parent is None or not parent.local:
        return parent
    asked = await actors.find(tx, parent.actor_id)
    if asked is None or not await may_see_post(tx, parent, asked, author):
        return None
    said = await consents.find_pair(tx, Kind.REPLY, note.id, parent.id)
    if said is not None:
        return parent if said.state == consents.ACCEPTED else None
    return parent if await may_do(tx, Kind.REPLY, parent, asked, author) is Standing.AUTOMATIC else None


def _post(site: Site, author: Actor, note: RemoteNote, parent: Post | None) -> Post:
    now = site.clock.now()
    published = parse_iso(note.published)
    return Post(
        id=site.ids.new(),
        uri=note.id,
        actor_id=author.id,
        local=False,
        type=note.type,
        url=note.url,
        in_reply_to_uri=note.in_reply_to,
        in_reply_to_id=parent.id if parent else None,
        content_html=_content(note),
        source=None,
        summary=plain_text(note.summary) if note.summary else None,
        sensitive=note.sensitive,
        language=note.language,
        visibility=visibility_of(note.to, note.cc, author.followers_uri).value,
        to_uris=msgspec.json.encode(note.to).decode(),
        cc_uris=msgspec.json.encode(note.cc).decode(),
        generated=note.gen_ai,
        generation_id=None,
        # A post from the future would stay on top for ever.
        published_at=min(published, now) if published is not None else now,
        updated_at=parse_iso(note.updated),
        deleted_at=None,
        replies_count=0,
        likes_count=0,
        shares_count=0,
    )


def _changed(post: Post, note: RemoteNote, updated: int) -> Post:
    return replace(
        post,
        content_html=_content(note),
        summary=plain_text(note.summary) if note.summary else None,
        sensitive=note.sensitive,
        language=note.language,
        generated=note.gen_ai,
        updated_at=updated,
    )


def _content(note: RemoteNote) -> str:
    title = f"<p><strong>{clean(note.name)}</strong></p>" if note.name else ""
    return title + clean(note.content_html or "")


def _mentioned(note: RemoteNote) -> list[Mentioned]:
    return [Mentioned(tag.href, tag.name) for tag in note.tags if tag.kind == "mention" and tag.href]


def _tags(note: RemoteNote) -> list[str]:
    return [tag.name.lstrip("#") for tag in note.tags if tag.kind == "hashtag" and tag.name.lstrip("#")]


async def _keep_pictures(tx: Transaction, site: Site, author: Actor, post: Post, note: RemoteNote) -> None:
    pictures = [one for one in note.attachments if (one.media_type or "image/").startswith("image/")]
    for position, picture in enumerate(pictures[:PICTURES_AT_MOST]):
        await media.add(tx, _picture(site, author, post, picture, position))


def _picture(site: Site, author: Actor, post: Post, picture: RemoteAttachment, position: int) -> Media:
    focal_x, focal_y = picture.focal or (None, None)
    return Media(
        id=site.ids.new(),
        actor_id=author.id,
        post_id=post.id,
        position=position,
        media_type=picture.media_type or "image/jpeg",
        remote_url=picture.url,
        file_key=None,
        web_key=None,
        thumbnail_key=None,
        width=picture.width,
        height=picture.height,
        bytes=None,
        blurhash=picture.blurhash,
        alt=picture.alt or "",
        focal_x=focal_x,
        focal_y=focal_y,
        digest_multibase=None,
        generation_id=None,
        created_at=site.clock.now(),
    )


async def _tell(
    tx: Transaction, site: Site, author: Actor, post: Post, parent: Post | None, mentioned: list[Mentioned]
) -> None:
    answered = parent.actor_id if parent is not None and parent.local else 0
    told = await actors.find(tx, answered) if answered else None
    # Kept for a follower of its author here, an answer may not be for the eyes of whom it answers.
    if told is not None and await may_see_post(tx, post, author, told):
        await notify(tx, site, told, "reply", by=author, post_id=post.id)
    others = [one for one in mentioned if told is None or one.actor_uri != told.uri]
    await _tell_named(tx, site, author, post, others)
    await tell_watchers(tx, site, author, post, parent=parent)


async def _tell_named(tx: Transaction, site: Site, author: Actor, post: Post, mentioned: list[Mentioned]) -> None:
    for one in mentioned:
        named = await actors.find_by_uri(tx, one.actor_uri) if site.is_ours(one.actor_uri) else None
        if named is not None:
            await notify(tx, site, named, "mention", by=author, post_id=post.id)
