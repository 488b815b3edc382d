"""Changes one of our posts and tells everybody who got it. It must not change what a picture shows."""

from dataclasses import dataclass, replace

import msgspec

from activitypub import activities as build
from activitypub.audience import Visibility, address
from server.actions.network.outgoing import mint, send
from server.actions.network.represent import represent_post
from server.actions.telling.notify import notify
from server.actions.telling.tell import tell_change
from server.actions.writing.arrange import Described, arrange_pictures, describe_pictures
from server.actions.writing.ask import Asked, ask
from server.actions.writing.ask_to_reply import check_sent
from server.actions.writing.choose import Rules, choose_replies, choose_rules, policy_for
from server.actions.writing.compose import Person
from server.actions.writing.origin import change_origin, find_origin
from server.actions.writing.publish import TEXT_AT_MOST, list_tags, write_content
from server.actions.writing.revise import remember, remember_first
from server.actions.writing.spoken import change_spoken
from server.actions.writing.spread import spread_edit
from server.problems import Forbidden, Invalid, NotFound
from server.site import Site
from server.store.database import Transaction
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.writing import generations, media, polls, posts, quotes
from server.store.writing.generations import Generation
from server.store.writing.posts import Mentioned, Post


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What an author may change; None leaves it as it is, an empty summary removes it."""

    text: str | None = None
    people: tuple[Person, ...] = ()
    summary: str | None = None
    sensitive: bool | None = None
    alt: str | None = None
    language: str | None = None
    picture_ids: tuple[int, ...] | None = None
    described: tuple[Described, ...] = ()
    # Another poll; the votes in the one before are void.
    asked: Asked | None = None
    quote_policy: str | None = None
    reply_policy: str | None = None
    rules: Rules | None = None


async def edit_post(tx: Transaction, site: Site, author: Actor, post: Post, change: Change) -> Post:
    """Apply `change` and send the whole new Note.

    Raises:
        NotFound: the post is deleted.
        Forbidden: it is somebody else's, or an answer that may not be sent yet.
        Invalid: the text is too long, or there is nothing left; a picture, poll or policy that cannot be.
    """
    if post.deleted_at is not None:
        raise NotFound("This post is gone.")
    if post.actor_id != author.id:
        raise Forbidden("This post is not yours.")
    if len(change.text or "") > TEXT_AT_MOST:
        raise Invalid(f"A post may have {TEXT_AT_MOST} characters.", field="text")
    await check_sent(tx, post)
    await remember_first(tx, site, post)
    await _change_extras(tx, site, author, post, change)
    changed = await _apply(tx, site, author, post, change)
    await remember(tx, site, changed)
    await spread_edit(tx, site, changed)
    await tell_change(tx, site, author, changed)
    activity_id, uri = mint(site, author)
    document = build.update(uri, author.uri, await represent_post(tx, site, author, changed))
    await send(tx, site, author, activity_id, document, visibility=None, object_uri=post.uri)
    return changed


async def _change_extras(tx: Transaction, site: Site, author: Actor, post: Post, change: Change) -> None:
    """Change what hangs on a post beside its words."""
    if change.picture_ids is not None:
        shown = await arrange_pictures(tx, site, author, post, change.picture_ids)
        text = (post.source or post.content_html) if change.text is None else change.text
        if not shown and not (text or "").strip() and await quotes.find(tx, post.id) is None:
            raise Invalid("A post needs words or a picture.", field="text")
    await describe_pictures(tx, post, change.described)
    if change.alt is not None:
        for picture in (await media.list_of_posts(tx, [post.id])).get(post.id, []):
            await media.describe(tx, picture.id, change.alt)
    if change.asked is not None and (await media.list_of_posts(tx, [post.id])).get(post.id):
        raise Invalid("A post has pictures or a poll, not both.", field="poll")
    if change.asked is not None and not await _asks_the_same(tx, post, change.asked):
        await ask(tx, site, post, change.asked)
    if change.quote_policy is not None:
        await quotes.put_policy(tx, post.id, policy_for(Visibility(post.visibility), change.quote_policy))
    await choose_rules(tx, post, change.rules or {})
    if change.reply_policy is not None:
        await choose_replies(tx, post, change.reply_policy)


async def _asks_the_same(tx: Transaction, post: Post, asked: Asked) -> bool:
    """Clients send the poll again with every edit; the same question keeps its votes."""
    known = await polls.find(tx, post.id)
    if known is None or known.multiple != asked.multiple or known.hide_totals != asked.hide_totals:
        return False
    return [one.title for one in known.options] == [title.strip() for title in asked.options]


async def _apply(tx: Transaction, site: Site, author: Actor, post: Post, change: Change) -> Post:
    before = await generations.find(tx, post.generation_id) if post.generation_id else None
    pictures = (await media.list_of_posts(tx, [post.id])).get(post.id, [])
    origin = await find_origin(tx, pictures)
    generation = origin.generation
    text = post.source or "" if change.text is None else change.text
    summary = post.summary if change.summary is None else change.summary or None
    quote = await quotes.find(tx, post.id)
    # What its author refused is not pointed to again.
    stands = quote is not None and quote.state in (quotes.ACCEPTED, quotes.PENDING)
    quoted = await posts.find(tx, quote.quoted_id or 0) if quote is not None and stands else None
    written = write_content(site, text, change.people, generation, quoted=quoted)
    changed = replace(
        post,
        type="Question" if change.asked else post.type,
        source=post.source if change.text is None else text,
        # Words that stay keep their mentions, which nobody looked up again.
        content_html=change_origin(site, post.content_html, before, generation) if change.text is None else written,
        generation_id=generation.id if generation else None,
        generated=origin.generated or (post.generated and (bool(pictures) or change.picture_ids is None)),
        language=change.language or post.language,
        summary=summary,
        sensitive=post.sensitive if change.sensitive is None else change.sensitive,
        extra=_change_extra(site, post, change, before, generation),
        # A peer ignores an Update that is not newer than what it has; some compare whole seconds.
        updated_at=max(site.clock.now(), (post.updated_at or post.published_at) + 1_000_000),
    )
    mentioned = await posts.list_mentions(tx, post.id)
    known = {one.actor_uri for one in mentioned}
    added = [Mentioned(person.uri, f"@{person.handle}") for person in change.people if person.uri not in known]
    if added:
        changed = _address(changed, author, [*mentioned, *added])
    # A client of another kind may have named hashtags that stand in no text of ours.
    known_tags = await posts.list_hashtags(tx, post.id) if change.text is None else []
    tags = list(dict.fromkeys([*known_tags, *list_tags(site, text, generation)]))
    await posts.edit(tx, changed, mentioned=[*mentioned, *added], tags=tags)
    for one in added:
        if (named := await actors.find_by_uri(tx, one.actor_uri)) is not None:
            await notify(tx, site, named, "mention", by=author, post_id=post.id)
    return changed


def _change_extra(
    site: Site, post: Post, change: Change, before: Generation | None, after: Generation | None
) -> str | None:
    """What a client of another kind wrote stays, but for what the changed words said in other languages."""
    if post.extra is None:
        return None
    stale = {"contentMap": change.text is not None, "summaryMap": change.summary is not None}
    kept = {name: value for name, value in post.more.items() if not stale.get(name)}
    return msgspec.json.encode(change_spoken(site, kept, before, after)).decode()


def _address(post: Post, author: Actor, mentioned: list[Mentioned]) -> Post:
    """Whoever is newly named is addressed too, or the Update would never reach them."""
    people = [one.actor_uri for one in mentioned]
    to, cc = address(Visibility(post.visibility), author.followers_uri or "", people)
    return replace(post, to_uris=msgspec.json.encode(to).decode(), cc_uris=msgspec.json.encode(cc).decode())
