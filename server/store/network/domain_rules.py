"""Owns `domain_rules`: what the operator settled about other servers. It must not enforce anything.

A rule holds for its domain and for every name below it; where several do, the longest; the one for `*` holds for every
host that has no other. This is the one place that knows with whom we do not speak.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import accumulate

import msgspec
from sqlalchemy import Boolean, Column, Table, Text, bindparam, delete, func, or_, select
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.people.actors import actors
from server.store.schema import Id, metadata
from server.store.statements import among, host_in
from server.store.ties.follows import follows

ALLOW = "allow"
SUSPEND = "suspend"
SILENCE = "silence"
NOTHING = "none"
# The mildest first. Allowed is whom a wider rule would suspend, everybody on a list of those we speak with.
SEVERITIES = (ALLOW, NOTHING, SILENCE, SUSPEND)
# The domain of the rule for everybody; suspended, it makes the other rules a list of those whom we speak with.
EVERYBODY = "*"

domain_rules = Table(
    "domain_rules",
    metadata,
    Column("domain", Text, primary_key=True),
    Column("severity", Text, nullable=False),
    Column("reject_media", Boolean, nullable=False),
    Column("reject_reports", Boolean, nullable=False),
    Column("mark_sensitive", Boolean, nullable=False),
    Column("public_comment", Text, nullable=False),
    Column("private_comment", Text, nullable=False),
    Column("created_at", Id, nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What holds for a domain; `severity` is one of SEVERITIES, the comments may be empty."""

    domain: str
    severity: str
    reject_media: bool = False
    reject_reports: bool = False
    mark_sensitive: bool = False
    public_comment: str = ""
    private_comment: str = ""
    created_at: int

    @property
    def suspends(self) -> bool:
        """We do not speak with it, in either direction."""
        return self.severity == SUSPEND

    @property
    def silences(self) -> bool:
        """It is heard by those who follow there, and nobody else."""
        return self.severity == SILENCE


_COLUMNS = [column.name for column in domain_rules.columns]
_among = select(domain_rules).where(among(domain_rules.c.domain, "wanted"))
_list = select(domain_rules).order_by(domain_rules.c.domain)
_put = upsert(domain_rules)
_put = _put.on_conflict_do_update(
    index_elements=["domain"], set_={name: _put.excluded[name] for name in _COLUMNS if name != "domain"}
)
_drop = delete(domain_rules).where(domain_rules.c.domain == bindparam("wanted"))
_home = host_in(actors.c.uri)
_lies_there = or_(
    *(
        (host == bindparam("wanted")) | (func.substr(host, -func.length(bindparam("below"))) == bindparam("below"))
        for host in (actors.c.host, _home)
    )
)
# By our own people, who are few; theirs are found by their follows.
_ties_of = (
    select(follows.c.followed_id, actors.c.host, _home)
    .join(actors, actors.c.id == follows.c.follower_id)
    .where(follows.c.followed_id == bindparam("actor"), _lies_there)
    .union(
        select(follows.c.follower_id, actors.c.host, _home)
        .join(actors, actors.c.id == follows.c.followed_id)
        .where(follows.c.follower_id == bindparam("actor"), _lies_there)
    )
)


def parents_of(host: str) -> tuple[str, ...]:
    """The host as it is, without its port, and every domain that it lies in, the longest first."""
    name = host if host.endswith("]") else host.partition(":")[0]
    labels = name.split(".")
    longer = accumulate(reversed(labels), lambda tail, label: f"{label}.{tail}")
    return tuple(dict.fromkeys((host, *reversed(list(longer)))))


async def find_for(reader: Reader, host: str) -> Rule | None:
    """Find the rule that holds for a host."""
    return (await find_for_many(reader, [host])).get(host)


async def find_for_many(reader: Reader, hosts: Collection[str]) -> dict[str, Rule]:
    """Find the rules that hold for hosts; those without one are left out."""
    asked = {host: (*parents_of(host), EVERYBODY) for host in hosts}
    wanted = sorted({name for names in asked.values() for name in names})
    rows = await reader.all(_among, wanted=msgspec.json.encode(wanted).decode())
    known = {row[0]: Rule(**dict(zip(_COLUMNS, row, strict=True))) for row in rows}
    found = {host: next((known[name] for name in names if name in known), None) for host, names in asked.items()}
    return {host: rule for host, rule in found.items() if rule is not None}


async def find_strictest(reader: Reader, hosts: Collection[str]) -> Rule | None:
    """Find what holds for somebody whose name and whose address lie on these hosts."""
    return join((await find_for_many(reader, hosts)).values())


def join(rules: Collection[Rule]) -> Rule | None:
    """Return what holds for somebody under all of these rules: the severest, and whatever any of them refuses."""
    if not rules:
        return None
    severest = max(rules, key=lambda rule: SEVERITIES.index(rule.severity))
    return replace(
        severest,
        reject_media=any(rule.reject_media for rule in rules),
        reject_reports=any(rule.reject_reports for rule in rules),
        mark_sensitive=any(rule.mark_sensitive for rule in rules),
    )


async def find(reader: Reader, domain: str) -> Rule | None:
    """Find the rule of a domain itself."""
    rows = await reader.all(_among, wanted=msgspec.json.encode([domain]).decode())
    return Rule(**dict(zip(_COLUMNS, rows[0], strict=True))) if rows else None


async def suspends(reader: Reader, host: str) -> bool:
    """Say whether we do not speak with a host."""
    rule = await find_for(reader, host)
    return rule is not None and rule.suspends


async def find_many_suspended(reader: Reader, hosts: Collection[str]) -> set[str]:
    """Return those of the hosts with which we do not speak."""
    return {host for host, rule in (await find_for_many(reader, hosts)).items() if rule.suspends}


async def list_rules(reader: Reader) -> list[Rule]:
    """Return every rule, by domain. An operator's list has thousands at most."""
    return [Rule(**dict(zip(_COLUMNS, row, strict=True))) for row in await reader.all(_list)]


async def put(tx: Transaction, rule: Rule) -> None:
    """Make this the rule of its domain."""
    await tx.run(_put, **{name: getattr(rule, name) for name in _COLUMNS})


async def drop(tx: Transaction, domain: str) -> bool:
    """Take the rule of a domain back; false when there was none."""
    return bool(await tx.run(_drop, wanted=domain))


async def list_tied_hosts(reader: Reader, actor_id: int, domain: str) -> list[str]:
    """Return the hosts of a domain, of names or addresses, to or from which one of our people follows somebody."""
    rows = await reader.all(_ties_of, actor=actor_id, wanted=domain, below=f".{domain}")
    return sorted({host for row in rows for host in row[1:] if domain in parents_of(host)})
