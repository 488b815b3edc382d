"""Owns `generations`: each picture that was asked for, from the wish to the painted file. It must not paint.

States: waiting → running → painted | failed | cancelled. A crash leaves `running`; the job's lease lapses and the same
row, with the same seed, is painted again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    bindparam,
    func,
    insert,
    select,
    text,
    update,
)

from server.store.database import Reader, Transaction
from server.store.people.actors import actors
from server.store.schema import Id, metadata
from server.store.statements import among

WAITING = "waiting"
RUNNING = "running"
PAINTED = "painted"
FAILED = "failed"
CANCELLED = "cancelled"
OPEN_STATES = (WAITING, RUNNING)

generations = Table(
    "generations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("actor_id", Id, ForeignKey(actors.c.id), nullable=False),
    Column("state", Text, nullable=False),
    Column("prompt", Text, nullable=False),
    Column("negative", Text),
    Column("seed", Id, nullable=False),
    Column("steps", Integer),
    Column("guidance", Float),
    Column("width", Integer),
    Column("height", Integer),
    Column("model", Text, nullable=False),
    Column("draft", Boolean, nullable=False),
    Column("visibility", Text, nullable=False),
    Column("caption", Text),
    Column("alt", Text),
    Column("summary", Text),
    Column("sensitive", Boolean, nullable=False),
    Column("in_reply_to_id", Id),
    Column("commissioned_by", Id, ForeignKey(actors.c.id)),
    Column("commissioned_host", Text),
    Column("step", Integer, nullable=False),
    Column("steps_total", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("error", Text),
    Column("manifest", Text),
    Column("created_at", Id, nullable=False),
    Column("started_at", Id),
    Column("finished_at", Id),
    Column("quote_policy", Text),
    Column("reply_policy", Text),
)
Index("ix_generations_of_actor", generations.c.actor_id, generations.c.id)
_OPEN = text("state IN ('waiting', 'running')")
_PAINTED = text("state = 'painted'")
# Asked four times a second by every page that waits for a picture: what is over must not be in the way.
Index("ix_generations_open", generations.c.actor_id, sqlite_where=_OPEN)
Index("ix_generations_painted", generations.c.model, generations.c.id, sqlite_where=_PAINTED)
_COMMISSIONED = generations.c.commissioned_by.is_not(None)
# A question is answered once, however often it arrives.
Index(
    "uq_generations_commission",
    generations.c.in_reply_to_id,
    unique=True,
    sqlite_where=_COMMISSIONED,
    postgresql_where=_COMMISSIONED,
)
Index("ix_generations_commissioned_by", generations.c.commissioned_by, generations.c.created_at)
Index("ix_generations_commissioned_host", generations.c.commissioned_host, generations.c.created_at)

previews = Table(
    "previews",
    metadata,
    Column("generation_id", Id, ForeignKey(generations.c.id, ondelete="CASCADE"), primary_key=True),
    Column("step", Integer, nullable=False),
    Column("jpeg", LargeBinary, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Generation:
    """A wished-for picture. `manifest` is the JSON of what was really used, once painted.

    A commission is the wish of somebody elsewhere: `commissioned_by` asked, on `commissioned_host`, in the post
    `in_reply_to_id`; `actor_id` is then the studio actor. The policies are None where it is to be posted as usual.
    """

    id: int
    actor_id: int
    state: str
    prompt: str
    negative: str | None
    seed: int
    steps: int | None
    guidance: float | None
    width: int | None
    height: int | None
    model: str
    draft: bool
    visibility: str
    caption: str | None
    alt: str | None
    summary: str | None
    sensitive: bool
    in_reply_to_id: int | None
    commissioned_by: int | None
    commissioned_host: str | None
    step: int
    steps_total: int
    attempts: int
    error: str | None
    manifest: str | None
    created_at: int
    started_at: int | None
    finished_at: int | None
    quote_policy: str | None = None
    reply_policy: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether it may still become a picture."""
        return self.state in OPEN_STATES


