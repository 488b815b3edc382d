"""A host as the deliveries under way see it: its breaker, its signature form, how many may knock at once.

It must not send anything, and writes nothing: `to_peer` says what to store.
"""

import asyncio
from dataclasses import replace

from activitypub.delivery import Kind, Outcome
from activitypub.verified import Form
from server.delivery.breaker import Breaker
from server.ids import MICROSECONDS
from server.remote.seam import Sent
from server.store.network.peers import Peer

# As browsers are to one host: more only fills the peer's queue (GoToSocial counts 300 requests in 5 minutes).
AT_ONCE = 4
# The last success of a host that works is news once an hour, which saves a write per delivery.
NEWS_SECONDS = 3600


class Host:
    """One host, shared by all batches of this process that concern it."""

    def __init__(self, name: str, peer: Peer | None, *, suspended: bool = False) -> None:
        self.name = name
        self.form: Form = "rfc9421" if peer is not None and peer.signature_form == "rfc9421" else "cavage"
        self.suspended = suspended
        self.breaker = Breaker(peer.failures, peer.resting_until) if peer is not None else Breaker(0, None)
        self.slots = asyncio.Semaphore(AT_ONCE)
        self.changed = False
        self._learnt: Form | None = None
        self._delivered_at = peer.delivered_at if peer is not None else None

    def learn(self, form: Form) -> None:
        """The host took this form after it had refused the other."""
        self.form = self._learnt = form
        self.changed = True

    def note(self, sent: Sent, outcome: Outcome, now: int) -> None:
        """Take in what came of a delivery. Any clear answer shows that the host works; a 401 twice shows nothing."""
        if sent.hopeless:
            return
        if outcome.kind is Kind.LATER:
            if sent.status != 401:
                self.breaker.failed(now, wait_seconds=outcome.after_seconds)
                self.changed = True
            return
        self.changed = self.changed or self.breaker.failures > 0 or self.breaker.resting_until is not None
        self.breaker.succeeded()
        if outcome.kind is Kind.DELIVERED and now - (self._delivered_at or 0) > NEWS_SECONDS * MICROSECONDS:
            self._delivered_at = now
            self.changed = True

    def to_peer(self, stored: Peer | None, now: int) -> Peer:
        """What to store over what is stored now; that may know a newer form, or that the host spoke."""
        base = stored or Peer(self.name, "cavage", 0, None, None, None, now)
        return replace(
            base,
            signature_form=self._learnt or base.signature_form,
            failures=self.breaker.failures,
            resting_until=self.breaker.resting_until,
            delivered_at=self._delivered_at,
        )
