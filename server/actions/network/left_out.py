"""Whom a list of allowed servers leaves out, for an operator who thinks about one. It must not change anything."""

from dataclasses import dataclass

from server.store.database import Reader
from server.store.network import domain_rules
from server.store.network.domain_rules import EVERYBODY
from server.store.people import hiding
from server.store.people.hiding import Neighbours


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The hosts without a rule of their own: those that follows go to or come from, the most first, and the others."""

    tied: tuple[Neighbours, ...]
    others: tuple[Neighbours, ...]

    @property
    def people(self) -> int:
        """How many people that are known here live on them."""
        return sum(one.people for one in (*self.tied, *self.others))


async def list_left_out(reader: Reader) -> LeftOut:
    """Return whom the list leaves out as the rules are now, whether it is in force or not; reads all whom we know."""
    known = await hiding.list_neighbours(reader)
    rules = await domain_rules.find_for_many(reader, {host for one in known for host in (one.host, one.home)})
    listed = {host for host, rule in rules.items() if rule.domain != EVERYBODY}
    # Somebody whose name and address lie on two hosts is left out by either.
    out = [one for one in known if not {one.host, one.home} <= listed]
    tied = sorted((one for one in out if one.ties), key=lambda one: (-one.ties, one.host))
    return LeftOut(tuple(tied), tuple(one for one in out if not one.ties))
