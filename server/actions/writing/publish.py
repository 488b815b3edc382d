"""Publishes a post: stores it, builds its Create and hands that to delivery. It must not paint or fetch anything."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from activitypub import activities as build
from activitypub.audience import Visibility, address
from server.actions.clients.given import Given
from server.actions.network.outgoing import Reserved, hold, mint, send
from server.actions.network.represent import represent_post
from server.actions.telling.notify import notify
from server.actions.telling.tell import tell_watchers
from server.actions.writing.ask import Asked, ask, check_poll
from server.actions.writing.ask_to_reply import ask_to_reply, find_asked
from server.actions.writing.choose import Rules, choose_replies, choose_rules, policy_for
from server.actions.writing.compose import Person, compose, find_hashtags
from server.actions.writing.converse import add_to_conversation
from server.actions.writing.hold_reply import keep_back
from server.actions.writing.origin import find_origin, write_origin
from server.actions.writing.quote import ask_to_quote, check_quote, keep_quote
from server.actions.writing.quote_line import write_line
from server.actions.writing.spoken import change_spoken
from server.actions.writing.spread import spread_post
from server.actions.writing.threading import join_context
from server.problems import Conflict, Invalid, NotFound
from server.site import Site
from server.store.database import Reader, Transaction
from server.store.people import actors, preferences
from server.store.people.actors import Actor
from server.store.writing import generations, media, posts, quotes
from server.store.writing.generations import Generation
from server.store.writing.posts import Mentioned, Post

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
    asked: Asked | None = None
    quoted: Post | None = None
    # Who may quote and who may answer it; None is as its author usually has it.
    quote_policy: str | None = None
    reply_policy: str | None = None
    # Who may like, answer and boost it, more exactly; a single word for answers goes before.
    rules: Rules | None = None
    reserved: Reserved | None = None
    # By another generator than ours, as its file says.
    generated: bool = False


async def publish(tx: Transaction, site: Site, author: Actor, draft: Draft) -> Post:
    """Publish `draft` as a post of `author`.

    Raises:
        Invalid: the text is too long, or there is neither text nor picture.
        Forbidden: who is answered or quoted does not want it.
    """
    check_draft(draft)
    draft = await _with_origin(tx, await _with_parent(tx, author, draft))
    wanted = _post(site, author, draft)
    asked = await find_asked(tx, author, draft.in_reply_to)
    post = wanted if asked is None else keep_back(wanted, asked)
    await posts.add(tx, post, mentioned=_mentioned(draft), tags=_tags(site, draft))
    for position, picture_id in enumerate(draft.picture_ids):
        await media.attach(tx, picture_id, post.id, position=position)
    await join_context(tx, post, draft.in_reply_to)
    await _keep_extras(tx, site, author, draft, wanted)
    if asked is not None and draft.in_reply_to is not None:
        activity_id = await _hold_create(tx, site, author, wanted, draft)
        await ask_to_reply(tx, site, author, wanted, draft.in_reply_to, asked, activity_id)
        return post
    await spread_post(tx, site, post, author)
    await _tell(tx, site, author, draft, post)
    await _send_create(tx, site, author, post, draft)
    if draft.quoted is not None:
        await ask_to_quote(tx, site, author, post)
    return post


def preview_post(site: Site, author: Actor, draft: Draft) -> Post:
    """Return the post that `draft` would become now, which is stored nowhere."""
    return _post(site, author, draft)


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
        language=(await preferences.find(tx, author.id)).language,
        in_reply_to=parent,
        generation=generation,
        quote_policy=generation.quote_policy,
        reply_policy=generation.reply_policy,
    )
    return await publish(tx, site, author, draft)


def check_draft(draft: Draft) -> None:
    """Raise Invalid where `draft` is no post."""
    if draft.given is not None:
        return
    if len(draft.text) > TEXT_AT_MOST:
        raise Invalid(f"A post may have {TEXT_AT_MOST} characters, not {len(draft.text)}.", field="text")
    if not draft.text.strip() and not draft.picture_ids and draft.quoted is None:
        raise Invalid("A post needs words or a picture.", field="text")
    if draft.asked is not None:
        check_poll(draft.asked)


async def _keep_extras(tx: Transaction, site: Site, author: Actor, draft: Draft, post: Post) -> None:
    """What hangs on a post beside its words and pictures: its poll, its quote, and who may quote it."""
    if draft.asked is not None:
        await ask(tx, site, post, draft.asked)
    usual = await preferences.find(tx, author.id)
    policy = draft.quote_policy or usual.quote_policy
    await quotes.put_policy(tx, post.id, policy_for(Visibility(post.visibility), policy))
    await choose_replies(tx, post, usual.reply_policy)
    await choose_rules(tx, post, draft.rules or {})
    if draft.reply_policy is not None:
        await choose_replies(tx, post, draft.reply_policy)
    quoted_author = await actors.find(tx, draft.quoted.actor_id) if draft.quoted else None
    if draft.quoted is not None and quoted_author is not None:
        state = await check_quote(tx, draft.quoted, quoted_author, author)
        await keep_quote(tx, site, post, author, draft.quoted, state)


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


async def _with_origin(tx: Transaction, draft: Draft) -> Draft:
    """Whoever posts a picture, and through whatever client: it says how it came to be."""
    if draft.generation is not None or not draft.picture_ids:
        return draft
    pictures = await media.find_many(tx, draft.picture_ids)
    origin = await find_origin(tx, [pictures[one] for one in draft.picture_ids if one in pictures])
    return replace(draft, generation=origin.generation, generated=origin.generated)


def _mentioned(draft: Draft) -> list[Mentioned]:
    if draft.given is not None:
        return list(draft.given.mentioned)
    return [Mentioned(person.uri, f"@{person.handle}") for person in draft.people]


def _tags(site: Site, draft: Draft) -> list[str]:
    if draft.given is not None:
        return [*draft.given.hashtags, *list_tags(site, "", draft.generation)]
    return list_tags(site, draft.text, draft.generation)


def _post(site: Site, author: Actor, draft: Draft) -> Post:
    post = _written(site, author, draft)
    if draft.given is None:
        return post
    given = draft.given
    extra = change_spoken(site, given.extra, None, draft.generation)
    return replace(
        post,
        type=given.type,
        content_html=given.content_html + write_origin(site, draft.generation),
        source=draft.text or None,
        in_reply_to_uri=given.in_reply_to,
        visibility=given.visibility(author).value,
        to_uris=msgspec.json.encode(given.to).decode(),
        cc_uris=msgspec.json.encode(given.cc).decode(),
        blind_uris=msgspec.json.encode(given.blind).decode() if given.blind else None,
        extra=msgspec.json.encode(extra).decode() if extra else None,
        generated=post.generated or given.generated,
        published_at=given.published_at or post.published_at,
    )


def _written(site: Site, author: Actor, draft: Draft) -> Post:
    post_id = draft.reserved.post_id if draft.reserved else site.ids.new()
    to, cc = address(draft.visibility, author.followers_uri or "", [person.uri for person in draft.people])
    parent = draft.in_reply_to
    return Post(
        id=post_id,
        uri=site.post_uri(author.username, post_id),
        actor_id=author.id,
        local=True,
        type="Question" if draft.asked else "Note",
        url=site.post_url(author.username, post_id),
        in_reply_to_uri=parent.uri if parent else None,
        in_reply_to_id=parent.id if parent else None,
        content_html=write_content(site, draft.text, draft.people, draft.generation, quoted=draft.quoted),
        source=draft.text,
        summary=draft.summary or None,
        sensitive=draft.sensitive or bool(draft.summary),
        language=draft.language,
        visibility=draft.visibility.value,
        to_uris=msgspec.json.encode(to).decode(),
        cc_uris=msgspec.json.encode(cc).decode(),
        generated=draft.generation is not None or draft.generated,
        generation_id=draft.generation.id if draft.generation else None,
        published_at=site.clock.now(),
        updated_at=None,
        deleted_at=None,
        replies_count=0,
        likes_count=0,
        shares_count=0,
    )


def write_content(
    site: Site, text: str, people: Sequence[Person], generation: Generation | None, *, quoted: Post | None = None
) -> str:
    """Return a post's HTML: the author's words, then for a generated picture its prompt, its origin and the hashtag.

    Before them stands where the quoted post is, for who does not know quotes; those who do hide that line.
    """
    line = write_line(quoted) if quoted else ""
    return line + compose(site, text, people) + write_origin(site, generation)


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


async def _send_create(tx: Transaction, site: Site, author: Actor, post: Post, draft: Draft) -> None:
    reserved = draft.reserved
    activity_id = reserved.activity_id if reserved else mint(site, author)[0]
    document = await write_create(tx, site, author, post, draft, activity_id)
    seen, uri = post.visibility, post.uri
    await send(tx, site, author, activity_id, document, visibility=seen, object_uri=uri, held=reserved is not None)


async def _hold_create(tx: Transaction, site: Site, author: Actor, post: Post, draft: Draft) -> int:
    """Store the Create of an answer that may not be sent yet; return its id."""
    activity_id = draft.reserved.activity_id if draft.reserved else mint(site, author)[0]
    if draft.reserved is None:
        document = await write_create(tx, site, author, post, draft, activity_id)
        await hold(tx, site, author, activity_id, document, object_uri=post.uri)
    return activity_id


async def write_create(
    reader: Reader, site: Site, author: Actor, post: Post, draft: Draft, activity_id: int
) -> build.Document:
    """Return the Create of the post that `draft` became, or is to become."""
    uri = site.activity_uri(author.uri, activity_id)
    document = build.create(uri, author.uri, await represent_post(reader, site, author, post))
    return {**draft.given.activity, **document} if draft.given is not None else document
