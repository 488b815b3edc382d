"""What an ActivityPub client wishes for, as a wish of ours: whole objects, or parts of a post. It must not paint."""

from collections.abc import Sequence
from dataclasses import dataclass

from activitypub.pictures import WishedPicture
from server.actions.painting.request_picture import Wish
from server.actions.writing.upload import About, reserve_picture
from server.site import Site
from server.store.database import Transaction
from server.store.people.actors import Actor


@dataclass(frozen=True, slots=True)
class Part:
    """A picture that a post is to have, at its place among the others."""

    position: int
    picture: WishedPicture


def wish_of(wished: WishedPicture) -> Wish:
    """Return the wish that a client wrote."""
    return Wish(
        prompt=wished.prompt,
        negative=wished.negative,
        seed=wished.seed,
        steps=wished.steps,
        guidance=wished.guidance,
        width=wished.width,
        height=wished.height,
        model=wished.model,
    )


async def reserve_all(
    tx: Transaction, site: Site, owner: Actor, there: Sequence[int], wished: Sequence[Part]
) -> tuple[int, ...]:
    """Have the wished for pictures painted; return all of a post's pictures in their order.

    Raises:
        Invalid, TooMany: one cannot be asked for.
    """
    ids = list(there)
    for one in wished:
        place = await reserve_picture(tx, site, owner, wish_of(one.picture), About(one.picture.alt))
        ids.insert(one.position, place.id)
    return tuple(ids)
