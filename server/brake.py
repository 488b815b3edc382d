"""Slows down who tries too often, in this process's memory. It must not know what is being tried.

The library `limits` decides, with windows that begin at a key's first try and end all at once: what Mastodon's clients
and peers know, and one number for each key. A window that moves would keep every try of every key; all that this one
lets through besides is twice as many around its end, and the long run stays the same.

Where the counts are is ours, for which the library has its `Storage`: its own storage in memory reads the machine's
clock, has no bound, and starts threads, up to a hundred a second while there are tries, that look through all keys.
"""

from collections import OrderedDict

from limits import RateLimitItemPerSecond
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter

from server.ids import MICROSECONDS, Clock
from server.problems import TooMany

# An attacker may use many names and addresses; beyond this the longest untouched are forgotten.
MOST_KEYS = 10_000


class Brake:
    """Allows `most` tries per key in `seconds` from the first."""

    def __init__(self, clock: Clock, *, most: int, seconds: int) -> None:
        self._clock = clock
        self._limit = RateLimitItemPerSecond(most, seconds)
        self._counts = _Counts(clock)
        self._windows = FixedWindowRateLimiter(self._counts)

    def check(self, key: str) -> None:
        """Raise TooMany when `key` has used up its tries."""
        if not self._windows.test(self._limit, key):
            raise self._refusal(key)

    def note(self, key: str) -> None:
        """Count one try."""
        self._windows.hit(self._limit, key)

    def spend(self, key: str) -> None:
        """Check and count in one; what is refused is not counted."""
        if not self._windows.hit(self._limit, key):
            self.give_back(key)
            raise self._refusal(key)

    def left(self, key: str) -> tuple[int, int]:
        """Return how many tries are left, and when (in microseconds) there are all of them again."""
        reset_at, remaining = self._windows.get_window_stats(self._limit, key)
        return remaining, round(reset_at * MICROSECONDS)

    def give_back(self, key: str) -> None:
        """Give a key its last try back."""
        self._counts.incr(self._limit.key_for(key), self._limit.get_expiry(), amount=-1)

    def forget(self, key: str) -> None:
        """Give a key all its tries back."""
        self._windows.clear(self._limit, key)

    def _refusal(self, key: str) -> TooMany:
        wait = self.left(key)[1] - self._clock.now()
        return TooMany("Too many tries. Please wait a little.", after_seconds=-(-wait // MICROSECONDS))


class _Counts(Storage):
    """How many tries each key has had, and when its window ends, for at most so many keys."""

    # Not to be had by an address.
    STORAGE_SCHEME = None

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._kept: OrderedDict[str, tuple[int, int]] = OrderedDict()

    @property
    def base_exceptions(self) -> tuple[type[Exception], ...]:
        """Nothing here fails."""
        return ()

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count `amount` more, in a new window of `expiry` seconds where none is open; return how many they are."""
        before, ends_at = self._find(key) or (0, self._clock.now() + expiry * MICROSECONDS)
        count = max(0, before + amount)
        self._kept[key] = count, ends_at
        self._kept.move_to_end(key)
        while len(self._kept) > MOST_KEYS:
            self._kept.popitem(last=False)
        return count

    def get(self, key: str) -> int:
        """Return how many are counted."""
        count, _ = self._find(key) or (0, 0)
        return count

    def get_expiry(self, key: str) -> float:
        """Return when the window ends, in seconds since 1970; now where none is open."""
        _, ends_at = self._find(key) or (0, self._clock.now())
        return ends_at / MICROSECONDS

    def clear(self, key: str) -> None:
        """Forget a key."""
        self._kept.pop(key, None)

    def check(self) -> bool:
        """Say that it works."""
        return True

    def reset(self) -> int:
        """Forget all keys; return how many they were."""
        count = len(self._kept)
        self._kept.clear()
        return count

    def _find(self, key: str) -> tuple[int, int] | None:
        """The count and the end of the window that is open."""
        found = self._kept.get(key)
        return found if found is not None and found[1] > self._clock.now() else None
