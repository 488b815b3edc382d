"""`pinxit doctor`: looks whether the instance can do its work. It must not change anything."""

import asyncio
import contextlib
import importlib.util
import shutil
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path

import click
import httpx

from activitypub import keys
from activitypub.vocabulary import id_of
from server.cli.ground import folder_of, load_config
from server.cli.running import run
from server.config import Config, ConfigError
from server.opening import check_writable, database_path, open_services
from server.services import Services
from server.store import revision
from server.store.network import peer_files
from server.store.people import actors
from server.work import KINDS, is_anyone_working, open_studio

# Peers refuse signatures whose date is further off than this (Takahe's window is the narrowest).
CLOCK_SECONDS = 60
FREE_BYTES_AT_LEAST = 500 * 1024 * 1024
ASK_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; `well` None is a remark."""

    well: bool | None
    what: str


Check = Callable[[Services, Path], Awaitable[Finding]]


@click.command()
@click.pass_context
def doctor(context: click.Context) -> None:
    """Check configuration, database, keys, clock, own WebFinger from outside, and the generator."""
    config = load_config(context, terse=True)
    folder = folder_of(context)
    findings = [Finding(True, f"configuration: {folder} reads well"), *_check_floor(folder, config)]
    if all(finding.well is not False for finding in findings):
        findings += run(_examine(folder, config))
    for finding in findings:
        sign = {True: "ok  ", False: "BAD ", None: "note"}[finding.well]
        click.echo(f"{sign} {finding.what}")
    if any(finding.well is False for finding in findings):
        context.exit(2)


def _check_floor(folder: Path, config: Config) -> list[Finding]:
    findings = []
    if folder.stat().st_mode & 0o077:
        findings.append(Finding(None, f"folder: others may read {folder}, which holds keys; chmod 700 it"))
    findings.append(_check_database(database_path(folder, config)))
    free = shutil.disk_usage(folder).free
    findings.append(Finding(free > FREE_BYTES_AT_LEAST, f"disk: {free // 1024**2} MiB free"))
    return findings


def _check_database(path: Path) -> Finding:
    try:
        check_writable(path)
        current = revision.is_current(path)
    except (ConfigError, sqlite3.OperationalError) as error:
        return Finding(False, f"database: {path}: {error}")
    return Finding(current, f"database: {path} " + ("is current" if current else "needs 'pinxit migrate'"))


async def _examine(folder: Path, config: Config) -> list[Finding]:
    findings = []
    try:
        async with open_services(folder, config) as services:
            for check in (_check_keys, _check_clock, _check_webfinger, _check_workers, _check_copies):
                findings.append(await check(services, folder))
    except ConfigError as error:
        return [*findings, Finding(False, f"instance: {error}")]
    return [*findings, await _check_generator(config)]


async def _check_keys(services: Services, _: Path) -> Finding:
    """Every local actor has a key, and its two halves belong together."""
    async with services.database.read() as reader:
        names = await actors.list_local_names(reader)
        uris = [services.site.instance_uri, *map(services.site.actor_uri, names)]
        for uri in uris:
            actor = await actors.find_by_uri(reader, uri)
            key = await actors.find_signing_key(reader, actor.id) if actor else None
            if key is None or key.private_pem is None:
                return Finding(False, f"keys: {uri} has none")
            public = keys.load_private(key.private_pem, trusted=True).public_key()
            if keys.public_pem(public) != key.public_pem:
                return Finding(False, f"keys: the halves of {key.key_id} do not belong together")
    return Finding(True, f"keys: {len(uris)} actors, every key whole")


async def _check_clock(services: Services, _: Path) -> Finding:
    """Our clock against the Date of our own front door, which a proxy on another machine may answer."""
    response = await _ask(services, "/health")
    if isinstance(response, str):
        return Finding(None, f"clock: not checked, {response}")
    try:
        theirs = parsedate_to_datetime(response.headers["date"]).timestamp()
    except (KeyError, ValueError):
        return Finding(None, "clock: the front door sends no Date")
    off = abs(theirs - services.site.clock.now() / 1_000_000)
    return Finding(off < CLOCK_SECONDS, f"clock: {off:.0f} s apart from the front door's")


async def _check_webfinger(services: Services, _: Path) -> Finding:
    """What a peer would see, over the public address, proxy and all."""
    async with services.database.read() as reader:
        names = await actors.list_local_names(reader)
    name = names[0] if names else "instance"
    response = await _ask(services, f"/.well-known/webfinger?resource=acct:{name}@{services.site.domain}")
    if isinstance(response, str):
        return Finding(False, f"webfinger: {services.site.origin} does not answer ({response}); is it serving?")
    expected = services.site.actor_uri(name) if names else services.site.instance_uri
    with contextlib.suppress(ValueError):
        for link in response.json().get("links", []):
            if link.get("rel") == "self" and link.get("href") == expected:
                return await _check_actor(services, expected)
    return Finding(False, f"webfinger: {response.url} answers {response.status_code} and does not name {expected}")


async def _check_actor(services: Services, uri: str) -> Finding:
    response = await _ask(services, uri.removeprefix(services.site.origin), accept="application/activity+json")
    if isinstance(response, str):
        return Finding(False, f"webfinger: found, but {uri} does not answer ({response})")
    with contextlib.suppress(ValueError):
        if id_of(response.json()) == uri:
            return Finding(True, f"webfinger: {uri} is found from outside")
    return Finding(False, f"webfinger: found, but {uri} is not the actor (a proxy that drops Accept?)")


async def _ask(services: Services, path: str, *, accept: str = "*/*") -> httpx.Response | str:
    try:
        async with httpx.AsyncClient(timeout=ASK_SECONDS) as client:
            return await client.get(f"{services.site.origin}{path}", headers={"accept": accept})
    except httpx.HTTPError as error:
        return f"{type(error).__name__}: {error}"


async def _check_workers(_: Services, folder: Path) -> Finding:
    idle = [kind for kind in KINDS if not is_anyone_working(folder, kind)]
    if idle:
        return Finding(None, f"workers: nobody on this machine does {', '.join(idle)}")
    return Finding(True, "workers: every kind of job is being done")


async def _check_copies(services: Services, _: Path) -> Finding:
    async with services.database.read() as reader:
        held = await peer_files.count(reader)
    most = services.site.config.media.peer_cache_bytes
    return Finding(None, f"copies: {held.files} of peers' files, {held.bytes // 1024**2} of {most // 1024**2} MiB")


async def _check_generator(config: Config) -> Finding:
    try:
        async with asyncio.timeout(120), open_studio(config) as studio:
            names = [model.name for model in studio.child.capabilities]
    except (OSError, RuntimeError, TimeoutError) as error:
        return Finding(False, f"generator: {error}")
    missing = (
        "" if importlib.util.find_spec("diffusers") else "; diffusers is not installed (pip install 'pinxit[generate]')"
    )
    return Finding(True, f"generator: paints with {', '.join(names)}; default {studio.default_model}{missing}")
