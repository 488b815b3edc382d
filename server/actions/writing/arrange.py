"""Arranges the pictures of one of our posts anew: others, another order, other words. It must not send the change."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.actions.writing.upload import About, take_pictures
from server.site import Site
from server.store.database import Transaction
from server.store.people.actors import Actor
from server.store.writing import media
from server.store.writing.media import Media
from server.store.writing.posts import Post


@dataclass(frozen=True, slots=True)
class Described:
    """What is said anew of one picture of a post."""

    media_id: int
    about: About


async def arrange_pictures(
    tx: Transaction, site: Site, author: Actor, post: Post, wanted: Sequence[int]
) -> list[Media]:
    """Make `wanted` the pictures of a post, in order. One that is taken out is like an upload that is not posted yet.

    Raises:
        Invalid: one of them is somebody else's, in another post, or not there yet.
    """
    held = {one.id: one for one in (await media.list_of_posts(tx, [post.id])).get(post.id, [])}
    fresh = {one.id: one for one in await take_pictures(tx, author, [one for one in wanted if one not in held])}
    known = held | fresh
    order = [known[one] for one in dict.fromkeys(wanted)]
    for picture in held.values():
        if picture.id not in wanted:
            await media.detach(tx, picture.id, at=site.clock.now())
    for position, picture in enumerate(order):
        await media.attach(tx, picture.id, post.id, position=position)
    return order


async def describe_pictures(tx: Transaction, post: Post, described: Sequence[Described]) -> None:
    """Say something else of pictures of a post; what is not in it is left alone.

    Raises:
        Invalid: a description is too long, or a point out of the picture.
    """
    held = {one.id for one in (await media.list_of_posts(tx, [post.id])).get(post.id, [])}
    for one in described:
        if one.media_id not in held:
            continue
        one.about.check()
        if one.about.description is not None:
            await media.describe(tx, one.media_id, one.about.description)
        if one.about.focus is not None:
            await media.focus(tx, one.media_id, *one.about.focus)
