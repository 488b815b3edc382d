"""`pinxit web`: serves pages and federation. It must not work."""

import click

from server.app import create_app
from server.app import serve as serve_app
from server.cli.ground import folder_of, load_config, stopping
from server.cli.running import run
from server.cli.studio import prepare_studio
from server.config import Config
from server.opening import open_services
from server.services import Services


@click.command()
@click.option("--tied", is_flag=True, hidden=True, help="Leave when standard input closes.")
@click.pass_context
def web(context: click.Context, tied: bool) -> None:
    """Serve pages and federation, without working."""
    config = load_config(context)

    async def inside() -> None:
        async with stopping(tied=tied) as stop, open_services(folder_of(context), config) as services:
            await prepare_studio(services)
            await serve_app(create_app(services), config.web, stop, on_up=lambda: _announce(services, config))

    run(inside())


def _announce(services: Services, config: Config) -> None:
    click.echo(f"Pinxit is up: {services.site.origin} (listening on {config.web.host}:{config.web.port})")
