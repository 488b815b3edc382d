"""The lease table itself: owns `jobs`. It must not run anything."""

from dataclasses import dataclass

from sqlalchemy import Column, Index, Integer, Table, Text, text

from server.store.schema import Id, metadata

WAITING = "waiting"
FAILED = "failed"

jobs = Table(
    "jobs",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("unique_name", Text),
    Column("state", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("not_before", Id, nullable=False),
    Column("leased_until", Id, nullable=False),
    Column("lease", Id, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("error", Text),
    Column("created_at", Id, nullable=False),
)
# The times stand in it so that thousands of delayed jobs are passed over without reading their rows.
Index(
    "ix_jobs_due", jobs.c.state, jobs.c.kind, jobs.c.priority.desc(), jobs.c.id, jobs.c.not_before, jobs.c.leased_until
)
NAMED_AND_WAITING = (
    jobs.c.unique_name.is_not(None) & (jobs.c.state == text("'waiting'")) & (jobs.c.leased_until == text("0"))
)
Index(
    "uq_jobs_waiting_name",
    jobs.c.unique_name,
    unique=True,
    sqlite_where=NAMED_AND_WAITING,
)


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job as the operator sees it."""

    id: int
    kind: str
    payload: str
    unique_name: str | None
    state: str
    priority: int
    not_before: int
    leased_until: int
    lease: int
    attempts: int
    error: str | None
    created_at: int
