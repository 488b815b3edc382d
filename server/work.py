"""Builds the workers and runs their jobs. It must not serve anything.

For each kind of work a lock file in the instance's folder says that a process of this machine does it, so that the
shell knows whether it must paint by itself.
"""

import asyncio
import contextlib
import fcntl
from collections.abc import AsyncIterator, Iterator, Sequence
from functools import partial
from pathlib import Path

import msgspec
import structlog

from generator.messages import ChildSettings, ModelSettings
from server.actions.painting.offers import keep_offers
from server.agenda import (
    carry_in,
    cleaning,
    files,
    followers,
    housekeeping,
    later,
    links,
    pictures,
    polls,
    promises,
    quoted,
    steps,
)
from server.agenda.history import recent, thread
from server.config import Config, ConfigError
from server.delivery import deliver, fanout, forward, push
from server.inbox import dispatch, hearsay
from server.jobs.queue import Handler
from server.services import Services
from server.store import settings
from server.studio.child import Child
from server.studio.measuring import measure_offers
from server.studio.process import StartFailed
from server.studio.render import Studio, choose_default
from server.studio.render import handler as render_handler

KINDS = (
    "inbox",
    "hearsay",
    "fanout",
    "forward",
    "deliver",
    "push",
    "poll",
    "quoted",
    "synchronise",
    "thread",
    "recent",
    "publish_later",
    "drop_picture",
    "render",
    "keep_promise",
    "remove_file",
    "forget",
    "part",
    "renamed",
    "purge",
    "carry_over",
    "close",
    "carry_in",
    "verify_links",
    "housekeeping",
    "clean",
)
# Two wishes are with the generator, so that one is encoded and stored while the next is painted.
RENDERS_AT_ONCE = 2
# History waits: however many threads are asked for, so few questions are open for them at once.
HISTORIES_AT_ONCE = 2
LIMITS = {
    "render": RENDERS_AT_ONCE,
    "hearsay": hearsay.AT_ONCE,
    "deliver": deliver.BATCHES_AT_ONCE,
    "push": push.AT_ONCE,
    "thread": HISTORIES_AT_ONCE,
    "recent": HISTORIES_AT_ONCE,
}

log = structlog.get_logger()


async def run_workers(services: Services, folder: Path, kinds: Sequence[str], stop: asyncio.Event) -> None:
    """Run jobs of `kinds` until `stop` is set."""
    with hold_locks(folder, kinds):
        async with contextlib.AsyncExitStack() as stack:
            handlers = plain_handlers(services)
            if "render" in kinds:
                studio = await stack.enter_async_context(open_studio(services.site.config))
                await _remember_models(services, studio)
                await stack.enter_async_context(_measuring(services))
                handlers["render"] = render_handler(services, studio)
            if "housekeeping" in kinds:
                await housekeeping.plan(services, after_seconds=0)
            if "clean" in kinds:
                await cleaning.plan(services, after_seconds=cleaning.FIRST_SECONDS)
            limits = dict.fromkeys(kinds, services.site.config.jobs.at_once) | LIMITS
            log.info("working", kinds=",".join(kinds))
            await services.site.queue.run({kind: handlers[kind] for kind in kinds}, concurrency=limits, stop=stop)


def plain_handlers(services: Services) -> dict[str, Handler]:
    """Return what does each kind of work that needs no process of its own."""
    return {
        "inbox": partial(dispatch.handle_job, services=services),
        "hearsay": partial(hearsay.handle, services=services),
        "fanout": partial(fanout.handle, services=services),
        "forward": forward.Forwarder(services).handle,
        "deliver": deliver.Deliverer(services).handle,
        "push": partial(push.handle, services=services),
        "poll": partial(polls.handle, services=services),
        "quoted": partial(quoted.handle, services=services),
        "synchronise": partial(followers.handle, services=services),
        "thread": partial(thread.handle, services=services),
        "recent": partial(recent.handle, services=services),
        "publish_later": partial(later.handle, services=services),
        "drop_picture": partial(pictures.handle, services=services),
        "keep_promise": partial(promises.handle, services=services),
        "remove_file": partial(files.handle, services=services),
        "forget": partial(steps.forget, services=services),
        "part": partial(steps.part, services=services),
        "renamed": partial(steps.renamed, services=services),
        "purge": partial(steps.purge, services=services),
        "carry_over": partial(steps.carry_over, services=services),
        "close": partial(steps.close, services=services),
        "carry_in": partial(carry_in.handle, services=services),
        "verify_links": partial(links.handle, services=services),
        "housekeeping": partial(housekeeping.handle, services=services),
        "clean": partial(cleaning.handle, services=services),
    }


@contextlib.asynccontextmanager
async def open_studio(config: Config) -> AsyncIterator[Studio]:
    """Start the generator and stop it at the end."""
    child = Child(ChildSettings(models=model_settings(config)))
    await child.start()
    try:
        yield Studio(child, choose_default(child.capabilities, config.generation.default_model))
    finally:
        await child.stop()


async def _remember_models(services: Services, studio: Studio) -> None:
    """Write down what can be painted, for the processes that do not speak with the generator."""
    told = msgspec.json.encode(studio.child.capabilities).decode()
    async with services.database.write(durable=False) as tx:
        await settings.put(tx, settings.MODELS, told)


@contextlib.asynccontextmanager
async def _measuring(services: Services) -> AsyncIterator[None]:
    """Have the machine measured beside the work, once, so that a page can say what other models would do here."""
    async with services.database.read() as reader:
        known = await settings.find(reader, settings.OFFERS) is not None
    task = None if known else asyncio.create_task(_remember_offers(services), name="measuring")
    try:
        yield
    finally:
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def _remember_offers(services: Services) -> None:
    try:
        told = await measure_offers()
    except (StartFailed, OSError) as error:
        log.warning("machine not measured", error=str(error))
        return
    async with services.database.write(durable=False) as tx:
        await keep_offers(tx, told)


def model_settings(config: Config) -> tuple[ModelSettings, ...]:
    """Return all models that can paint here, for the generator."""
    return tuple(
        ModelSettings(name=one.name, engine=one.engine, path=one.path or None, device=one.device, dtype=one.dtype)
        for one in config.generation.every_model
    )


@contextlib.contextmanager
def hold_locks(folder: Path, kinds: Sequence[str]) -> Iterator[None]:
    """Hold the locks that say who does these kinds; several processes may share them."""
    with contextlib.ExitStack() as stack:
        for kind in kinds:
            file = stack.enter_context(_lock_path(folder, kind).open("ab"))
            # Waits for a moment where somebody is just looking whether there is a worker.
            fcntl.flock(file, fcntl.LOCK_SH)
        yield


def is_anyone_working(folder: Path, kind: str) -> bool:
    """Whether a process of this machine does this kind of work."""
    with _lock_path(folder, kind).open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def check_kinds(kinds: str | None) -> tuple[str, ...]:
    """Read `inbox,deliver`; None means all. Raises ConfigError for an unknown kind."""
    if kinds is None:
        return KINDS
    chosen = tuple(dict.fromkeys(kind.strip() for kind in kinds.split(",") if kind.strip()))
    unknown = [kind for kind in chosen if kind not in KINDS]
    if unknown or not chosen:
        raise ConfigError(f"unknown kind of work {', '.join(unknown) or '(none)'}; known: {', '.join(KINDS)}")
    return chosen


def _lock_path(folder: Path, kind: str) -> Path:
    return folder / f"work-{kind}.lock"
