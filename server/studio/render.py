"""The `render` job: a wish goes to the generator, its events to the page, its picture to the storage and into a post.

It must not paint, encode or decide what is published. Running it twice is harmless: the seed is settled, files are
addressed by content, and a wish ends once.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import msgspec
import structlog

from generator.messages import Event, ModelCapabilities, Picture, Preview, Request, Step
from server.actions.painting.deliver_picture import StoredPicture, deliver_picture
from server.actions.painting.fail_picture import fail_picture
from server.actions.writing.compose import Person, find_handles
from server.config import DRAWING
from server.jobs.queue import Job, Retry
from server.media.marks import Origin
from server.media.renditions import Quality, render_files
from server.remote.named import find_all_named
from server.services import Services
from server.store.writing import generations
from server.store.writing.generations import Generation
from server.studio.child import Child, RenderFailed

SOFTWARE = "Pinxit"
# A picture that kills the generator three times would do so for ever.
CRASHES_AT_MOST = 3
CRASH_SECONDS = 2
# Begun so often and neither painted nor failed: the trouble is ours (a full disk, a worker that dies), and people must
# not wait for ever.
TRIES_AT_MOST = 10
# People see four steps a second; each write costs the one writer 50 µs.
PROGRESS_MICROSECONDS = 250_000
# How often a running picture asks whether its owner cancelled it.
CANCEL_SECONDS = 0.25

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Studio:
    """The generator that this process keeps, and the model used where a wish names none."""

    child: Child
    default_model: str

    def model(self, name: str) -> str:
        """Return the model that paints a wish for `name` (empty: any)."""
        return name or self.default_model


def choose_default(capabilities: tuple[ModelCapabilities, ...], configured: str) -> str:
    """Return the model for wishes that name none: the configured one, else the first that is no drawing by rules."""
    if configured:
        return configured
    painters = [model.name for model in capabilities if not model.drawn_by_rules]
    return (painters or [model.name for model in capabilities] or [DRAWING.name])[0]


def handler(services: Services, studio: Studio) -> Callable[[Job], Awaitable[None]]:
    """Return the handler of `render` jobs for this studio."""

    async def handle(job: Job) -> None:
        await render(job, services, studio)

    return handle


async def render(job: Job, services: Services, studio: Studio) -> None:
    """Paint one wish and publish it, or say why not."""
    generation_id = job.number("generation")
    async with services.database.write(durable=False) as tx:
        begun = await generations.begin(tx, generation_id, at=services.site.clock.now())
        generation = await generations.find(tx, generation_id)
    if not begun or generation is None:
        return
    try:
        if generation.attempts > TRIES_AT_MOST:
            raise RenderFailed("broken", "This server tried many times and could not finish the picture.")
        picture = await _paint(services, studio, generation)
    except RenderFailed as failure:
        await _fail(services, generation, failure)
        return
    await _deliver(services, generation, picture)
    log.info(
        "painted",
        generation=generation.id,
        model=picture.manifest.model,
        seconds=round(picture.manifest.seconds, 2),
        size=f"{picture.width}x{picture.height}",
    )


async def _paint(services: Services, studio: Studio, generation: Generation) -> Picture:
    progress = _Progress(services, generation.id)
    request = _request(services, studio, generation)
    watcher = asyncio.create_task(_watch(services, studio, generation.id, request.id))
    try:
        async with asyncio.timeout(services.site.config.generation.seconds_at_most):
            return await studio.child.render(request, progress.take)
    except TimeoutError:
        studio.child.cancel(request.id)
        raise RenderFailed("broken", "Painting took too long and was given up.") from None
    finally:
        watcher.cancel()
        await asyncio.gather(watcher, return_exceptions=True)


def _request(services: Services, studio: Studio, generation: Generation) -> Request:
    return Request(
        id=str(generation.id),
        prompt=generation.prompt,
        negative=generation.negative,
        seed=generation.seed,
        steps=generation.steps,
        guidance=generation.guidance,
        width=generation.width,
        height=generation.height,
        model=studio.model(generation.model),
        previews=services.site.config.generation.previews,
    )


async def _watch(services: Services, studio: Studio, generation_id: int, request_id: str) -> None:
    """Cancel the painting when its wish ends otherwise; the page that cancels may be in another process."""
    while True:
        await asyncio.sleep(CANCEL_SECONDS)
        async with services.database.read() as reader:
            generation = await generations.find(reader, generation_id)
        if generation is None or not generation.is_open:
            studio.child.cancel(request_id)
            return


class _Progress:
    """Writes steps and previews down for the page, not more often than anybody can see."""

    def __init__(self, services: Services, generation_id: int) -> None:
        self._services = services
        self._generation_id = generation_id
        self._written_at = 0
        self._step = 0
        self._total = 0
        self._preview: bytes | None = None

    async def take(self, event: Event) -> None:
        """Remember an event, and write when it is time."""
        match event:
            case Step(step=step, total=total):
                self._step, self._total = step, total
            case Preview(jpeg=jpeg):
                self._preview = jpeg
        now = self._services.site.clock.now()
        if now - self._written_at < PROGRESS_MICROSECONDS:
            return
        self._written_at = now
        preview, self._preview = self._preview, None
        async with self._services.database.write(durable=False) as tx:
            await generations.progress(tx, self._generation_id, step=self._step, total=self._total, preview=preview)


async def _fail(services: Services, generation: Generation, failure: RenderFailed) -> None:
    if failure.kind == "cancelled":
        return
    if failure.kind in ("crashed", "memory") and generation.attempts < CRASHES_AT_MOST:
        raise Retry(CRASH_SECONDS * generation.attempts, failure.kind)
    log.warning("not painted", generation=generation.id, kind=failure.kind)
    # Only what is wrong with the wish itself is for strangers; the rest speaks of our machine.
    reason = failure.message if failure.kind == "invalid" else None
    async with services.database.write() as tx:
        await fail_picture(tx, services.site, generation.id, message=failure.message, reason=reason)


async def _deliver(services: Services, generation: Generation, picture: Picture) -> None:
    manifest = picture.manifest
    stored = await _store(services, picture)
    named = await find_all_named(services, find_handles(generation.caption or ""))
    async with services.database.write() as tx:
        await deliver_picture(
            tx,
            services.site,
            generation.id,
            stored,
            manifest=msgspec.json.encode(manifest).decode(),
            model=manifest.model,
            drawn_by_rules=manifest.drawn_by_rules,
            people=tuple(Person(handle, actor.uri, actor.url or actor.uri) for handle, actor in named),
        )


async def _store(services: Services, picture: Picture) -> StoredPicture:
    config = services.site.config.media
    files = await render_files(
        picture.pixels,
        picture.width,
        picture.height,
        Origin(picture.manifest.model, picture.manifest.drawn_by_rules, SOFTWARE),
        Quality(config.jpeg_quality, config.webp_quality),
    )
    return StoredPicture(
        file_key=await services.storage.put(files.jpeg, "jpg"),
        media_type="image/jpeg",
        web_key=await services.storage.put(files.webp, "webp"),
        thumbnail_key=await services.storage.put(files.thumbnail, "webp"),
        width=files.width,
        height=files.height,
        bytes=len(files.jpeg),
        blurhash=files.blurhash,
        digest_multibase=files.digest_multibase,
    )
