"""Shows and hides people as the rules for their hosts want it, when a rule was changed. It must not change any rule."""

from collections.abc import Mapping

from server.store.database import Reader, Transaction
from server.store.network import domain_rules
from server.store.network.domain_rules import EVERYBODY, Rule
from server.store.people import hiding
from server.store.people.hiding import MARKS, SUSPENDED, Mark

Rules = Mapping[str, Rule]


async def read_rules(reader: Reader, domain: str) -> Rules:
    """Return the rules that hold for the hosts we know in a domain, or for all we know."""
    hosts = await hiding.list_hosts(reader, None if domain == EVERYBODY else domain)
    return await domain_rules.find_for_many(reader, hosts)


async def hide_hosts(tx: Transaction, domain: str, before: Rules) -> None:
    """Mark everybody of a domain as the rules say now; `before` are the rules that held until now."""
    after = await read_rules(tx, domain)
    for mark in MARKS:
        old, new = _moments(mark, before), _moments(mark, after)
        for moment, hosts in old.items():
            await hiding.unmark_hosts(tx, mark, sorted(hosts - new.get(moment, set())), since=moment)
        for moment, hosts in new.items():
            await hiding.mark_hosts(tx, mark, sorted(hosts - old.get(moment, set())), at=moment)


def _moments(mark: Mark, rules: Rules) -> dict[int, set[str]]:
    """Which hosts a rule of that moment marks so."""
    found: dict[int, set[str]] = {}
    for host, rule in rules.items():
        if rule.suspends if mark == SUSPENDED else rule.silences:
            found.setdefault(rule.created_at, set()).add(host)
    return found
