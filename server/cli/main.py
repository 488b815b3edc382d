"""The table of commands. It must not do any of their work, nor load what another command needs.

Each process of an instance is such a command: the parent of the others stays small because it loads neither the web
framework nor the workers.
"""

import importlib
from pathlib import Path

import click

DEFAULT_FOLDER = "./pinxit-data"
COMMANDS = {
    "init": "server.cli.instance",
    "migrate": "server.cli.instance",
    "serve": "server.cli.supervising",
    "web": "server.cli.serving",
    "work": "server.cli.working",
    "user": "server.cli.people",
    "follow": "server.cli.people",
    "model": "server.cli.models",
    "generate": "server.cli.pictures",
    "post": "server.cli.posting",
    "report": "server.cli.reports",
    "domain": "server.cli.domains",
    "emoji": "server.cli.emoji",
    "audit": "server.cli.audit",
    "media": "server.cli.media",
    "jobs": "server.cli.jobs",
    "doctor": "server.cli.doctor",
    "demo": "server.cli.demo",
}


class Commands(click.Group):
    """A group that loads a command's module when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, in the order a newcomer needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command; None when there is no such."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(COMMANDS[cmd_name]), cmd_name)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--dir",
    "dir",
    envvar="PINXIT_DIR",
    default=DEFAULT_FOLDER,
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The instance's folder (or PINXIT_DIR).",
)
@click.version_option(package_name="pinxit", prog_name="pinxit")
def main(dir: Path) -> None:
    """Pinxit: a federated social server for generated pictures."""
