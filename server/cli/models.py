"""`pinxit model …`: what paints here, and what else could. It must not load a model."""

import click
import msgspec

from generator import bundled, catalogue
from server.actions.painting.offers import Offer, Offers, keep_offers, say_seconds
from server.cli.model_add import add_model
from server.cli.running import with_services
from server.services import Services
from server.store.writing import generations
from server.studio.measuring import measure_offers


class Painter(msgspec.Struct, frozen=True):
    """A model that is configured; `seconds` is the mean of its newest pictures."""

    name: str
    engine: str
    path: str
    seconds: float | None


class Listing(msgspec.Struct, frozen=True):
    """What `pinxit model list --json` prints."""

    configured: list[Painter]
    offers: Offers


@click.group()
def model() -> None:
    """What paints here, and what else could."""


model.add_command(add_model)


@model.command("list")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_context
def list_models(context: click.Context, as_json: bool) -> None:
    """Measure this machine; list the models that are configured and those that are known, with licence and seconds."""

    async def work(services: Services) -> Listing:
        text = await measure_offers()
        async with services.database.write() as tx:
            offers = await keep_offers(tx, text)
        async with services.database.read() as reader:
            painters = [
                Painter(one.name, one.engine, one.path, await generations.typical_seconds(reader, one.name))
                for one in services.site.config.generation.every_model
            ]
        return Listing(painters, offers)

    listing = with_services(context, work)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(listing)))
        return
    _show(listing)


def _show(listing: Listing) -> None:
    click.echo("Paints here:")
    for one in listing.configured:
        kind = "draws by rules" if one.engine == "drawing" else _place(one.path)
        pace = f"{say_seconds(one.seconds)} a picture" if one.seconds is not None else "no picture yet"
        click.echo(f"  {one.name:<18} {kind} · {pace}")
    machine = listing.offers.machine
    click.echo(
        f"\nCould paint here ({machine.name}, {machine.memory_gigabytes:.0f} GB, {machine.teraflops:.3g} teraflops/s):"
    )
    for offer in listing.offers.ranked:
        click.echo(f"  {offer.name:<18} {_describe(offer)}")
    click.echo("\nSeconds are estimated. To put one in: pinxit model add NAME")


def _place(path: str) -> str:
    """Where a model lies, or of the bundled one its terms and size."""
    if path != str(bundled.FOLDER):
        return path
    known = catalogue.read(bundled.FOLDER)
    size = sum(file.stat().st_size for file in bundled.FOLDER.rglob("*") if file.is_file())
    return f"comes with Pinxit · {known.license if known else 'licence not known'} · {size / 1e6:.0f} MB"


def _describe(offer: Offer) -> str:
    size = f"{offer.weights_gigabytes:g} GB" if offer.weights_gigabytes else "size not known"
    room = {True: "fits", False: "does not fit", None: "room not known"}[offer.fits]
    return f"{offer.license} · {size}, {room} · {say_seconds(offer.seconds)} a picture · {offer.page or ''}".rstrip(
        " ·"
    )
