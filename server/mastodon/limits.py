"""How often a client may ask (Mastodon's numbers: config/initializers/rack_attack.rb). It must not know what is asked.

The counts are of this process alone: they protect it, and keep no books.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from server.brake import Brake
from server.ids import Clock, iso

LimitName: TypeAlias = Literal["token", "person", "address", "paging", "media", "delete", "lookup"]

# How many in how many seconds. A client that keeps these anywhere keeps them here.
LIMITS: dict[LimitName, tuple[int, int]] = {
    "token": (300, 300),
    "person": (1500, 300),
    "address": (300, 300),
    "paging": (300, 900),
    "media": (30, 1800),
    "delete": (30, 1800),
    # Each makes us knock at another server.
    "lookup": (60, 300),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a caller stands with the limit that is nearest to its end."""

    limit: int
    remaining: int
    reset_at: int

    def headers(self) -> dict[str, str]:
        """Return what clients read to slow down by themselves."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": iso(self.reset_at),
        }


class Limits:
    """The counters of one process."""

    def __init__(self, clock: Clock) -> None:
        self._brakes = {name: Brake(clock, most=most, seconds=seconds) for name, (most, seconds) in LIMITS.items()}

    def spend(self, keys: Sequence[tuple[LimitName, str]]) -> None:
        """Count one request against several limits.

        Raises:
            TooMany: one of them is used up; the others are not counted then.
        """
        for name, key in keys:
            self._brakes[name].check(key)
        for name, key in keys:
            self._brakes[name].note(key)

    def standing(self, keys: Sequence[tuple[LimitName, str]]) -> Standing:
        """Return how the caller stands with the limit of which the least is left."""
        found = [Standing(LIMITS[name][0], *self._brakes[name].left(key)) for name, key in keys]
        return min(found, key=lambda one: one.remaining)
