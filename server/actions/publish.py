"""Publishes a post: stores it, builds its Create and hands that to delivery. It must not paint or fetch anything."""

import html
from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from activitypub import activities as build
from activitypub.audience import Visibility, address
from server.actions.compose import Person, compose, find_hashtags, hashtag_link
from server.actions.converse import add_to_conversation
from server.actions.given import Given
from server.actions.manifests import PaintedWith, read_manifest
from server.actions.notify import notify
from server.actions.outgoing import mint, send
from server.actions.represent import represent_post
from server.actions.spread import spread_post
from server.actions.tell import tell_watchers
from server.problems import Conflict, Invalid, NotFound
from server.site import Site
from server.store import actors, generations, media, posts
from server.store.actors import Actor
from server.store.database import Transaction
from server.store.generations import Generation
from server.store.posts import Mentioned, Post

# Mastodon shows long posts whole; beyond this a post is an essay and belongs elsewhere.
TEXT_AT_MOST = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is to be posted. `people` are those named in `text`, looked up; `picture_ids` are media of the author.

    With `given`, an ActivityPub client wrote the object itself: `text` is its source, `people` are told and no others.
    """

    text: str
    visibility: Visibility
    people: tuple[Person, ...] = ()
    picture_ids: tuple[int, ...] = ()
    summary: str | None = None
    sensitive: bool = False
    language: str | None = None
    in_reply_to: Post | None = None
    generation: Generation | None = None
    given: Given | None = None


async def publish(tx: Transaction, site: Site, author: Actor, draft: Draft) -> Post:
    """Publish `draft` as a post of `author`.

    Raises:
        Invalid: the text is too long, or there is neither text nor picture.
    """
    _check(draft)
    draft = await _with_parent(tx, author, draft)
    post = _post(site, author, draft)
    await posts.add(tx, post, mentioned=_mentioned(draft), tags=_tags(site, draft))
    for position, picture_id in enumerate(draft.picture_ids):
        await media.attach(tx, picture_id, post.id, position=position)
    await spread_post(tx, site, post, author)
    await _tell(tx, site, author, draft, post)
    await _send_create(tx, site, author, post, draft.given)
    return post


async def publish_generation(
    tx: Transaction, site: Site, author: Actor, generation: Generation, *, people: tuple[Person, ...] = ()
) -> Post:
    """Publish a painted picture as its wish says; a second call returns the same post.

    Raises:
        Conflict: it is not painted.
        NotFound: its picture is gone.
    """
    known = await posts.find_by_generation(tx, generation.id)
    if known is not None:
        return known
    if generation.state != generations.PAINTED:
        raise Conflict("This picture is not painted yet.")
    picture = await media.find_by_generation(tx, generation.id)
    if picture is None:
        raise NotFound("The picture of this wish is gone.")
    parent = await posts.find(tx, generation.in_reply_to_id) if generation.in_reply_to_id else None
    draft = Draft(
        text=generation.caption or "",
        visibility=Visibility(generation.visibility),
        people=people,
        picture_ids=(picture.id,),
        summary=generation.summary,
        sensitive=generation.sensitive,
        in_reply_to=parent,
        generation=generation,
    )
    return await publish(tx, site, author, draft)


def _check(draft: Draft) -> None:
    if draft.given is not None:
        return
    if len(draft.text) > TEXT_AT_MOST:
        raise Invalid(f"A post may have {TEXT_AT_MOST} characters, not {len(draft.text)}.", field="text")
    if not draft.text.strip() and not draft.picture_ids:
        raise Invalid("A post needs words or a picture.", field="text")


async def _with_parent(tx: Transaction, author: Actor, draft: Draft) -> Draft:
    """A reply names whom it answers: Pixelfed threads it only if the parent's author is mentioned and addressed."""
    if draft.in_reply_to is None or draft.given is not None:
        return draft
    parent_author = await actors.find(tx, draft.in_reply_to.actor_id)
    if parent_author is None or parent_author.id == author.id:
        return draft
    if any(person.uri == parent_author.uri for person in draft.people):
        return draft
    person = Person(parent_author.handle, parent_author.uri, parent_author.url or parent_author.uri)
    return replace(draft, people=(person, *draft.people))


def _mentioned(draft: Draft) -> list[Mentioned]:
    if draft.given is not None:
        return list(draft.given.mentioned)
    return [Mentioned(person.uri, f"@{person.handle}") for person in draft.people]


