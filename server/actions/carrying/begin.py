"""Plans what a table changes, and stores it for the job that does it. It must not change any tie itself."""

from dataclasses import dataclass

import msgspec

from server.actions.carrying.kept import Row, read_kept
from server.actions.carrying.tables import Brought, key_of
from server.problems import Conflict, Invalid, NotFound
from server.site import Site
from server.store.database import Database, Transaction
from server.store.people import imports
from server.store.people.actors import Actor
from server.store.people.imports import Import, ImportRow

JOB = "carry_in"
# Each goes at the same pace; more at once would go around it.
RUNNING_AT_MOST = 3
# Who looks further back has forgotten what it was.
KEPT = 10
# These have choices beside the account, which a row for somebody known may change.
_WITH_CHOICES = frozenset({"following", "mutes"})


@dataclass(frozen=True, slots=True)
class Plan:
    """What a table would do: rows to act on, rows to take away, and how many are as they should be."""

    brought: Brought
    overwrite: bool
    adds: tuple[Row, ...]
    removes: tuple[Row, ...]
    known: int


async def plan_import(database: Database, actor: Actor, brought: Brought, *, overwrite: bool, now: int) -> Plan:
    """Compare a table with what `actor` has. With `overwrite` what is not in it goes; else nothing does."""
    kind = brought.kind
    here: dict[Row, Row] = {}
    async for rows in read_kept(database, actor, kind, now=now):
        here |= {key_of(kind, row): row for row in rows}
    there = {key_of(kind, row): row for row in brought.rows}
    same = {key for key, row in there.items() if key in here and (kind not in _WITH_CHOICES or here[key] == row)}
    adds = tuple(row for key, row in there.items() if key not in same)
    removes = tuple(row for key, row in here.items() if overwrite and key not in there)
    return Plan(brought, overwrite, adds, removes, len(same))


async def begin_import(tx: Transaction, site: Site, actor: Actor, plan: Plan) -> Import:
    """Store what is to be done, and have it done some rows at a time.

    Raises:
        Invalid: there is nothing to do.
        Conflict: too many imports run.
    """
    known = await imports.list_of_actor(tx, actor.id)
    if sum(one.finished_at is None for one in known) >= RUNNING_AT_MOST:
        raise Conflict("Other imports are still running. Wait for them, or stop one.")
    rows = [(row, True) for row in plan.removes] + [(row, False) for row in plan.adds]
    if not rows:
        raise Invalid("There is nothing to do: all of it is as the table says.", field="file")
    for old in [one for one in known if one.finished_at is not None][KEPT - 1 :]:
        await imports.drop(tx, old.id)
    now = site.clock.now()
    new = Import(site.ids.new(), actor.id, plan.brought.kind, plan.overwrite, len(rows), now, None)
    await imports.add(tx, new, [_row(new, place, row, removes) for place, (row, removes) in enumerate(rows)])
    await enqueue(tx, site, new.id)
    return new


async def stop_import(tx: Transaction, actor: Actor, import_id: int) -> None:
    """Forget an import with all that it would still do. Raises NotFound where it is not the actor's."""
    found = await imports.find(tx, import_id)
    if found is None or found.actor_id != actor.id:
        raise NotFound("There is no such import.")
    await imports.drop(tx, import_id)


async def enqueue(tx: Transaction, site: Site, import_id: int, *, due: int | None = None) -> None:
    """Have the next rows acted on, at `due` or at once."""
    await site.queue.enqueue(tx, JOB, {"import": import_id}, not_before=due, unique=f"{JOB}:{import_id}:{due or 0}")


def _row(new: Import, place: int, row: Row, removes: bool) -> ImportRow:
    return ImportRow(new.id, place, removes, msgspec.json.encode(row).decode(), 0, None)
