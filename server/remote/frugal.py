"""Questions to other servers with a purse: so many in all, so many for each domain, until a moment. Then no more.

What is looked up for the sake of history is never worth more than that, however the peers answer (T51, T52, T54).
It must not ask anything itself.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from activitypub.keys import Signer
from activitypub.verified import Form
from activitypub.vocabulary import domain_of, host_of
from server.ids import MICROSECONDS
from server.remote.seam import NOTHING, Document, FetchFailed, Onward, Peers, Reach, Refused, Sent, SigningKeys
from server.site import Site
from server.store.database import Database
from server.store.network import domain_rules
from server.store.network import peers as hosts

# A domain that failed so often for one purpose is not asked again for it: it is down, or plays.
FAILURES_AT_MOST = 3
# Half of a purse is one domain's at most, so that a thread over many servers is not all of one of them.
SHARE = 2
# No purpose is worth more; four questions that last to their end are over by then.
SECONDS_AT_MOST = 120


class Spent(Refused):
    """The purse does not give for this question."""


@dataclass(slots=True)
class Purse:
    """What may still be asked. Used by one job."""

    requests: int
    until: int
    per_domain: int
    # The one host that may be asked, where who sent something would else choose whom we ask.
    only: str | None = None
    asked: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)

    def take(self, url: str, now: int) -> str:
        """Pay for one question; return whom it asks. Raises Spent."""
        host = host_of(url)
        domain = domain_of(host)
        if self.requests <= 0 or now > self.until:
            raise Spent("enough was asked for this purpose")
        if self.only is not None and not _is_near(host, self.only):
            raise Spent(f"{host} is not asked for this purpose")
        if self.asked[domain] >= self.per_domain or self.failed[domain] >= FAILURES_AT_MOST:
            raise Spent(f"enough was asked of {domain} for this purpose")
        self.requests -= 1
        self.asked[domain] += 1
        return domain


def _is_near(host: str, other: str) -> bool:
    """Whether one is the other or below it, as where names and their server differ; under co.uk strangers are not."""
    return host == other or host.endswith(f".{other}") or other.endswith(f".{host}")


@dataclass(frozen=True, slots=True)
class FrugalPeers:
    """The peers, asked out of a purse, and not while they rest or are suspended. Only questions can be asked."""

    peers: Peers
    purse: Purse
    site: Site
    database: Database

    async def fetch(
        self, url: str, *, signer: Signer | None = None, form: Form = "cavage", onward: Onward | None = None
    ) -> Document:
        """Get an ActivityStreams document; raises like any peers, and Spent."""
        domain = await self._pay(url)
        try:
            return await self.peers.fetch(url, signer=signer, form=form, onward=self._onward(onward))
        except FetchFailed as failure:
            self._note(domain, failure)
            raise

    async def fetch_json(self, url: str, accept: str, *, onward: Onward | None = None) -> Document:
        """Get a JSON document; raises like any peers, and Spent."""
        domain = await self._pay(url)
        try:
            return await self.peers.fetch_json(url, accept, onward=self._onward(onward))
        except FetchFailed as failure:
            self._note(domain, failure)
            raise

    async def download(self, url: str, max_bytes: int, *, onward: Onward | None = None) -> tuple[bytes, str]:
        """Never: history is words and addresses."""
        raise Spent("files are not fetched for this purpose")

    async def post(
        self, inbox: str, body: bytes, *, signer: Signer, form: Form, beside: Mapping[str, str] = NOTHING
    ) -> Sent:
        """Never: nothing is said for this purpose."""
        raise Spent("nothing is sent for this purpose")

    async def push(self, endpoint: str, body: bytes, headers: Mapping[str, str]) -> Sent:
        """Never: nothing is said for this purpose."""
        raise Spent("nothing is sent for this purpose")

    def _onward(self, further: Onward | None) -> Onward:
        """Each hop costs what a question costs: who is asked would else spend the purse on others."""

        async def pay(url: str) -> None:
            await self._pay(url)
            if further is not None:
                await further(url)

        return pay

    async def _pay(self, url: str) -> str:
        now = self.site.clock.now()
        domain = self.purse.take(url, now)
        async with self.database.read() as reader:
            peer = await hosts.find(reader, host_of(url))
            suspended = await domain_rules.suspends(reader, host_of(url))
        if suspended or (peer is not None and (peer.resting_until or 0) > now):
            raise Spent(f"{host_of(url)} is left alone")
        return domain

    def _note(self, domain: str, failure: FetchFailed) -> None:
        if failure.passing:
            self.purse.failed[domain] += 1


@dataclass(frozen=True, slots=True)
class Frugal:
    """A reach whose peers are asked out of one purse."""

    site: Site
    database: Database
    peers: Peers
    signers: SigningKeys


def open_purse(reach: Reach, *, requests: int, only: str | None = None) -> Frugal:
    """Return the same reach, good for so many requests: half of them to one domain at most, or all to one host."""
    until = reach.site.clock.now() + SECONDS_AT_MOST * MICROSECONDS
    purse = Purse(requests, until, requests if only else max(1, requests // SHARE), only)
    peers = FrugalPeers(reach.peers, purse, reach.site, reach.database)
    return Frugal(reach.site, reach.database, peers, reach.signers)
