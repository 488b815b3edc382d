"""Takes a finished picture from the studio: its facts are stored and, unless it is a draft, it is published at once.

A post that waits for it is published by a job of its own: what stands against that must not undo the picture.

It must not touch pixels or files; those lie in the media storage already.
"""

from dataclasses import dataclass, replace

from server.actions.writing.compose import Person
from server.actions.writing.publish import publish_generation
from server.actions.writing.remove import remove_file
from server.site import Site
from server.store.database import Transaction
from server.store.people import actors
from server.store.writing import generations, media
from server.store.writing.generations import Generation
from server.store.writing.media import Media
from server.store.writing.posts import Post


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPicture:
    """The files of a picture (keys of the media storage) and what is known of them; sizes in pixels and bytes."""

    file_key: str
    media_type: str
    web_key: str
    thumbnail_key: str
    width: int
    height: int
    bytes: int
    blurhash: str
    digest_multibase: str


async def deliver_picture(
    tx: Transaction,
    site: Site,
    generation_id: int,
    picture: StoredPicture,
    *,
    manifest: str,
    model: str,
    drawn_by_rules: bool,
    people: tuple[Person, ...] = (),
) -> Post | None:
    """End a wish as painted and publish it; None for a draft, or when the wish ended otherwise meanwhile.

    `model` is the one that painted it; `people` are those named in the caption, looked up.
    """
    now = site.clock.now()
    if not await generations.finish(tx, generation_id, generations.PAINTED, at=now, manifest=manifest, model=model):
        for key in (picture.file_key, picture.web_key, picture.thumbnail_key):
            await remove_file(tx, site, key)
        return None
    generation = await generations.find(tx, generation_id)
    author = await actors.find(tx, generation.actor_id) if generation else None
    if generation is None or author is None:
        return None
    painted = _media(site, generation, picture, drawn_by_rules=drawn_by_rules)
    place = await media.find_place(tx, generation.id)
    if place is None:
        await media.add(tx, painted)
    else:
        await media.fill(tx, replace(painted, id=place.id, alt=place.alt or painted.alt))
        await _tell_promise(tx, site, place)
    if generation.draft:
        return None
    return await publish_generation(tx, site, author, generation, people=people)


async def _tell_promise(tx: Transaction, site: Site, place: Media) -> None:
    if place.post_id is not None:
        job = {"post": place.post_id}
        await site.queue.enqueue(tx, "keep_promise", job, unique=f"keep_promise:{place.post_id}:{place.id}")


def write_alt(site: Site, generation: Generation, *, drawn_by_rules: bool) -> str:
    """Return the alternative text: the author's, or the origin with the prompt, unless prompts are kept private."""
    if generation.alt:
        return generation.alt
    origin = "Picture drawn by rules" if drawn_by_rules else "AI-generated picture"
    if not site.config.posting.show_prompt:
        return origin
    return f"{origin}: {generation.prompt}"[:1500]


def _media(site: Site, generation: Generation, picture: StoredPicture, *, drawn_by_rules: bool) -> Media:
    return Media(
        id=site.ids.new(),
        actor_id=generation.actor_id,
        post_id=None,
        position=0,
        media_type=picture.media_type,
        remote_url=None,
        file_key=picture.file_key,
        web_key=picture.web_key,
        thumbnail_key=picture.thumbnail_key,
        width=picture.width,
        height=picture.height,
        bytes=picture.bytes,
        blurhash=picture.blurhash,
        alt=write_alt(site, generation, drawn_by_rules=drawn_by_rules),
        focal_x=None,
        focal_y=None,
        digest_multibase=picture.digest_multibase,
        generation_id=generation.id,
        created_at=site.clock.now(),
    )
