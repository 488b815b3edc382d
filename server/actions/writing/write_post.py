"""Makes a post of what a client sent: ids become the things they mean, as far as their author may use them.

It must not look anybody up; who is named arrives known.
"""

import msgspec

from activitypub.audience import Visibility, is_open
from server.actions.painting.paint_post import is_painting, paint_post
from server.actions.writing.ask import Asked
from server.actions.writing.ask_to_reply import find_asked
from server.actions.writing.choose import check_policy, check_replies
from server.actions.writing.compose import Person
from server.actions.writing.publish import TEXT_AT_MOST, Draft, publish
from server.actions.writing.quote import check_quote
from server.actions.writing.see import may_see_post
from server.actions.writing.upload import take_pictures
from server.problems import Invalid, NotFound
from server.site import Site
from server.store.database import Reader, Transaction
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.writing import posts
from server.store.writing.interactions import Allowed
from server.store.writing.posts import Post

# What clients have room for (Mastodon's, and what it keeps of others' posts).
PICTURES_AT_MOST = 4
NO_PARENT = "The post that you want to answer is not there, or not for you."


class Writing(msgspec.Struct, frozen=True, kw_only=True):
    """A post as its author wants it. It can be written down for later: things are named by their ids."""

    text: str
    visibility: Visibility
    summary: str | None = None
    sensitive: bool = False
    language: str | None = None
    in_reply_to_id: int | None = None
    picture_ids: tuple[int, ...] = ()
    asked: Asked | None = None
    quoted_id: int | None = None
    quote_policy: str | None = None
    reply_policy: str | None = None
    rules: dict[str, Allowed | None] | None = None


async def write_post(
    tx: Transaction,
    site: Site,
    author: Actor,
    writing: Writing,
    *,
    people: tuple[Person, ...] = (),
    scheduled_id: int | None = None,
) -> Post:
    """Publish what was written; a wish for a picture becomes a post that is promised. `people` are named in the text.

    Raises:
        Invalid: there is too much or too little, or a picture that cannot be posted.
        NotFound: what it answers or quotes is not there for its author.
        Forbidden: what it answers or quotes may not be.
    """
    draft = await make_draft(tx, author, writing, people=people, scheduled_id=scheduled_id)
    if await is_painting(tx, author, draft.text):
        return (await paint_post(tx, site, author, draft)).post
    return await publish(tx, site, author, draft)


async def make_draft(
    tx: Transaction,
    author: Actor,
    writing: Writing,
    *,
    people: tuple[Person, ...] = (),
    scheduled_id: int | None = None,
) -> Draft:
    """Return what is to be published, and see that it may be; raises like `write_post`."""
    _check(writing)
    pictures = await take_pictures(tx, author, writing.picture_ids, scheduled_id=scheduled_id)
    quoted = await _find_quoted(tx, author, writing.quoted_id)
    text, summary = writing.text, writing.summary
    if not text.strip() and summary and not pictures:
        # A warning before nothing is what was meant to be said.
        text, summary = summary, None
    return Draft(
        text=text,
        visibility=_narrowed(writing.visibility, quoted),
        people=people,
        picture_ids=tuple(picture.id for picture in pictures),
        summary=summary,
        sensitive=writing.sensitive,
        language=writing.language,
        in_reply_to=await _find_parent(tx, author, writing.in_reply_to_id),
        asked=writing.asked,
        quoted=quoted,
        quote_policy=writing.quote_policy,
        reply_policy=writing.reply_policy,
        rules=writing.rules,
    )


def _check(writing: Writing) -> None:
    if len(writing.text) + len(writing.summary or "") > TEXT_AT_MOST:
        raise Invalid(f"Validation failed: Text character limit of {TEXT_AT_MOST} exceeded", field="status")
    if len(writing.picture_ids) > PICTURES_AT_MOST:
        raise Invalid(f"Cannot attach more than {PICTURES_AT_MOST} files", field="media_ids")
    if writing.picture_ids and writing.asked is not None:
        raise Invalid("A post has pictures or a poll, not both.", field="poll")
    if writing.quote_policy is not None:
        check_policy(writing.quote_policy)
    if writing.reply_policy is not None:
        check_replies(writing.reply_policy)


def _narrowed(visibility: Visibility, quoted: Post | None) -> Visibility:
    """What quotes a post of one's own for followers is for followers too."""
    if quoted is not None and not is_open(Visibility(quoted.visibility)) and is_open(visibility):
        return Visibility.FOLLOWERS
    return visibility


async def _find_parent(reader: Reader, author: Actor, post_id: int | None) -> Post | None:
    if post_id is None:
        return None
    found = await _find_seen(reader, author, post_id)
    if found is None:
        raise NotFound(NO_PARENT)
    await find_asked(reader, author, found[0])
    return found[0]


async def _find_quoted(tx: Transaction, author: Actor, post_id: int | None) -> Post | None:
    if post_id is None:
        return None
    found = await _find_seen(tx, author, post_id)
    if found is None:
        raise NotFound("There is no such post to quote.")
    await check_quote(tx, found[0], found[1], author)
    return found[0]


async def _find_seen(reader: Reader, viewer: Actor, post_id: int) -> tuple[Post, Actor] | None:
    post = await posts.find(reader, post_id)
    author = await actors.find(reader, post.actor_id) if post is not None and post.deleted_at is None else None
    if post is None or author is None or author.gone_at is not None or author.suspended_at is not None:
        return None
    return (post, author) if await may_see_post(reader, post, author, viewer) else None
