"""An instance that paints for other servers, and how people there ask: what the tests of commissions share."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from server.actions.painting.studio import ensure_studio
from server.config import CommissionsConfig, Config, SiteConfig
from server.jobs.queue import Job, Retry
from server.store.people.actors import Actor
from tests.fakes import FakeClock, Network
from tests.instance import Instance, open_instance, pair_of, run_jobs_until_idle
from tests.remote_host import Document, Person

DOMAIN = "pinxit.example"
STUDIO = f"https://{DOMAIN}/users/studio"
AWAY_SECONDS = 2
ANYONE = CommissionsConfig(policy="anyone")


@contextlib.asynccontextmanager
async def open_studio_house(
    folder: Path, network: Network, clock: FakeClock, commissions: CommissionsConfig = ANYONE
) -> AsyncIterator[Instance]:
    """Open an instance with a studio actor."""
    config = Config(site=SiteConfig(domain=DOMAIN), commissions=commissions)
    async with open_instance(folder, network, clock, domain=DOMAIN, config=config) as house:
        await make_studio(house)
        yield house


async def make_studio(house: Instance) -> Actor:
    """Make the studio actor as a start of the instance does."""
    async with house.database.write() as tx:
        return await ensure_studio(tx, house.site, pair_of("studio"))


def question(asker: Person, words: str, **more: object) -> Document:
    """A Note of `asker` that names the studio as Mastodon writes it; public unless `to` and `cc` say otherwise."""
    name = (
        f'<span class="h-card"><a href="https://{DOMAIN}/@studio" class="u-url mention">@<span>studio</span></a></span>'
    )
    tag = {"type": "Mention", "href": STUDIO, "name": f"@studio@{DOMAIN}"}
    fields = {"cc": [asker.followers, STUDIO], "tag": [tag]} | more
    return asker.note(f"<p>{name} {words}</p>", **fields)


async def ask(asker: Person, words: str, **more: object) -> Document:
    """Send a question to the studio's inbox; return its Create."""
    create = asker.create(question(asker, words, **more))
    assert await asker.send(create, f"{STUDIO}/inbox") == 202
    return create


def answers(asker: Person) -> list[Document]:
    """The Notes of the studio that came to the asker's server, oldest first."""
    return [create["object"] for create in asker.host.received("Create") if create["actor"] == STUDIO]


def pictures(asker: Person) -> list[Document]:
    """Those answers that carry a picture."""
    return [note for note in answers(asker) if note.get("attachment")]


async def run_without_painter(house: Instance) -> None:
    """Run what is due while the painter is away; then the painter is back, and what waits may be painted."""
    handlers = house.handlers
    house.handlers = {**handlers, "render": _stay_away}
    try:
        await run_jobs_until_idle(house)
    finally:
        house.handlers = handlers
        house.clock.advance(AWAY_SECONDS)


async def _stay_away(job: Job) -> None:
    raise Retry(AWAY_SECONDS, "the painter is away")
