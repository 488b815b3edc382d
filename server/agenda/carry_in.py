"""Job `carry_in`: acts on the rows of a table that somebody brought, a few at a time. It must not read the table."""

from activitypub.errors import ProtocolError
from activitypub.vocabulary import without_fragment
from server.actions.carrying.begin import enqueue
from server.actions.carrying.carry_in import carry_in_bookmark, carry_in_domain, carry_in_person
from server.actions.writing.keep_note import keep_note
from server.actions.writing.see import may_see_post
from server.ids import MICROSECONDS
from server.jobs.queue import Job
from server.problems import Conflict, NotFound, Problem
from server.remote.notes import fetch_note
from server.remote.people import find_actor, find_by_handle
from server.remote.seam import FetchFailed
from server.services import Services
from server.store.database import Reader
from server.store.people import actors, imports
from server.store.people.actors import Actor
from server.store.people.imports import Import, ImportRow
from server.store.writing import posts
from server.store.writing.posts import Post

# Sixty rows a minute: each may knock at a server twice and send it something. Twenty thousand take six hours.
ROWS, EVERY_SECONDS = 10, 10
# Who is suspended does nothing meanwhile; it goes on when that is taken back.
SUSPENDED_SECONDS = 3600
# A server that is down at one moment is asked again when all others were.
ATTEMPTS = 3
NOBODY = "There is no such account."


async def handle(job: Job, services: Services) -> None:
    """Act on the next rows, and enqueue the step after them."""
    import_id = job.number("import")
    async with services.database.read() as reader:
        found = await imports.find(reader, import_id)
        actor = await actors.find(reader, found.actor_id) if found is not None else None
        rows = await imports.list_next(reader, import_id, limit=ROWS)
    if found is None or found.finished_at is not None or actor is None or actor.gone_at is not None:
        return
    if actor.suspended_at is not None:
        async with services.database.write(durable=False) as tx:
            await enqueue(
                tx, services.site, import_id, due=services.site.clock.now() + SUSPENDED_SECONDS * MICROSECONDS
            )
        return
    for row in rows:
        await _act(services, found, actor, row)
    async with services.database.write(durable=False) as tx:
        now = services.site.clock.now()
        if await imports.list_next(tx, import_id, limit=1):
            await enqueue(tx, services.site, import_id, due=now + EVERY_SECONDS * MICROSECONDS)
        else:
            await imports.finish(tx, import_id, at=now)


async def _act(services: Services, found: Import, actor: Actor, row: ImportRow) -> None:
    """Act on one row: in one transaction with the note that it is done."""
    error: str | None
    try:
        await _carry(services, found, actor, row)
        return
    except FetchFailed as failure:
        error = None if failure.passing and row.attempts + 1 < ATTEMPTS else str(failure)
    except (ProtocolError, Problem) as refusal:
        error = str(refusal)
    async with services.database.write(durable=False) as tx:
        await imports.postpone(tx, row, error[:300] if error is not None else None)


async def _carry(services: Services, found: Import, actor: Actor, row: ImportRow) -> None:
    site, cells = services.site, row.values
    if found.kind == "domain_blocks":
        async with services.database.write() as tx:
            await carry_in_domain(tx, site, actor, cells[0], removes=row.removes)
            await imports.settle(tx, row)
        return
    if found.kind == "bookmarks":
        post = await _find_post(services, actor, cells[0])
        async with services.database.write() as tx:
            await carry_in_bookmark(tx, site, actor, post, removes=row.removes)
            await imports.settle(tx, row)
        return
    handle = cells[1] if found.kind == "lists" else cells[0]
    target = await _find_person(services, handle, removes=row.removes)
    async with services.database.write() as tx:
        await carry_in_person(tx, site, actor, found.kind, target, cells, removes=row.removes)
        await imports.settle(tx, row)


async def _find_person(services: Services, handle: str, *, removes: bool) -> Actor:
    """Whom a row is about; what is taken away needs nobody's answer."""
    if not removes:
        return await find_by_handle(services, handle)
    name, _, host = handle.partition("@")
    async with services.database.read() as reader:
        known = await actors.find_by_handle(reader, name, host)
    if known is None:
        raise NotFound(NOBODY)
    return known


async def _find_post(services: Services, actor: Actor, address: str) -> Post:
    """The post at an address, if the actor may see it. Fetched first, then kept in one short transaction."""
    address = without_fragment(address)
    async with services.database.read() as reader:
        known = await _find_seen(reader, actor, address)
    if known is not None:
        return known
    if services.site.is_ours(address):
        raise NotFound("There is no such post.")
    note = await fetch_note(services, address)
    author = await find_actor(services, note.attributed_to)
    async with services.database.write(durable=False) as tx:
        await keep_note(tx, services.site, author, note)
        known = await _find_seen(tx, actor, note.id)
    if known is None:
        raise Conflict("This post is not for you, or is gone.")
    return known


async def _find_seen(reader: Reader, actor: Actor, uri: str) -> Post | None:
    post = await posts.find_by_uri(reader, uri)
    author = await actors.find(reader, post.actor_id) if post is not None else None
    if post is None or author is None or post.deleted_at is not None:
        return None
    return post if await may_see_post(reader, post, author, actor) else None
