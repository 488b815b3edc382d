"""How many questions other servers may have open with us at once, so that a slow one holds up itself alone.

Anybody can make us ask: a key id in a request, an address in an activity. It must not ask anything.
"""

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from activitypub.vocabulary import domain_of, host_of
from server.ids import MICROSECONDS, Clock
from server.remote.seam import FetchFailed

# For all hosts of one domain; a fast host answers some forty questions a second through these.
AT_ONCE_PER_DOMAIN = 8
# All together, well under the sockets that there are: deliveries and known hosts go on.
AT_ONCE = 100
# Those who wait for their turn do it so long, and no more than so many of a domain.
WAIT_SECONDS = 2.0
WAITING_AT_MOST = 64
# Hosts that let us wait to the end so often in a row are left alone for a while.
SLOW_AT_MOST = 4
REST_SECONDS = 60
# Domains that are remembered as slow; a hundred bytes each.
REMEMBERED_AT_MOST = 5000


@dataclass(slots=True)
class _Lane:
    """The questions of one domain."""

    free: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE_PER_DOMAIN))
    inside: int = 0


@dataclass(slots=True)
class _Slow:
    """How often a domain let us wait in a row, and until when it is left alone."""

    times: int = 0
    until: int = 0


class Turns:
    """The turns of one process. Used from one loop."""

    def __init__(self, clock: Clock, *, wait_seconds: float = WAIT_SECONDS) -> None:
        self._clock = clock
        self._wait_seconds = wait_seconds
        self._open = 0
        self._lanes: dict[str, _Lane] = {}
        self._slow: OrderedDict[str, _Slow] = OrderedDict()

    @contextlib.asynccontextmanager
    async def take(self, url: str, *, blame: bool = True) -> AsyncIterator[None]:
        """Hold a turn for asking at `url`; with `blame` a TimeoutError that comes out of it counts against the domain.

        Raises:
            FetchFailed: it is not the time for it; the same question may be asked later.
        """
        domain = domain_of(host_of(url))
        slow = self._slow.get(domain)
        if slow is not None and slow.until > self._clock.now():
            raise FetchFailed(f"{domain} is too slow to be asked just now")
        async with self._lane(domain) as lane:
            await self._enter(lane, domain)
            try:
                yield
            except TimeoutError:
                if blame:
                    self._note_slow(domain)
                raise
            else:
                self._slow.pop(domain, None)
            finally:
                self._open -= 1
                lane.free.release()

    @contextlib.asynccontextmanager
    async def _lane(self, domain: str) -> AsyncIterator[_Lane]:
        lane = self._lanes.setdefault(domain, _Lane())
        if lane.inside >= AT_ONCE_PER_DOMAIN + WAITING_AT_MOST:
            raise FetchFailed(f"too many questions wait for {domain}")
        lane.inside += 1
        try:
            yield lane
        finally:
            lane.inside -= 1
            if not lane.inside:
                del self._lanes[domain]

    async def _enter(self, lane: _Lane, domain: str) -> None:
        try:
            async with asyncio.timeout(self._wait_seconds):
                await lane.free.acquire()
        except TimeoutError:
            raise FetchFailed(f"too many questions are open with {domain}") from None
        if self._open >= AT_ONCE:
            lane.free.release()
            raise FetchFailed("too many questions are open with other servers")
        self._open += 1

    def _note_slow(self, domain: str) -> None:
        slow = self._slow.pop(domain, None) or _Slow()
        self._slow[domain] = slow
        slow.times += 1
        if slow.times >= SLOW_AT_MOST:
            slow.until = self._clock.now() + REST_SECONDS * MICROSECONDS
        while len(self._slow) > REMEMBERED_AT_MOST:
            self._slow.popitem(last=False)
