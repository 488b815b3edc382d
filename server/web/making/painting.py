"""The page of one wish while it is painted, its live events, and what can be done with it then: cancel, publish."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import msgspec
from quart import Response

from server.actions.painting.manifests import read_manifest
from server.actions.painting.publish_draft import LastChanges, publish_draft
from server.actions.painting.request_picture import cancel_picture
from server.problems import NotFound
from server.site import Site
from server.store.database import Reader
from server.store.people import actors
from server.store.writing import generations, media, posts
from server.store.writing.generations import Generation
from server.web.answering.mentions import look_up
from server.web.gallery.cards import post_path, show
from server.web.making.create import read_visibility
from server.web.making.models import list_models
from server.web.visit import Route, Visit, Web

# Often enough to look alive; one indexed read is 15 µs.
LOOK_SECONDS = 0.25
# Proxies close a stream that is silent for a minute.
BEAT_SECONDS = 15.0
# A browser that was left open comes back by itself; a stream must not outlive that.
STREAM_SECONDS = 600.0


class Progress(msgspec.Struct, frozen=True, omit_defaults=False):
    """How a wish fares, as the page's script reads it. `page` is where to go once it is over."""

    state: str
    ahead: int
    estimate_seconds: float | None
    step: int
    total: int
    preview: str | None
    page: str | None
    error: str | None


async def show_painting(visit: Visit, generation_id: int) -> Response:
    """Show how a wish of mine fares; a published one is its picture's page."""
    async with visit.web.services.database.read() as reader:
        generation = await _find_mine(reader, visit, generation_id)
        progress = await read_progress(reader, visit.site, generation)
        picture = await media.find_by_generation(reader, generation.id)
    if progress.page != f"/create/{generation_id}" and progress.page is not None:
        return visit.go(progress.page)
    return await visit.page(
        "painting.html",
        {
            "generation": generation,
            "progress": progress,
            "painted": read_manifest(generation.manifest),
            "picture": show(visit.site, picture) if picture else None,
            "noindex": True,
        },
    )


async def watch(visit: Visit, generation_id: int) -> Response:
    """Stream how a wish of mine fares, until it is over."""
    async with visit.web.services.database.read() as reader:
        await _find_mine(reader, visit, generation_id)
    response = Response(
        _events(visit.web, generation_id),
        content_type="text/event-stream; charset=utf-8",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
    # Quart ends an answer after a minute; this one ends by itself.
    response.timeout = None
    return response


async def show_preview(visit: Visit, generation_id: int) -> Response:
    """Answer the newest preview of a wish of mine."""
    async with visit.web.services.database.read() as reader:
        await _find_mine(reader, visit, generation_id)
        preview = await generations.find_preview(reader, generation_id)
    if preview is None:
        raise NotFound("There is no preview yet.")
    return Response(preview[1], content_type="image/jpeg", headers={"Cache-Control": "private, no-store"})


async def cancel(visit: Visit, generation_id: int) -> Response:
    """Take a wish of mine back."""
    async with visit.web.services.database.write() as tx:
        generation = await _find_mine(tx, visit, generation_id)
        await cancel_picture(tx, visit.site, visit.me.actor, generation)
    return visit.go(f"/create/{generation_id}")


async def publish(visit: Visit, generation_id: int) -> Response:
    """Publish a painted draft of mine."""
    summary = visit.field("summary", 500)
    changes = LastChanges(
        caption=visit.field("caption"),
        visibility=read_visibility(visit),
        alt=visit.field("alt"),
        summary=summary,
        sensitive=bool(summary),
        people=await look_up(visit.web.services, visit.field("caption")),
    )
    async with visit.web.services.database.write() as tx:
        generation = await _find_mine(tx, visit, generation_id)
        post = await publish_draft(tx, visit.site, visit.me.actor, generation, changes)
    return visit.go(post_path(visit.me.actor, post))


async def _find_mine(reader: Reader, visit: Visit, generation_id: int) -> Generation:
    """Return a wish of mine.

    Raises:
        NotFound: it is not there, or somebody else's.
    """
    generation = await generations.find(reader, generation_id)
    if generation is None or generation.actor_id != visit.me.actor.id:
        raise NotFound("There is no such picture of yours.")
    return generation


async def read_progress(reader: Reader, site: Site, generation: Generation) -> Progress:
    """Return how a wish fares now."""
    step = await generations.find_preview_step(reader, generation.id) if generation.is_open else None
    ahead = await generations.count_ahead(reader, generation.id) if generation.is_open else 0
    return Progress(
        state=generation.state,
        ahead=ahead,
        estimate_seconds=await _estimate(reader, site, generation, ahead),
        step=generation.step,
        total=generation.steps_total,
        preview=None if step is None else f"/create/{generation.id}/preview?step={step}",
        page=await _page(reader, generation),
        error=generation.error,
    )


async def _estimate(reader: Reader, site: Site, generation: Generation, ahead: int) -> float | None:
    if not generation.is_open:
        return None
    model = generation.model or (await list_models(reader, site))[0].name
    typical = await generations.typical_seconds(reader, model)
    if typical is None:
        return None
    if generation.state == generations.RUNNING:
        done = generation.step / generation.steps_total if generation.steps_total else 0.0
        return round(typical * (1 - done), 1)
    return round(typical * (ahead + 1), 1)


async def _page(reader: Reader, generation: Generation) -> str | None:
    if generation.is_open:
        return None
    post = await posts.find_by_generation(reader, generation.id)
    author = await actors.find(reader, generation.actor_id)
    if post is not None and author is not None and post.deleted_at is None:
        return post_path(author, post)
    return f"/create/{generation.id}"


async def _events(web: Web, generation_id: int) -> AsyncIterator[bytes]:
    """Yield a server-sent event for each change, and a sign of life when nothing changes."""
    loop = asyncio.get_running_loop()
    ends_at = loop.time() + STREAM_SECONDS
    sent, sent_at = None, loop.time()
    yield b"retry: 2000\n\n"
    while not web.stopping.is_set() and loop.time() < ends_at:
        async with web.services.database.read() as reader:
            generation = await generations.find(reader, generation_id)
            progress = await read_progress(reader, web.services.site, generation) if generation else None
        if progress is None:
            return
        if progress != sent:
            sent, sent_at = progress, loop.time()
            yield b"event: progress\ndata: " + msgspec.json.encode(progress) + b"\n\n"
        if progress.page is not None:
            return
        if loop.time() - sent_at > BEAT_SECONDS:
            sent_at = loop.time()
            yield b": still here\n\n"
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(web.stopping.wait(), LOOK_SECONDS)


ROUTES = (
    Route("GET", "/create/<id:generation_id>", show_painting, "person"),
    Route("GET", "/create/<id:generation_id>/events", watch, "person"),
    Route("GET", "/create/<id:generation_id>/preview", show_preview, "person"),
    Route("POST", "/create/<id:generation_id>/cancel", cancel, "person"),
    Route("POST", "/create/<id:generation_id>/publish", publish, "person"),
)
