"""`pinxit emoji …`: the custom emoji of this instance. It must not open their pictures; the sandbox does."""

import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import click

from server.actions.network.audit import note_act
from server.actions.writing.emojis import MAX_OURS, add_emoji, check_name, remove_emoji
from server.cli.ground import Stop
from server.cli.running import operator, with_services
from server.media.intake import EMOJI_BYTES_AT_MOST
from server.problems import Problem
from server.services import Services
from server.store.writing import emojis
from server.store.writing.emojis import OURS

SUFFIXES = frozenset({".png", ".webp", ".gif", ".jpg", ".jpeg", ".avif"})
# A zip may say of a few bytes that they are gigabytes: names and sizes are looked at before anything is unpacked.
FILES_AT_MOST = 10_000


@click.group()
def emoji() -> None:
    """Custom emoji: pictures for words between colons."""


@emoji.command("add")
@click.argument("name")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--category", help="Under which heading apps offer it.")
@click.pass_context
def add(context: click.Context, name: str, file: Path, category: str | None) -> None:
    """Make :NAME: the picture FILE, or give it this other picture."""
    name = name.strip(":")

    async def work(services: Services) -> None:
        check_name(name)
        await _take(services, name, _read_file(file), category)

    with_services(context, work)
    click.echo(f"Added :{name}:")


@emoji.command("list")
@click.pass_context
def list_all(context: click.Context) -> None:
    """List them: name, category, address of the picture."""

    async def work(services: Services) -> list[str]:
        async with services.database.read() as reader:
            found = await emojis.list_of_host(reader, OURS, limit=MAX_OURS)
        return [f":{one.name}:  {one.category or '-'}  {services.site.media_url(one.file_key or '')}" for one in found]

    for line in with_services(context, work):
        click.echo(line)


@emoji.command("remove")
@click.argument("name")
@click.pass_context
def remove(context: click.Context, name: str) -> None:
    """Forget :NAME:; posts show the word again."""
    name = name.strip(":")

    async def work(services: Services) -> None:
        async with services.database.write() as tx:
            await remove_emoji(tx, services.site, name)
            await note_act(tx, services.site, operator(), "emoji.remove", f":{name}:")

    with_services(context, work)
    click.echo(f"Removed :{name}:")


@emoji.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--category", help="Under which heading apps offer them.")
@click.pass_context
def import_all(context: click.Context, path: Path, category: str | None) -> None:
    """Add the pictures of a folder or a zip, each called as its file is; what cannot be taken is named."""

    async def work(services: Services) -> tuple[int, list[str]]:
        added, refused = 0, []
        for name, data in _read_all(path):
            try:
                check_name(name)
                await _take(services, name, data, category)
                added += 1
            except Problem as problem:
                refused.append(f"{name[:80]}: {problem}")
        return added, refused

    added, refused = with_services(context, work)
    for line in refused:
        click.echo(line, err=True)
    click.echo(f"Added {added}, left out {len(refused)}.")
    if not added:
        raise Stop(f"{path} has no pictures that can be emoji")


async def _take(services: Services, name: str, data: bytes, category: str | None) -> None:
    key = await services.intake.take_emoji(data)
    async with services.database.write() as tx:
        await add_emoji(tx, services.site, name, key, category=category)
        await note_act(tx, services.site, operator(), "emoji.add", f":{name}:")


def _read_file(path: Path) -> bytes:
    with path.open("rb") as opened:
        return opened.read(EMOJI_BYTES_AT_MOST + 1)


def _read_all(path: Path) -> Iterator[tuple[str, bytes]]:
    """Give (name, file) of each picture, in the order of their names."""
    if path.is_dir():
        for one in sorted(path.iterdir())[:FILES_AT_MOST]:
            if one.is_file() and one.suffix.lower() in SUFFIXES:
                yield one.stem, _read_file(one)
        return
    try:
        with zipfile.ZipFile(path) as packed:
            yield from _read_zip(packed)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise Stop(f"{path} cannot be unpacked: {error}") from None


def _read_zip(packed: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    for entry in sorted(packed.infolist(), key=lambda one: one.filename)[:FILES_AT_MOST]:
        inner = PurePosixPath(entry.filename)
        hidden = inner.name.startswith(".") or "__MACOSX" in inner.parts
        if entry.is_dir() or hidden or inner.suffix.lower() not in SUFFIXES:
            continue
        with packed.open(entry) as opened:
            # No more than is taken anyway, whatever the entry says of its size.
            yield inner.stem, opened.read(EMOJI_BYTES_AT_MOST + 1)
