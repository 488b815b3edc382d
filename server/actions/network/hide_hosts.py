"""Shows and hides people as the rules for their hosts want it, when a rule was changed. It must not change any rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from activitypub.vocabulary import host_of
from server.store.database import Reader, Transaction
from server.store.network import domain_rules
from server.store.network.domain_rules import EVERYBODY, Rule
from server.store.people import hiding
from server.store.people.hiding import MARKS, SUSPENDED, Mark

# A host, or the id of an actor.
Key = TypeVar("Key", str, int)


@dataclass(frozen=True, slots=True)
class Rules:
    """Which rules hold: by host, and by id for people whose name is of another host than their address."""

    hosts: Mapping[str, Rule]
    split: Mapping[int, Rule]


async def read_rules(reader: Reader, domain: str) -> Rules:
    """Return the rules that hold for the hosts we know in a domain, or for all we know, and for those of two hosts."""
    hosts = await hiding.list_hosts(reader, None if domain == EVERYBODY else domain)
    return Rules(await domain_rules.find_for_many(reader, hosts), await _read_split(reader))


async def hide_hosts(tx: Transaction, domain: str, before: Rules) -> None:
    """Mark everybody of a domain as the rules say now; `before` are the rules that held until now."""
    after = await read_rules(tx, domain)
    for mark in MARKS:
        old, new = _moments(mark, before.hosts), _moments(mark, after.hosts)
        for moment, hosts in _less(old, new):
            await hiding.unmark_hosts(tx, mark, hosts, since=moment)
        for moment, hosts in _less(new, old):
            await hiding.mark_hosts(tx, mark, hosts, at=moment)
        was, now = _moments(mark, before.split), _moments(mark, after.split)
        for moment, ids in _less(was, now):
            await hiding.unmark_those(tx, mark, ids, since=moment)
        for moment, ids in _less(now, was):
            await hiding.mark_those(tx, mark, ids, at=moment)


async def _read_split(reader: Reader) -> Mapping[int, Rule]:
    split = {id: (host, host_of(uri)) for id, (host, uri) in (await hiding.list_split(reader)).items()}
    known = await domain_rules.find_for_many(reader, {host for both in split.values() for host in both})
    joined = {id: domain_rules.join([known[host] for host in both if host in known]) for id, both in split.items()}
    return {id: rule for id, rule in joined.items() if rule is not None}


def _moments(mark: Mark, rules: Mapping[Key, Rule]) -> dict[int, set[Key]]:
    """Whom a rule of that moment marks so."""
    found: dict[int, set[Key]] = {}
    for key, rule in rules.items():
        if rule.suspends if mark == SUSPENDED else rule.silences:
            found.setdefault(rule.created_at, set()).add(key)
    return found


def _less(some: Mapping[int, set[Key]], others: Mapping[int, set[Key]]) -> list[tuple[int, list[Key]]]:
    """Who has the mark of a moment in `some` and not in `others`."""
    return [(moment, sorted(keys - others.get(moment, set()))) for moment, keys in some.items()]
