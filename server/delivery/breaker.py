"""When a host is left alone: after failures in a row it rests, longer each time. It must not know what was sent.

Without it a dead server costs a connection attempt per activity for three days.
"""

from dataclasses import dataclass

from server.ids import MICROSECONDS

# Mastodon's number (delivery_failure_tracker.rb): fewer are a restart.
FAILURES_AT_MOST = 10
# A minute for a hiccup; then doubling, up to the hour in which an operator may mend something.
REST_SECONDS = 60
REST_SECONDS_AT_MOST = 3600


@dataclass(slots=True)
class Breaker:
    """The state of one host, times in microseconds. `probing`: one delivery finds out whether the host is back."""

    failures: int
    resting_until: int | None
    probing: bool = False

    def ask(self, now: int) -> int | None:
        """Say whether a delivery may go: None for yes (then tell how it ended), else when to ask again."""
        if self.resting_until is not None and self.resting_until > now:
            return self.resting_until
        if self.failures < FAILURES_AT_MOST:
            return None
        if self.probing:
            return now + REST_SECONDS * MICROSECONDS
        self.probing = True
        return None

    def succeeded(self) -> None:
        """The host answered like one that works, be it with a refusal."""
        self.failures = 0
        self.resting_until = None
        self.probing = False

    def failed(self, now: int, *, wait_seconds: int | None = None) -> None:
        """The host did not answer, or said that it is in trouble; `wait_seconds` is what it asked for."""
        self.failures += 1
        self.probing = False
        seconds = wait_seconds or 0
        if self.failures >= FAILURES_AT_MOST:
            seconds = max(seconds, rest_seconds(self.failures))
        if seconds:
            self.resting_until = max(self.resting_until or 0, now + seconds * MICROSECONDS)


def rest_seconds(failures: int) -> int:
    """How long a host rests after so many failures in a row (at least ten)."""
    doublings = min(failures - FAILURES_AT_MOST, REST_SECONDS_AT_MOST.bit_length())
    return min(REST_SECONDS << doublings, REST_SECONDS_AT_MOST)
