"""Slows down who tries too often, in this process's memory. It must not know what is being tried."""

from collections import OrderedDict, deque

from server.ids import MICROSECONDS, Clock
from server.problems import TooMany

# An attacker may use many names and addresses; beyond this the longest untouched are forgotten.
MOST_KEYS = 10_000


class Brake:
    """Allows `most` tries per key in any `seconds`."""

    def __init__(self, clock: Clock, *, most: int, seconds: int) -> None:
        self._clock = clock
        self._most = most
        self._span = seconds * MICROSECONDS
        self._tries: OrderedDict[str, deque[int]] = OrderedDict()

    def check(self, key: str) -> None:
        """Raise TooMany when `key` has used up its tries."""
        tries = self._recent(key)
        if len(tries) >= self._most:
            wait = (tries[0] + self._span - self._clock.now()) // MICROSECONDS + 1
            raise TooMany("Too many tries. Please wait a little.", after_seconds=max(1, wait))

    def note(self, key: str) -> None:
        """Count one try."""
        tries = self._recent(key)
        tries.append(self._clock.now())
        self._tries[key] = tries
        self._tries.move_to_end(key)
        while len(self._tries) > MOST_KEYS:
            self._tries.popitem(last=False)

    def spend(self, key: str) -> None:
        """Check and count in one."""
        self.check(key)
        self.note(key)

    def left(self, key: str) -> tuple[int, int]:
        """Return how many tries are left, and when (in microseconds) the oldest that counts is forgotten."""
        tries = self._recent(key)
        return max(0, self._most - len(tries)), (tries[0] if tries else self._clock.now()) + self._span

    def give_back(self, key: str) -> None:
        """Give a key its last try back."""
        if tries := self._tries.get(key):
            tries.pop()

    def forget(self, key: str) -> None:
        """Give a key all its tries back."""
        self._tries.pop(key, None)

    def _recent(self, key: str) -> deque[int]:
        tries = self._tries.get(key, deque())
        oldest = self._clock.now() - self._span
        while tries and tries[0] <= oldest:
            tries.popleft()
        return tries


class Flow:
    """Allows each key `per_minute` in the long run and as many at once, for one number a key.

    The generic cell rate algorithm (ITU-T I.371): kept is when the key's next turn would be if it had come evenly.
    For keys that come thousands of times a minute, whose single tries a Brake would have to remember.
    """

    def __init__(self, clock: Clock, *, per_minute: int) -> None:
        self._clock = clock
        self._span = 60 * MICROSECONDS
        self._step = self._span // per_minute
        self._due: OrderedDict[str, int] = OrderedDict()

    def check(self, key: str) -> None:
        """Raise TooMany when `key` has used up what it may have."""
        ahead = self._due.get(key, 0) + self._step - self._clock.now() - self._span
        if ahead > 0:
            raise TooMany("Too many at once. Please come again later.", after_seconds=-(-ahead // MICROSECONDS))

    def note(self, key: str) -> None:
        """Count one."""
        self._due[key] = max(self._due.get(key, 0), self._clock.now()) + self._step
        self._due.move_to_end(key)
        while len(self._due) > MOST_KEYS:
            self._due.popitem(last=False)

    def spend(self, key: str) -> None:
        """Check and count in one."""
        self.check(key)
        self.note(key)
