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
from server.actions.network.look_up import ask_own_threads, forget_walks
from server.actions.network.rule_domain import purge_step
from server.actions.painting.break_promise import break_promise
from server.actions.painting.offers import keep_offers
from server.actions.painting.promise import keep_promise, prune_promises
from server.actions.people.close_account import close_step
from server.actions.people.forget_actor import forget_step
from server.actions.people.forget_clients import forget_clients
from server.actions.people.profile import mark_verified
from server.actions.people.profile_fields import link_of, needs_proof
from server.actions.people.rotate_keys import drop_retired_keys
from server.actions.ties.block_domain import part_renamed, part_step
from server.actions.ties.carry_over import carry_step
from server.actions.writing.upload import prune_uploads
from server.agenda import carry_in, cleaning, files, followers, later, pictures, polls, quoted
from server.agenda.history import recent, thread
from server.config import Config, ConfigError
from server.delivery import deliver, fanout, forward, push
from server.inbox import dispatch, hearsay
from server.jobs.queue import Handler, Job
from server.problems import Problem
from server.remote.links import links_back
from server.services import Services
from server.store import settings
from server.store.clients import idempotency
from server.store.people import actors
from server.store.reading import feeds, stream_events
from server.store.telling import notifications
from server.store.telling import push as push_subscriptions
from server.store.ties import mutes
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
HOUSEKEEPING_SECONDS = 3600
# Who listens looks several times a second; who comes back later than this loads the page anew.
NEWS_SECONDS = 600

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
                await _plan_housekeeping(services)
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
        "keep_promise": partial(_keep_promise, services=services),
        "remove_file": partial(files.handle, services=services),
        "forget": partial(_forget, services=services),
        "part": partial(_part, services=services),
        "renamed": partial(_part_renamed, services=services),
        "purge": partial(_purge, services=services),
        "carry_over": partial(_carry_over, services=services),
        "close": partial(_close, services=services),
        "carry_in": partial(carry_in.handle, services=services),
        "verify_links": partial(_verify_links, services=services),
        "housekeeping": partial(_keep_house, services=services),
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
    """Return the configured models for the generator; the drawing engine is always among them."""
    models = [
        ModelSettings(name=one.name, engine=one.engine, path=one.path or None, device=one.device, dtype=one.dtype)
        for one in config.generation.models
    ]
    if not any(model.engine == "drawing" for model in models):
        models.append(ModelSettings(name="drawing", engine="drawing"))
    return tuple(models)


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


async def _keep_promise(job: Job, services: Services) -> None:
    post_id = job.number("post")
    try:
        async with services.database.write() as tx:
            await keep_promise(tx, services.site, post_id)
    except Problem as problem:
        async with services.database.write() as tx:
            await break_promise(tx, services.site, post_id, str(problem))


async def _forget_loose(services: Services) -> int:
    """Forget uploads that nobody posted, and promises that could not be kept; return how many."""
    forgotten = 0
    while True:
        async with services.database.write(durable=False) as tx:
            newly = await prune_uploads(tx, services.site) + await prune_promises(tx, services.site)
        forgotten += newly
        if not newly:
            return forgotten


async def _forget(job: Job, services: Services) -> None:
    async with services.database.write(durable=False) as tx:
        await forget_step(tx, services.site, job.number("actor"))


async def _part(job: Job, services: Services) -> None:
    async with services.database.write() as tx:
        await part_step(tx, services.site, job.number("actor"), str(job.payload["host"]))


async def _part_renamed(job: Job, services: Services) -> None:
    async with services.database.write() as tx:
        await part_renamed(tx, services.site, job.number("actor"))


async def _carry_over(job: Job, services: Services) -> None:
    async with services.database.write() as tx:
        await carry_step(tx, services.site, job.number("old"), job.number("new"), job.number("after"))


async def _close(job: Job, services: Services) -> None:
    async with services.database.write() as tx:
        await close_step(tx, services.site, job.number("actor"), job.number("farewell"))


async def _purge(job: Job, services: Services) -> None:
    async with services.database.write(durable=False) as tx:
        await purge_step(tx, services.site, str(job.payload["host"]))


async def _verify_links(job: Job, services: Services) -> None:
    """Look at the pages that a profile names, and remember which of them link back to it."""
    async with services.database.read() as reader:
        actor = await actors.find(reader, job.number("actor"))
    if actor is None:
        return
    ours = frozenset({actor.uri, actor.url or actor.uri})
    proven = []
    for line in filter(needs_proof, actor.profile_fields):
        if await links_back(services, link_of(line) or "", ours):
            proven.append(line.value_html)
    async with services.database.write() as tx:
        await mark_verified(tx, services.site, actor.id, proven)


async def _shorten_feeds(services: Services) -> None:
    """Drop what is beyond the end of each feed, one by one, and what happened too long ago for who listens."""
    feed: tuple[int, int] | None = feeds.FIRST
    while feed is not None:
        async with services.database.write(durable=False) as tx:
            feed = await feeds.prune_next(tx, *feed)
    async with services.database.write(durable=False) as tx:
        await stream_events.prune(tx, before=services.site.clock.now() - NEWS_SECONDS * 1_000_000)


async def _plan_housekeeping(services: Services, *, after_seconds: int = 0) -> None:
    not_before = services.site.clock.now() + after_seconds * 1_000_000
    async with services.database.write(durable=False) as tx:
        await services.site.queue.enqueue(tx, "housekeeping", {}, not_before=not_before, unique="housekeeping")


async def _keep_house(job: Job, services: Services) -> None:
    async with services.database.write(durable=False) as tx:
        await mutes.drop_over(tx, now=services.site.clock.now())
        await push_subscriptions.drop_dead(tx, now=services.site.clock.now())
        await idempotency.prune(tx, before=services.site.clock.now() - idempotency.KEPT)
        await notifications.prune(tx, keep=services.site.config.keeping.notifications_per_person)
        await forget_clients(tx, services.site)
        await drop_retired_keys(tx, services.site)
        await forget_walks(tx, services.site)
        await ask_own_threads(tx, services.site)
    await _shorten_feeds(services)
    log.info("kept house", uploads_dropped=await _forget_loose(services))
    await _plan_housekeeping(services, after_seconds=HOUSEKEEPING_SECONDS)
