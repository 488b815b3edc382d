"""Finds what an address of ours stands for, and whether the one who asks may see it. It must not build documents."""

from dataclasses import dataclass

from activitypub.activities import Document
from activitypub.audience import Visibility, is_open
from activitypub.notes import build_tombstone
from server.actions.writing.see import may_see_post
from server.federation.signed_get import find_viewer
from server.ids import iso
from server.problems import NotFound, Problem
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

    def __init__(self, tombstone: Document, *, for_good: bool = True) -> None:
        super().__init__("This was deleted.")
        self.tombstone = tombstone
        # A suspension may end.
        self.for_good = for_good


@dataclass(frozen=True, slots=True)
class Shown:
    """A post that the asker may see; `open` when everybody may."""

    author: Actor
    post: Post
    open: bool


async def find_person(reader: Reader, uri: str) -> Actor:
    """Find one of our actors by its id; raises NotFound or Gone."""
    actor = await actors.find_by_uri(reader, uri)
    if actor is None or not actor.local:
        raise NotFound(ABSENT)
    ended = actor.gone_at or actor.suspended_at
    if ended is not None:
        raise Gone(build_tombstone(actor.uri, actor.type, iso(ended)), for_good=actor.gone_at is not None)
    return actor


async def find_post(services: Services, name: str, post_id: int) -> Shown:
    """Find a post of ours for whoever sent this request.

    Raises:
        NotFound: there is none, or the asker may not see it (which must not be told apart).
        Gone: it was deleted, and anybody could have seen it.
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
