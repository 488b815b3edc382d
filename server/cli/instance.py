"""`pinxit init` and `pinxit migrate`: makes an instance and brings it forward. It must not serve it."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import click

from server import logs
from server.actions.network.audit import note_act
from server.actions.people.register import ensure_instance_actor
from server.cli.ground import Stop, find_bundled_model, folder_of, load_config
from server.cli.keypair import new_keys
from server.cli.running import operator, run
from server.config import CONFIG_NAME, Config, ConfigError, parse
from server.ids import Ids, SystemClock
from server.opening import database_path, open_services, write_secret
from server.store import migration
from server.store.network.audit import Act

TEMPLATE = """# The instance's configuration. Every key, with its meaning and default: config.example.toml

[site]
domain = "{domain}"

[web]
port = {port}
"""
LOCAL = """
# For one machine alone: plain http, ports in addresses, peers on loopback.
[federation]
allow_http = true
allow_private_addresses = true
"""
DEFAULT_PORT = 8080


@click.command()
@click.option("--domain", required=True, help="The part of handles after the @; it can never change.")
@click.option("--local", is_flag=True, help="Plain http on loopback, with a port: for trying things out.")
@click.pass_context
def init(context: click.Context, domain: str, local: bool) -> None:
    """Make an instance: folder, configuration, secret, database and keys."""
    folder = folder_of(context)
    text = TEMPLATE.format(domain=domain, port=_port(domain, local=local)) + (LOCAL if local else "")
    path = folder / CONFIG_NAME
    if path.exists():
        raise Stop(f"{path} is there already; an instance keeps its domain for ever")
    if local and ":" not in domain:
        raise Stop(f"a local instance is known by its port as well: --domain {domain}:{DEFAULT_PORT}")
    config = _read(text, source=str(path))
    logs.configure(config.log)
    _make_folder(folder)
    _upgrade(database_path(folder, config))
    run(_make_instance_actor(folder, config))
    # Last, as it is by this file that an instance is known: an init that is killed can be typed again.
    _write(path, text)
    click.echo(f"Made an instance for {domain} in {folder}.")
    click.echo(f"Next: pinxit --dir {folder} user create NAME --admin, then pinxit --dir {folder} serve")


@click.command()
@click.pass_context
def migrate(context: click.Context) -> None:
    """Bring the database to this program's version. Stop the instance and back it up first."""
    config = load_config(context)
    path = database_path(folder_of(context), config)
    clock = SystemClock()
    act = Act(Ids(clock).new(), clock.now(), operator().name, "instance.migrate", config.site.domain, None, None)
    applied = _upgrade(path, act)
    click.echo(f"{path}: applied {', '.join(applied)}." if applied else f"{path} is up to date.")


def _port(domain: str, *, local: bool) -> int:
    _, _, port = domain.partition(":")
    return int(port) if local and port.isdigit() else DEFAULT_PORT


def _read(text: str, *, source: str) -> Config:
    try:
        return parse(text, os.environ, source=source, bundled=find_bundled_model())
    except ConfigError as error:
        hint = "; --local allows plain http and ports" if "carries a port" in str(error) else ""
        raise Stop(f"{error}{hint}") from None


def _make_folder(folder: Path) -> None:
    with _one_line():
        # Keys lie in this folder's database: nobody else may read it.
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_secret(folder)


def _upgrade(path: Path, act: Act | None = None) -> list[str]:
    try:
        return migration.upgrade(path, act=act)
    except migration.MigrationFailed as failure:
        raise Stop(str(failure)) from None


def _write(path: Path, text: str) -> None:
    fresh = path.with_suffix(".new")
    with _one_line():
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(path)


@contextlib.contextmanager
def _one_line() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Stop(f"{error.filename}: {error.strerror}") from None


async def _make_instance_actor(folder: Path, config: Config) -> None:
    async with open_services(folder, config) as services:
        pair = new_keys()
        async with services.database.write() as tx:
            await ensure_instance_actor(tx, services.site, pair)
            await note_act(tx, services.site, operator(), "instance.init", config.site.domain)
