"""Ends the promise of a post that cannot be kept, and says why to its author. It must not paint or publish."""

from server.site import Site
from server.store.database import Transaction
from server.store.writing import generations, media, promises

CANCELLED = "This was taken back."


async def break_promise_of(tx: Transaction, site: Site, generation_id: int, error: str) -> None:
    """Say of the post that waits for this wish's picture, if there is one, that it will not be."""
    place = await media.find_place(tx, generation_id)
    if place is not None and place.post_id is not None:
        await break_promise(tx, site, place.post_id, error)


async def break_promise(tx: Transaction, site: Site, post_id: int, error: str) -> None:
    """Say of a promised post that it will not be; what is still open of its pictures is painted no further."""
    if not await promises.break_(tx, post_id, error):
        return
    for picture in (await media.list_of_posts(tx, [post_id])).get(post_id, []):
        if picture.generation_id is not None:
            await generations.finish(tx, picture.generation_id, generations.CANCELLED, at=site.clock.now())
