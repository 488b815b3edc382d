"""Two instances joined by the fake network: alice lives on alpha, bob on beta."""

import contextlib
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from server.actions.ties.follow import follow
from server.remote.people import find_by_handle
from server.store.people.actors import Actor
from tests.fakes import FakeClock, Network
from tests.instance import Instance, live_on, open_instance, run_jobs_until_idle


@dataclass
class World:
    """Both houses and who lives in them, each as their own house knows them."""

    network: Network
    clock: FakeClock
    alpha: Instance
    beta: Instance
    alice: Actor
    bob: Actor

    @property
    def houses(self) -> tuple[Instance, Instance]:
        return self.alpha, self.beta

    def house(self, name: str) -> Instance:
        """`alpha` or `beta`."""
        return self.alpha if name == "alpha" else self.beta

    async def ask_to_follow(self) -> str:
        """Bob asks to follow alice; return the state on his side."""
        alice = await find_by_handle(self.beta.services, "alice@alpha.example")
        async with self.beta.database.write() as tx:
            return await follow(tx, self.beta.site, self.bob, alice)

    async def let_bob_follow(self) -> None:
        """Bob follows alice, and was let in."""
        await self.ask_to_follow()
        await run_jobs_until_idle(*self.houses)


@contextlib.asynccontextmanager
async def open_world(folder: Path, clock: FakeClock | None = None) -> AsyncIterator[World]:
    """Open both as they lie in `folder`, or new."""
    network, clock = Network(), clock or FakeClock()
    async with (
        open_instance(folder / "alpha", network, clock, domain="alpha.example") as alpha,
        open_instance(folder / "beta", network, clock, domain="beta.example") as beta,
    ):
        alice, bob = await alpha.register("alice"), await beta.register("bob")
        yield World(network, clock, alpha, beta, alice, bob)


async def kill_at_every_step(
    folder: Path,
    victim: str,
    begin: Callable[[World], Awaitable[object]],
    check: Callable[[World], Awaitable[None]],
) -> int:
    """Begin a story, then for each step of the victim: kill it there, let all go on to the end, and check.

    The story is begun once and copied as it lies on the disk. Returns how many steps there were.
    """
    start = folder / "start"
    async with open_world(start) as world:
        await begin(world)
        begun_at = world.clock.now()
    steps = 0
    while True:
        shutil.copytree(start, folder / str(steps))
        # A second later, as ids are unique by their millisecond.
        async with open_world(folder / str(steps), FakeClock(begun_at + 1_000_000)) as world:
            world.house(victim).life.die_after(steps)
            deaths = await live_on(*world.houses)
            await check(world)
        if deaths == 0:
            return steps
        assert deaths == 1
        steps += 1
