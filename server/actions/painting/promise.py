"""A post whose pictures are still being painted: promised at once, and kept when all of them are there.

It has its ids from the beginning, and nobody but its author is told of it before it is kept. It must not paint.
"""

import html
from dataclasses import dataclass, replace

import msgspec

from server.actions.network.outgoing import Reserved, hold, mint
from server.actions.writing.publish import Draft, check_draft, preview_post, publish, write_create
from server.actions.writing.upload import forget_picture
from server.ids import MICROSECONDS
from server.problems import Conflict
from server.site import Site
from server.store.database import Reader, Transaction
from server.store.network import activities
from server.store.network.activities import Activity
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.writing import generations, media, posts, promises
from server.store.writing.generations import Generation
from server.store.writing.media import Media
from server.store.writing.posts import Post
from server.store.writing.promises import Promise

# Long enough to see on Monday what failed on Friday.
KEPT_SECONDS = 7 * 86_400
DROPPED_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Promised:
    """A post that is to come, as its author sees it, with its Create that nobody else sees."""

    post: Post
    activity: Activity


async def promise_post(tx: Transaction, site: Site, author: Actor, draft: Draft, *, words: str = "") -> Promised:
    """Promise to publish `draft` when the pictures that are its places are painted; `words` is what was typed for it.

    Raises:
        Conflict: all are painted, and it may be published.
        Invalid: it never may be.
    """
    check_draft(draft)
    if not await is_waiting(tx, draft):
        raise Conflict("All pictures of this post are there.")
    post_id = site.ids.new()
    activity_id, _ = mint(site, author)
    draft = replace(draft, reserved=Reserved(post_id, activity_id))
    promise = Promise(
        post_id=post_id,
        actor_id=author.id,
        activity_id=activity_id,
        state=promises.PAINTING,
        error=None,
        words=words or draft.text,
        draft=_write(draft),
        in_reply_to_id=draft.in_reply_to.id if draft.in_reply_to else None,
        created_at=site.clock.now(),
    )
    await promises.add(tx, promise)
    for position, picture_id in enumerate(draft.picture_ids):
        await media.attach(tx, picture_id, post_id, position=position)
    document = await write_create(tx, site, author, preview_post(site, author, draft), draft, activity_id)
    uri = site.post_uri(author.username, post_id)
    activity = await hold(tx, site, author, activity_id, document, object_uri=uri)
    return Promised(await show_promise(tx, site, author, promise), activity)


async def is_waiting(reader: Reader, draft: Draft) -> bool:
    """Whether a picture of `draft` is still to be painted."""
    found = await media.find_many(reader, draft.picture_ids)
    return any(not picture.is_there for picture in found.values())


async def keep_promise(tx: Transaction, site: Site, post_id: int) -> Post | None:
    """Publish a promised post if its last picture is there; None when one is missing, or nothing was promised.

    Raises:
        Problem: it may not be published any more; then the promise is to be broken.
    """
    promise = await promises.find(tx, post_id)
    author = await actors.find(tx, promise.actor_id) if promise else None
    if promise is None or author is None or promise.state != promises.PAINTING:
        return None
    draft = await read_draft(tx, promise)
    if await is_waiting(tx, draft):
        return None
    await promises.drop(tx, post_id)
    return await publish(tx, site, author, draft)


async def take_back(tx: Transaction, site: Site, promise: Promise) -> None:
    """Forget a promised post with its pictures, as if it had never been asked for."""
    for picture in (await media.list_of_posts(tx, [promise.post_id])).get(promise.post_id, []):
        await forget_picture(tx, site, picture)
    await activities.drop(tx, promise.activity_id)
    await promises.drop(tx, promise.post_id)


async def find_promised(reader: Reader, site: Site, viewer: Actor | None, post_id: int) -> Post | None:
    """Return a promised post as its author sees it; None for everybody else, and when nothing was promised."""
    promise = await promises.find(reader, post_id)
    if promise is None or viewer is None or promise.actor_id != viewer.id:
        return None
    return await show_promise(reader, site, viewer, promise)


async def show_promise(reader: Reader, site: Site, author: Actor, promise: Promise) -> Post:
    """Return the post that was promised, with a line that says how it fares."""
    draft = await read_draft(reader, promise)
    post = replace(preview_post(site, author, draft), published_at=promise.created_at)
    wishes = await _list_wishes(reader, promise.post_id)
    lines = [f"<p>“{html.escape(wish.prompt)}”</p>" for wish in wishes if wish.prompt]
    lines.append(f"<p>{html.escape(_standing(promise, wishes))}</p>")
    return replace(post, content_html=post.content_html + "".join(lines), generated=True)


async def read_draft(reader: Reader, promise: Promise) -> Draft:
    """Return what was promised; a post that is gone meanwhile is answered and quoted no more."""
    draft = msgspec.json.decode(promise.draft, type=Draft)
    return replace(
        draft,
        in_reply_to=await _find_living(reader, promise.in_reply_to_id),
        quoted=await _find_living(reader, draft.quoted.id if draft.quoted else None),
    )


async def prune_promises(tx: Transaction, site: Site) -> int:
    """Forget some promises that could not be kept; return how many were looked at."""
    before = site.clock.now() - KEPT_SECONDS * MICROSECONDS
    old = await promises.list_broken(tx, before=before, limit=DROPPED_AT_ONCE)
    for promise in old:
        await take_back(tx, site, promise)
    return len(old)


async def _find_living(reader: Reader, post_id: int | None) -> Post | None:
    post = await posts.find(reader, post_id) if post_id is not None else None
    return post if post is not None and post.deleted_at is None else None


def _write(draft: Draft) -> str:
    """Whom it answers and its picture's wish are looked up anew: both may change meanwhile."""
    return msgspec.json.encode(replace(draft, in_reply_to=None, generation=None)).decode()


async def _list_wishes(reader: Reader, post_id: int) -> list[Generation]:
    pictures: list[Media] = (await media.list_of_posts(reader, [post_id])).get(post_id, [])
    numbers = [picture.generation_id for picture in pictures if picture.generation_id is not None]
    found = await generations.find_many(reader, numbers)
    return [found[number] for number in numbers if number in found]


def _standing(promise: Promise, wishes: list[Generation]) -> str:
    if promise.state == promises.FAILED:
        return f"This could not be painted: {promise.error or 'nobody knows why.'}"
    running = next((wish for wish in wishes if wish.state == generations.RUNNING and wish.steps_total), None)
    if running is not None:
        return f"Being painted: step {running.step} of {running.steps_total}."
    return "Waiting to be painted."
