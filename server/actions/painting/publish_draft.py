"""Publishes a painted draft with its author's last changes. It must not paint; the picture lies there."""

from dataclasses import dataclass

from activitypub.audience import Visibility
from server.actions.painting.request_picture import ALT_AT_MOST
from server.actions.writing.compose import Person
from server.actions.writing.publish import Draft, publish
from server.problems import Conflict, Invalid, NotFound
from server.site import Site
from server.store.database import Transaction
from server.store.people import preferences
from server.store.people.actors import Actor
from server.store.writing import generations, media, posts
from server.store.writing.generations import Generation
from server.store.writing.posts import Post


@dataclass(frozen=True, slots=True, kw_only=True)
class LastChanges:
    """What the author settles when publishing; `people` are those named in the caption, looked up."""

    caption: str
    visibility: Visibility
    alt: str = ""
    summary: str = ""
    sensitive: bool = False
    people: tuple[Person, ...] = ()


async def publish_draft(
    tx: Transaction, site: Site, author: Actor, generation: Generation, changes: LastChanges
) -> Post:
    """Publish a painted draft; a second call returns the same post. An empty alternative text leaves the drafted one.

    Raises:
        NotFound: it is somebody else's, or its picture is gone.
        Conflict: it is not painted, or waits for another post.
        Invalid: a text is too long.
    """
    if generation.actor_id != author.id:
        raise NotFound("There is no such picture.")
    known = await posts.find_by_generation(tx, generation.id)
    if known is not None:
        return known
    if generation.state != generations.PAINTED:
        raise Conflict("This picture is not painted yet.")
    picture = await media.find_by_generation(tx, generation.id)
    if picture is None:
        raise NotFound("The picture of this wish is gone.")
    if picture.post_id is not None or picture.scheduled_id is not None:
        raise Conflict("This picture belongs to another post, which is not out yet.")
    if len(changes.alt) > ALT_AT_MOST:
        raise Invalid(f"An alternative text may have {ALT_AT_MOST} characters.", field="alt")
    if changes.alt:
        await media.describe(tx, picture.id, changes.alt)
    parent = await posts.find(tx, generation.in_reply_to_id) if generation.in_reply_to_id else None
    draft = Draft(
        text=changes.caption,
        visibility=changes.visibility,
        people=changes.people,
        picture_ids=(picture.id,),
        summary=changes.summary or None,
        sensitive=changes.sensitive,
        language=(await preferences.find(tx, author.id)).language,
        in_reply_to=parent,
        generation=generation,
        quote_policy=generation.quote_policy,
        reply_policy=generation.reply_policy,
    )
    return await publish(tx, site, author, draft)