def _tags(site: Site, draft: Draft) -> list[str]:
    if draft.given is not None:
        return list(draft.given.hashtags)
    return list_tags(site, draft.text, draft.generation)


def _post(site: Site, author: Actor, draft: Draft) -> Post:
    post = _written(site, author, draft)
    if draft.given is None:
        return post
    given = draft.given
    return replace(
        post,
        type=given.type,
        content_html=given.content_html,
        source=draft.text or None,
        in_reply_to_uri=given.in_reply_to,
        visibility=given.visibility(author).value,
        to_uris=msgspec.json.encode(given.to).decode(),
        cc_uris=msgspec.json.encode(given.cc).decode(),
        blind_uris=msgspec.json.encode(given.blind).decode() if given.blind else None,
        extra=msgspec.json.encode(given.extra).decode() if given.extra else None,
        generated=post.generated or given.generated,
        published_at=given.published_at or post.published_at,
    )


def _written(site: Site, author: Actor, draft: Draft) -> Post:
    post_id = site.ids.new()
    to, cc = address(draft.visibility, author.followers_uri or "", [person.uri for person in draft.people])
    parent = draft.in_reply_to
    return Post(
        id=post_id,
        uri=site.post_uri(author.username, post_id),
        actor_id=author.id,
        local=True,
        type="Note",
        url=site.post_url(author.username, post_id),
        in_reply_to_uri=parent.uri if parent else None,
        in_reply_to_id=parent.id if parent else None,
        content_html=write_content(site, draft.text, draft.people, draft.generation),
        source=draft.text,
        summary=draft.summary or None,
        sensitive=draft.sensitive or bool(draft.summary),
        language=draft.language,
        visibility=draft.visibility.value,
        to_uris=msgspec.json.encode(to).decode(),
        cc_uris=msgspec.json.encode(cc).decode(),
        generated=draft.generation is not None,
        generation_id=draft.generation.id if draft.generation else None,
        published_at=site.clock.now(),
        updated_at=None,
        deleted_at=None,
        replies_count=0,
        likes_count=0,
        shares_count=0,
    )


def write_content(site: Site, text: str, people: Sequence[Person], generation: Generation | None) -> str:
    """Return a post's HTML: the author's words, then for a generated picture its prompt, its origin and the hashtag."""
    parts = [compose(site, text, people)]
    painted = read_manifest(generation.manifest) if generation else None
    if generation is not None and painted is not None:
        if site.config.posting.show_prompt:
            parts.append(f"<p>“{html.escape(generation.prompt)}”</p>")
        parts.append(f"<p>{_origin(painted)}{_label(site)}</p>")
    return "".join(part for part in parts if part)


def _origin(painted: PaintedWith) -> str:
    if painted.drawn_by_rules:
        return "Drawn by rules, not by a model."
    return f"Painted by {html.escape(painted.model)}."


def _label(site: Site) -> str:
    """The hashtag of generated pictures, behind a blank; nothing where the operator wants none."""
    hashtag = site.config.posting.hashtag
    return f" {hashtag_link(site, hashtag)}" if hashtag else ""


def list_tags(site: Site, text: str, generation: Generation | None) -> list[str]:
    """Return the hashtags that a post is found by: those of its text, and that of generated pictures."""
    label = site.config.posting.hashtag if generation is not None else ""
    tags = [*find_hashtags(text), *([label] if label else [])]
    return list(dict.fromkeys(tag.lower() for tag in tags))


async def _tell(tx: Transaction, site: Site, author: Actor, draft: Draft, post: Post) -> None:
    answered = draft.in_reply_to.actor_id if draft.in_reply_to else 0
    for person in draft.people:
        told = await actors.find_by_uri(tx, person.uri)
        if told is not None:
            await notify(tx, site, told, "reply" if told.id == answered else "mention", by=author, post_id=post.id)
    await add_to_conversation(tx, site, author, post)
    await tell_watchers(tx, site, author, post, parent=draft.in_reply_to)


async def _send_create(tx: Transaction, site: Site, author: Actor, post: Post, given: Given | None) -> None:
    activity_id, uri = mint(site, author)
    document = build.create(uri, author.uri, await represent_post(tx, site, author, post))
    if given is not None:
        document = {**given.activity, **document}
    await send(tx, site, author, activity_id, document, visibility=post.visibility, object_uri=post.uri)
