"""Reads where everybody reads whom we know, for what concerns every server. It must not say who gets anything."""

from sqlalchemy import bindparam, select

from server.store.database import Reader
from server.store.people.actors import actors
from server.store.ties.follows import Inbox

_page = (
    select(actors.c.id, actors.c.inbox, actors.c.shared_inbox)
    .where(actors.c.id > bindparam("after"))
    .where(actors.c.local.is_(False), actors.c.gone_at.is_(None), actors.c.suspended_at.is_(None))
    .order_by(actors.c.id)
    .limit(bindparam("most"))
)


async def list_after(reader: Reader, *, after: int, limit: int) -> list[Inbox]:
    """Return the inboxes of peers' actors by cursor above `after`; many of them share one."""
    return [Inbox(*row) for row in await reader.all(_page, after=after, most=limit)]
