"""Finds what an address of ours stands for, and whether the one who asks may see it. It must not build documents."""

from dataclasses import dataclass

from activitypub.activities import Document
from activitypub.audience import Visibility, is_open
from activitypub.notes import build_tombstone
from server.actions.writing.see import may_see_post
from server.federation.signed_get import find_viewer
from server.ids import iso
from server.problems import Forbidden, NotFound, Problem
from server.services import Services
from server.site import Site
from server.store.database import Reader
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.writing import posts
from server.store.writing.posts import Post

# The same words for what is absent and what is hidden.
ABSENT = "There is nothing here, or it is not for you."


class Gone(Problem):
    """It was here and was deleted; its tombstone is the answer."""

    status = 410

    def __init__(self, tombstone: Document) -> None:
        super().__init__("This was deleted.")
        self.tombstone = tombstone


class Suspended(Forbidden):
    """Whose it is was suspended. Never said with 410: peers forget for good what is gone, and this may end."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A post that the asker may see; `open` when everybody may."""

    author: Actor
    post: Post
    open: bool


async def find_actor(reader: Reader, uri: str) -> Actor:
    """Find one of our actors by its id, suspended or not; raises NotFound or Gone."""
    actor = await actors.find_by_uri(reader, uri)
    if actor is None or not actor.local:
        raise NotFound(ABSENT)
    if actor.gone_at is not None:
        raise Gone(build_tombstone(actor.uri, actor.type, iso(actor.gone_at)))
    return actor


async def find_person(reader: Reader, uri: str) -> Actor:
    """Find one of our actors of whom more may be shown than that they are; raises NotFound, Gone or Suspended."""
    actor = await find_actor(reader, uri)
    if actor.suspended_at is not None:
        raise Suspended("This is of somebody who is suspended here.")
    return actor


async def find_post(services: Services, name: str, post_id: int) -> Shown:
    """Find a post of ours for whoever sent this request.

    Raises:
        NotFound: there is none, or the asker may not see it (which must not be told apart).
        Gone: it was deleted, and anybody could have seen it.
        Suspended: its author is, whether it is there or not.
    """
    async with services.database.read() as reader:
        author, post = await _read_post(reader, services.site, name, post_id)
    if is_open(Visibility(post.visibility)):
        if post.deleted_at is not None:
            raise Gone(build_tombstone(post.uri, post.type, iso(post.deleted_at)))
        return Shown(author, post, open=True)
    if post.deleted_at is not None:
        raise NotFound(ABSENT)
    viewer = await find_viewer(services)
    async with services.database.read() as reader:
        if not await may_see_post(reader, post, author, viewer):
            raise NotFound(ABSENT)
    return Shown(author, post, open=False)


async def _read_post(reader: Reader, site: Site, name: str, post_id: int) -> tuple[Actor, Post]:
    author = await find_person(reader, site.actor_uri(name.lower()))
    post = await posts.find(reader, post_id)
    if post is None or not post.local or post.actor_id != author.id:
        raise NotFound(ABSENT)
    return author, post
