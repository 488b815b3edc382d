"""What we think of the hosts that knock: suspended or not, and which signature form they showed. It must not verify."""

from collections import OrderedDict
from dataclasses import dataclass, replace

from activitypub.errors import Forbidden
from activitypub.verified import Form, Verified
from server.ids import MICROSECONDS
from server.services import Services
from server.store.network import domain_rules, peers

# Hosts that send on one day to an instance with many follows; a few hundred bytes each.
HOSTS_AT_MOST = 5000
# So long does a suspension take to be felt here; looking it up costs as much as an RSA verify.
BELIEVED_SECONDS = 60


@dataclass(frozen=True, slots=True)
class _Standing:
    suspended: bool
    form: Form | None
    until: int


class Standings:
    """Remembers the hosts heard of lately."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._held: OrderedDict[str, _Standing] = OrderedDict()

    async def check(self, verified: Verified) -> None:
        """Let a host in whose signature held, and remember the form it understands; raises Forbidden."""
        host = verified.host
        standing = self._held.get(host)
        if standing is None or standing.until <= self._services.site.clock.now():
            standing = await self._look_up(host)
        if standing.suspended:
            raise Forbidden("this host is suspended here")
        if verified.form == "rfc9421" and standing.form != "rfc9421":
            await self._prefer(host, verified.form)
            standing = replace(standing, form=verified.form)
        self._held[host] = standing

    async def _look_up(self, host: str) -> _Standing:
        async with self._services.database.read() as reader:
            peer = await peers.find(reader, host)
            suspended = await domain_rules.suspends(reader, host)
        while len(self._held) >= HOSTS_AT_MOST:
            self._held.popitem(last=False)
        until = self._services.site.clock.now() + BELIEVED_SECONDS * MICROSECONDS
        if peer is None:
            return _Standing(suspended=suspended, form=None, until=until)
        form: Form = "rfc9421" if peer.signature_form == "rfc9421" else "cavage"
        return _Standing(suspended=suspended, form=form, until=until)

    async def _prefer(self, host: str, form: Form) -> None:
        """What it signs with, it also reads: deliveries to it begin with this form from now on."""
        async with self._services.database.write(durable=False) as tx:
            await peers.prefer_form(tx, host, form, at=self._services.site.clock.now())