_by_id = select(generations).where(generations.c.id == bindparam("wanted"))
_by_ids = select(generations).where(among(generations.c.id, "wanted"))
_insert = insert(generations)
_begin = (
    update(generations)
    .where(generations.c.id == bindparam("wanted"), _OPEN)
    .values(state=RUNNING, started_at=bindparam("moment"), attempts=generations.c.attempts + 1, step=0)
)
_progress = (
    update(generations)
    .where(generations.c.id == bindparam("wanted"), generations.c.state == RUNNING)
    .values(step=bindparam("new_step"), steps_total=bindparam("new_total"))
)
_finish = (
    update(generations)
    .where(generations.c.id == bindparam("wanted"), _OPEN)
    .values(
        state=bindparam("new_state"),
        error=bindparam("new_error"),
        manifest=bindparam("new_manifest"),
        model=func.coalesce(bindparam("new_model"), generations.c.model),
        finished_at=bindparam("moment"),
    )
)
_scrub = (
    update(generations)
    .where(generations.c.id == bindparam("wanted"))
    .values(prompt="", negative=None, caption=None, alt=None, summary=None, manifest=None, seed=0)
)
# The sum keeps SQLite from the range of all earlier rows, of which hardly any is open.
_ahead = select(func.count()).select_from(generations).where(_OPEN, generations.c.id + 0 < bindparam("wanted"))
_open_of = select(func.count()).where(generations.c.actor_id == bindparam("actor"), _OPEN)
_of_actor = (
    select(generations)
    .where(generations.c.actor_id == bindparam("actor"), generations.c.id < bindparam("before"))
    .order_by(generations.c.id.desc())
    .limit(bindparam("most"))
)
_after = (
    select(generations)
    .where(generations.c.actor_id == bindparam("actor"), generations.c.id > bindparam("after"))
    .order_by(generations.c.id)
    .limit(bindparam("most"))
)
_worded = (
    select(generations)
    .where(generations.c.actor_id == bindparam("actor"), generations.c.prompt != "")
    .limit(bindparam("most"))
)
_commission = select(generations).where(generations.c.in_reply_to_id == bindparam("post"), _COMMISSIONED)
_count_by = select(func.count()).where(
    generations.c.commissioned_by == bindparam("actor"), generations.c.created_at > bindparam("since")
)
_count_from = select(func.count()).where(
    generations.c.commissioned_host == bindparam("host"), generations.c.created_at > bindparam("since")
)
_open_by = select(generations.c.id).where(generations.c.commissioned_by == bindparam("actor"), _OPEN)
_recent_seconds = (
    select(generations.c.finished_at - generations.c.started_at)
    .where(_PAINTED, generations.c.model == bindparam("model"))
    .order_by(generations.c.id.desc())
    .limit(8)
)
_put_preview = previews.insert().prefix_with("or replace", dialect="sqlite")
_preview = select(previews.c.step, previews.c.jpeg).where(previews.c.generation_id == bindparam("wanted"))
_preview_step = select(previews.c.step).where(previews.c.generation_id == bindparam("wanted"))
_drop_preview = previews.delete().where(previews.c.generation_id == bindparam("wanted"))
NEWEST = (1 << 63) - 1


async def find(reader: Reader, generation_id: int) -> Generation | None:
    """Find a generation."""
    row = await reader.one(_by_id, wanted=generation_id)
    return Generation(*row) if row else None


async def find_many(reader: Reader, generation_ids: Sequence[int]) -> dict[int, Generation]:
    """Find generations by id."""
    rows = await reader.all(_by_ids, wanted=msgspec.json.encode(sorted(set(generation_ids))).decode())
    return {row[0]: Generation(*row) for row in rows}


async def add(tx: Transaction, generation: Generation) -> None:
    """Store a wish."""
    await tx.run(_insert, **{name: getattr(generation, name) for name in generation.__slots__})


async def begin(tx: Transaction, generation_id: int, *, at: int) -> bool:
    """Mark as running; false when it is no longer open (cancelled, done)."""
    return bool(await tx.run(_begin, wanted=generation_id, moment=at))


