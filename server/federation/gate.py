"""How often who may knock at the inbox, and whether there is room behind it. It must not read what is brought."""

import asyncio

from activitypub.verified import Verified
from server.brake import Brake
from server.ids import MICROSECONDS
from server.problems import Problem, TooMany
from server.services import Services

# How old the answer may be to whether there is room: some hundred activities come in meanwhile, and asking is a query.
BELIEVED_SECONDS = 2
# Till a full queue has room again: the workers do some hundred a second.
FULL_SECONDS = 60


class NoRoom(Problem):
    """So much waits already that nothing more is taken; what is not stored is not accepted."""

    status = 503


class Gate:
    """The limits of `[federation]` on what comes to the inboxes."""

    def __init__(self, services: Services) -> None:
        limits, clock = services.site.config.federation, services.site.clock
        self._services = services
        self._refused = Brake(clock, most=limits.refused_per_address, seconds=60)
        self._hosts = Brake(clock, most=limits.received_per_host, seconds=60)
        self._actors = Brake(clock, most=limits.received_per_actor, seconds=60)
        self._full = False
        self._asked_at = 0
        self._asking = asyncio.Lock()

    async def check(self, address: str) -> None:
        """Before anything is read.

        Raises:
            TooMany: this address has brought too much that was refused.
            NoRoom: too much waits to be acted upon.
        """
        self._refused.check(address)
        if await self._is_full():
            raise NoRoom("too much waits here already")

    def note_refusal(self, address: str) -> None:
        """Count what was refused, each of which may have cost us a signature or a question to a server."""
        self._refused.note(address)

    def admit(self, verified: Verified) -> None:
        """Count an activity whose signature held; raises TooMany for its host or its actor."""
        self._hosts.spend(verified.host)
        try:
            self._actors.spend(verified.actor_uri)
        except TooMany:
            self._hosts.give_back(verified.host)
            raise

    async def _is_full(self) -> bool:
        now = self._services.site.clock.now()
        if now - self._asked_at < BELIEVED_SECONDS * MICROSECONDS or self._asking.locked():
            return self._full
        async with self._asking, self._services.database.read() as reader:
            self._asked_at = now
            most = self._services.site.config.federation.received_waiting_at_most
            self._full = await self._services.site.queue.has_waiting(reader, "inbox", most)
        return self._full


def seconds_to_wait(problem: Problem) -> int:
    """What `Retry-After` says with a refusal of the gate."""
    return problem.after_seconds if isinstance(problem, TooMany) else FULL_SECONDS
