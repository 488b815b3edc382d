"""`pinxit user export`: what somebody takes along, into a file. It must not pack it in memory."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import click

from server.actions.carrying.archive import list_parts
from server.cli.accounts import find_account
from server.cli.ground import Stop
from server.cli.running import with_services
from server.media.packing import pack
from server.services import Services


@click.command()
@click.argument("name")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_context
def export(context: click.Context, name: str, file: Path) -> None:
    """Write everything that belongs to NAME into FILE, a zip: profile, posts, prompts, pictures, tables."""
    if file.exists():
        raise Stop(f"{file} is there already")

    async def work(services: Services) -> int:
        async with services.database.read() as reader:
            _, actor = await find_account(reader, name)
        return await _write(file, pack(list_parts(services.database, services.site, actor), services.storage))

    size = with_services(context, work)
    click.echo(f"Wrote {file}, {size} bytes")


async def _write(file: Path, pieces: AsyncIterator[bytes]) -> int:
    """Write beside the file, for its owner alone, and give it its name when it is whole."""
    unfinished = file.with_name(f"{file.name}.part")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as target:
            async for piece in pieces:
                target.write(piece)
            size = target.tell()
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
    return size