async def progress(tx: Transaction, generation_id: int, *, step: int, total: int, preview: bytes | None) -> None:
    """Remember how far the painting is, and the newest preview (JPEG)."""
    touched = await tx.run(_progress, wanted=generation_id, new_step=step, new_total=total)
    if preview is not None and touched:
        await tx.run(_put_preview, generation_id=generation_id, step=step, jpeg=preview)


async def finish(
    tx: Transaction,
    generation_id: int,
    state: str,
    *,
    at: int,
    error: str | None = None,
    manifest: str | None = None,
    model: str | None = None,
) -> bool:
    """End as painted, by `model`, failed or cancelled; false when it had ended already."""
    await tx.run(_drop_preview, wanted=generation_id)
    end = {"new_state": state, "new_error": error, "new_manifest": manifest, "new_model": model, "moment": at}
    return bool(await tx.run(_finish, wanted=generation_id, **end))


async def scrub(tx: Transaction, generation_id: int) -> None:
    """Forget the words and numbers of a wish whose post was deleted."""
    await tx.run(_scrub, wanted=generation_id)


async def count_ahead(reader: Reader, generation_id: int) -> int:
    """Count the open wishes that came before this one."""
    row = await reader.one(_ahead, wanted=generation_id)
    return int(row[0]) if row else 0


async def count_open_of(reader: Reader, actor_id: int) -> int:
    """Count an actor's open wishes."""
    row = await reader.one(_open_of, actor=actor_id)
    return int(row[0]) if row else 0


async def find_commission(reader: Reader, post_id: int) -> Generation | None:
    """Find the picture that a post of somebody elsewhere asked for."""
    row = await reader.one(_commission, post=post_id)
    return Generation(*row) if row else None


async def count_commissions_by(reader: Reader, actor_id: int, *, since: int) -> int:
    """Count what an actor asked for after `since`, painted or not."""
    row = await reader.one(_count_by, actor=actor_id, since=since)
    return int(row[0]) if row else 0


async def count_commissions_from(reader: Reader, host: str, *, since: int) -> int:
    """Count what all actors of a host asked for after `since`, painted or not."""
    row = await reader.one(_count_from, host=host, since=since)
    return int(row[0]) if row else 0


async def list_open_commissions(reader: Reader, actor_id: int) -> list[int]:
    """Return the ids of what an actor elsewhere asked for and is not painted yet."""
    return [row[0] for row in await reader.all(_open_by, actor=actor_id)]


async def list_of_actor(reader: Reader, actor_id: int, *, before: int = NEWEST, limit: int = 40) -> list[Generation]:
    """Return an actor's wishes, newest first, below id `before`."""
    return [Generation(*row) for row in await reader.all(_of_actor, actor=actor_id, before=before, most=limit)]


async def list_after(reader: Reader, actor_id: int, *, after: int, limit: int) -> list[Generation]:
    """Return an actor's wishes, oldest first, above id `after`."""
    return [Generation(*row) for row in await reader.all(_after, actor=actor_id, after=after, most=limit)]


async def list_worded(reader: Reader, actor_id: int, *, limit: int) -> list[Generation]:
    """Return some of an actor's wishes whose words are still kept."""
    return [Generation(*row) for row in await reader.all(_worded, actor=actor_id, most=limit)]


async def typical_seconds(reader: Reader, model: str) -> float | None:
    """Return the mean duration of the newest pictures of a model, in seconds; None before the first."""
    spans = [row[0] for row in await reader.all(_recent_seconds, model=model) if row[0]]
    return sum(spans) / len(spans) / 1_000_000 if spans else None


async def find_preview(reader: Reader, generation_id: int) -> tuple[int, bytes] | None:
    """Return (step, JPEG) of the newest preview."""
    row = await reader.one(_preview, wanted=generation_id)
    return (row[0], row[1]) if row else None


async def find_preview_step(reader: Reader, generation_id: int) -> int | None:
    """Return the step that the newest preview shows."""
    row = await reader.one(_preview_step, wanted=generation_id)
    return int(row[0]) if row else None
