"""The table of commands. It must not do any of their work."""

from pathlib import Path

import click

from server.cli import demo, doctor, instance, jobs, people, pictures, serving

DEFAULT_FOLDER = "./pinxit-data"


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
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


for command in (
    instance.init,
    instance.migrate,
    serving.serve,
    serving.web,
    serving.work,
    people.user,
    people.follow,
    pictures.generate,
    pictures.post,
    jobs.jobs,
    doctor.doctor,
    demo.demo,
):
    main.add_command(command)
