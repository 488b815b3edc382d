"""Pictures that somebody brings or wishes for before there is a post: stored, described, taken back, forgotten.

It must not touch files. A picture belongs to who brought it, and nobody else may post it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from server.actions.painting.request_picture import ALT_AT_MOST, Wish, request_picture
from server.actions.writing.remove import remove_file
from server.ids import MICROSECONDS
from server.problems import Invalid, NotFound
from server.site import Site
from server.store.database import Reader, Transaction
from server.store.people.actors import Actor
from server.store.writing import generations, media
from server.store.writing.media import Media

# Who uploads and then forgets to post comes back the same day, or never.
LOOSE_SECONDS = 86_400
DROPPED_AT_ONCE = 100
ABSENT = "There is no such picture of yours."
NOT_READY = "Cannot attach files that have not finished processing. Try again in a moment!"


@dataclass(frozen=True, slots=True)
class About:
    """What its owner says of a picture; None leaves it as it is. `focus` runs from -1 to 1, right and up."""

    description: str | None = None
    focus: tuple[float, float] | None = None

    def check(self) -> None:
        """Raise Invalid where that cannot be said."""
        if len(self.description or "") > ALT_AT_MOST:
            raise Invalid(f"An alternative text may have {ALT_AT_MOST} characters.", field="description")
        if self.focus is not None and not all(-1 <= value <= 1 for value in self.focus):
            raise Invalid("A focal point lies between -1 and 1.", field="focus")


class Files(Protocol):
    """What the intake says of the files that it stored; `source` is IPTC's word where they say they were generated."""

    @property
    def media_type(self) -> str:
        """Of the file that other servers fetch."""

    @property
    def keys(self) -> tuple[str, str, str]:
        """Of that file, the one of our pages, and the thumbnail."""

    @property
    def width(self) -> int:
        """In pixels."""

    @property
    def height(self) -> int:
        """In pixels."""

    @property
    def bytes(self) -> int:
        """Of the file that other servers fetch."""

    @property
    def blurhash(self) -> str:
        """Stands for the picture while it loads."""

    @property
    def digest_multibase(self) -> str:
        """Of the file that other servers fetch."""

    @property
    def source(self) -> str | None:
        """The origin."""


async def add_upload(tx: Transaction, site: Site, owner: Actor, files: Files, about: About) -> Media:
    """Store the facts of an uploaded picture."""
    about.check()
    file_key, web_key, thumbnail_key = files.keys
    picture = replace(
        _place(site, owner, about),
        media_type=files.media_type,
        file_key=file_key,
        web_key=web_key,
        thumbnail_key=thumbnail_key,
        width=files.width,
        height=files.height,
        bytes=files.bytes,
        blurhash=files.blurhash,
        digest_multibase=files.digest_multibase,
        source=files.source,
    )
    await media.add(tx, picture)
    return picture


async def reserve_picture(tx: Transaction, site: Site, owner: Actor, wish: Wish, about: About) -> Media:
    """Have a picture painted that is no post yet, and return its place.

    Raises:
        Invalid, TooMany: the wish cannot be taken.
    """
    about.check()
    generation = await request_picture(tx, site, owner, replace(wish, draft=True, alt=about.description or wish.alt))
    picture = replace(_place(site, owner, about), generation_id=generation.id)
    await media.add(tx, picture)
    return picture


async def find_upload(reader: Reader, owner: Actor, media_id: int) -> Media:
    """Return a picture of `owner`; raises NotFound."""
    picture = await media.find(reader, media_id)
    if picture is None or picture.actor_id != owner.id:
        raise NotFound(ABSENT)
    return picture


async def change_upload(tx: Transaction, owner: Actor, picture: Media, about: About) -> Media:
    """Describe a picture anew.

    Raises:
        NotFound: it is somebody else's, or in a post already, which is then edited instead.
        Invalid: it cannot be described so.
    """
    about.check()
    if picture.actor_id != owner.id or (picture.post_id is not None and picture.is_there):
        raise NotFound(ABSENT)
    if about.description is not None:
        await media.describe(tx, picture.id, about.description)
    if about.focus is not None:
        await media.focus(tx, picture.id, *about.focus)
    return await find_upload(tx, owner, picture.id)


async def take_pictures(
    reader: Reader, owner: Actor, media_ids: Sequence[int], *, scheduled_id: int | None = None
) -> list[Media]:
    """Return the pictures of `owner` that a post is to have, in order; of them none may be in another post.

    Raises:
        Invalid: one is somebody else's, in use, or not there yet.
    """
    found = await media.find_many(reader, media_ids)
    pictures = [found.get(one) for one in dict.fromkeys(media_ids)]
    taken = []
    for picture in pictures:
        if picture is None or picture.actor_id != owner.id or picture.post_id is not None:
            raise Invalid("A picture of this post is not yours, or is in another post.", field="media_ids")
        if picture.scheduled_id not in (None, scheduled_id):
            raise Invalid("A picture of this post waits for another post.", field="media_ids")
        if not picture.is_there:
            raise Invalid(NOT_READY, field="media_ids")
        taken.append(picture)
    return taken


async def drop_upload(tx: Transaction, site: Site, owner: Actor, picture: Media) -> None:
    """Forget a picture that is in no post; one that is being painted is painted no further.

    Raises:
        NotFound: it is somebody else's.
        Invalid: it is in a post, or waits for one.
    """
    if picture.actor_id != owner.id:
        raise NotFound(ABSENT)
    if picture.post_id is not None or picture.scheduled_id is not None:
        raise Invalid("This picture is in a post.")
    await forget_picture(tx, site, picture)


async def forget_picture(tx: Transaction, site: Site, picture: Media) -> None:
    """Forget a picture, its files and the words of its wish."""
    if picture.generation_id is not None:
        await generations.finish(tx, picture.generation_id, generations.CANCELLED, at=site.clock.now())
        await generations.scrub(tx, picture.generation_id)
    for key in await media.drop(tx, picture):
        await remove_file(tx, site, key)


async def prune_uploads(tx: Transaction, site: Site) -> int:
    """Forget some uploads that nobody posted within a day; return how many."""
    before = site.clock.now() - LOOSE_SECONDS * MICROSECONDS
    loose = await media.list_loose(tx, before=before, limit=DROPPED_AT_ONCE)
    for picture in loose:
        await forget_picture(tx, site, picture)
    return len(loose)


def _place(site: Site, owner: Actor, about: About) -> Media:
    horizontal, vertical = about.focus or (None, None)
    return Media(
        id=site.ids.new(),
        actor_id=owner.id,
        post_id=None,
        position=0,
        media_type="image/jpeg",
        remote_url=None,
        file_key=None,
        web_key=None,
        thumbnail_key=None,
        width=None,
        height=None,
        bytes=None,
        blurhash=None,
        alt=about.description or "",
        focal_x=horizontal,
        focal_y=vertical,
        digest_multibase=None,
        generation_id=None,
        created_at=site.clock.now(),
    )
