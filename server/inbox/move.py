"""A peer's actor goes to live elsewhere. It must not take anybody along; `actions.ties.carry_over` does."""

from activitypub.authority import Move, check_move, read_move
from server.actions.network.receive import Received
from server.actions.ties.carry_over import is_anybody_concerned, may_move_again, move_over
from server.inbox.ending import Ignored, end
from server.remote.people import find_actor
from server.services import Services
from server.store.database import Reader
from server.store.people import actors
from server.store.people.actors import Actor


async def handle(received: Received, services: Services) -> None:
    """Have our people follow to the new place, if both places agree (statement 172, FEP-7628)."""
    move = read_move(received.activity)
    if services.site.is_ours(move.old):
        raise Ignored("our own people move by their own hand")
    async with services.database.read() as reader:
        old = await _find_old(reader, services, move)
        if not await is_anybody_concerned(reader, old):
            raise Ignored("nobody here has to do with who moves")
    new = await find_actor(services, move.new, fresh=True)
    moved_to = (await find_actor(services, move.old, fresh=True)).moved_to if move.pulled else None
    check_move(move, aliases=new.aliases, moved_to=moved_to)
    _check_place(new)
    async with services.database.write() as tx:
        # Told twice at once, it is done once.
        old = await _find_old(tx, services, move)
        await move_over(tx, services.site, old, new)
        await end(tx, services.site, received, "moved")


async def _find_old(reader: Reader, services: Services, move: Move) -> Actor:
    old = await actors.find_by_uri(reader, move.old)
    if old is None or old.gone_at is not None or old.suspended_at is not None:
        raise Ignored("we do not know who moves")
    if not may_move_again(services.site, old):
        raise Ignored("this actor moved not long ago")
    return old


def _check_place(new: Actor) -> None:
    if new.gone_at is not None or new.suspended_at is not None or new.type == "Application":
        raise Ignored("nobody can be followed there")
    if new.moved_to is not None:
        raise Ignored("the new actor has moved on itself")
