"""`pinxit model add`: fetches a known model and writes it into the configuration. It must not load it."""

import importlib
import re
import shutil
from pathlib import Path

import click

from generator import bundled, catalogue
from generator.catalogue import KnownModel
from server.actions.network.audit import note_act
from server.cli.ground import Stop, folder_of, load_config
from server.cli.running import operator, with_services
from server.config import CONFIG_NAME, Config, ConfigError
from server.opening import check_database, database_path
from server.services import Services

HUB = "https://huggingface.co"
INSTALLING = "generator.diffusion.installing"
# Whoever takes one of these must have read it: it forbids earning money, or demands filters.
DEMANDING = ("community", "non-commercial")
GIGABYTE = 1_000_000_000
# Beside the weights: the database and its pictures must not stand before a full disk afterwards.
SPARE_BYTES = 2 * GIGABYTE


@click.command("add")
@click.argument("name")
@click.option("--to", "target", type=click.Path(path_type=Path), help="The folder; models/NAME in the instance's own.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--hub", default=HUB, show_default=True, help="Where models come from.")
@click.pass_context
def add_model(context: click.Context, name: str, target: Path | None, yes: bool, hub: str) -> None:
    """Fetch a known model (see `pinxit model list`) and write it into the configuration."""
    config = load_config(context, terse=True)
    known = catalogue.find(name)
    if known is None:
        raise Stop(f"no model called {name} is known; there are: {', '.join(model.name for model in catalogue.KNOWN)}")
    if any(one.name == name for one in config.generation.models):
        raise Stop(f"{name} is configured already")
    folder = (target or folder_of(context) / "models" / name).resolve()
    _check_instance(folder_of(context), config)
    _fetch(known, folder, hub, ask=not yes)
    with_services(context, lambda services: _keep(services, folder_of(context) / CONFIG_NAME, known, folder))
    click.echo(f"{known.label} is in {folder} and in {CONFIG_NAME}. Start the server again, then: pinxit doctor")
    if bundled.NAME in _names(config) and bundled.NAME not in _names(load_config(context, terse=True)):
        click.echo(f"From then on it paints in the place of {bundled.NAME}; to keep both, see config.example.toml.")


def _names(config: Config) -> list[str]:
    return [one.name for one in config.generation.every_model]


def _check_instance(folder: Path, config: Config) -> None:
    """Before gigabytes come, which then could not be entered."""
    try:
        check_database(database_path(folder, config))
    except ConfigError as error:
        raise Stop(str(error)) from None


def _fetch(known: KnownModel, folder: Path, hub: str, *, ask: bool) -> None:
    try:
        installing = importlib.import_module(INSTALLING)
    except ImportError:
        raise Stop("fetching models needs the generation extra: pip install 'pinxit[generate]'") from None
    try:
        planned = installing.plan(known, hub)
        click.echo(
            f"{known.label}: {planned.bytes / GIGABYTE:.2f} GB from {hub}/{known.source}, licence {known.license}"
        )
        if known.license_class in DEMANDING:
            click.echo("This licence forbids or demands something. Read it before you say yes.")
        _check_room(folder, planned.bytes)
        if ask and not click.confirm("Fetch it?"):
            raise Stop("nothing was fetched")
        installing.fetch(planned, folder, hub)
    except installing.InstallFailed as failure:
        raise Stop(str(failure)) from None


def _check_room(folder: Path, needed: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < needed + SPARE_BYTES:
        raise Stop(
            f"{folder} has {free / GIGABYTE:.1f} GB free, and {(needed + SPARE_BYTES) / GIGABYTE:.1f} are needed"
        )


async def _keep(services: Services, path: Path, known: KnownModel, folder: Path) -> None:
    async with services.database.write() as tx:
        await note_act(tx, services.site, operator(), "model.add", known.name, after=str(folder))
        # Within the transaction: what cannot be written is not said to be done.
        _configure(path, known, folder)


def _configure(path: Path, known: KnownModel, folder: Path) -> None:
    """Add the model at the end of the file, which stays as its owner wrote it."""
    text = path.read_text(encoding="utf-8")
    quoted = re.sub(r'(["\\])', r"\\\1", str(folder))
    block = f'\n[[generation.models]]\nname = "{known.name}"\nengine = "diffusers"\npath = "{quoted}"\n'
    unfinished = path.with_suffix(".new")
    unfinished.write_text(f"{text.rstrip()}\n{block}", encoding="utf-8")
    unfinished.chmod(path.stat().st_mode)
    unfinished.replace(path)
