"""The operator settles how we deal with another server. It must not talk to that server; nobody is told."""

import structlog

from server.actions.network.audit import NOBODY, Operator, note_act
from server.actions.network.hide_hosts import hide_hosts, read_rules
from server.actions.ties.block_domain import enqueue_parting, read_host
from server.actions.ties.severed import tell_severed
from server.ids import MICROSECONDS
from server.problems import Conflict, Invalid, NotFound
from server.site import Site
from server.store.database import Transaction
from server.store.network import domain_rules
from server.store.network.domain_rules import ALLOW, EVERYBODY, NOTHING, SUSPEND, Rule
from server.store.people import actors
from server.store.people.actors import Actor

# Mastodon's for both comments.
COMMENT_AT_MOST = 2000
PURGE = "purge"

log = structlog.get_logger()


async def rule_domain(tx: Transaction, site: Site, rule: Rule, *, by: Operator = NOBODY) -> Rule:
    """Make `rule` the one of its domain and return it as it is kept.

    A suspension hides everybody there, and ends in jobs the follows between them and our people; what is silenced
    leaves public timelines, and comes back when it is not. Copies of pictures that are rejected go.

    Raises:
        Invalid: that is no domain, it is ours, or a comment is too long.
        Conflict: a suspension is lifted before it is made milder, so that nobody stays hidden by mistake.
    """
    domain = read_host(rule.domain)
    if domain in domain_rules.parents_of(site.domain):
        raise Invalid("This server lies there itself.", field="domain")
    if max(len(rule.public_comment), len(rule.private_comment)) > COMMENT_AT_MOST:
        raise Invalid(f"A comment has {COMMENT_AT_MOST} characters at most.", field="comment")
    known = await domain_rules.find(tx, domain)
    if known is not None and known.suspends and not rule.suspends:
        raise Conflict(f"{domain} is suspended; lift that first.")
    kept = _kept(rule, domain, known, site.clock.now())
    before = await read_rules(tx, domain)
    await domain_rules.put(tx, kept)
    await hide_hosts(tx, domain, before)
    if kept.suspends and (known is None or not known.suspends):
        for person in await actors.list_local(tx):
            await _part(tx, site, person, domain)
    if kept.reject_media:
        await enqueue_purge(tx, site, domain)
    await note_act(tx, site, by, "domain.set", domain, before=describe(known), after=describe(kept))
    log.info("domain ruled", domain=domain, severity=kept.severity)
    return kept


async def lift_domain(tx: Transaction, site: Site, domain: str, *, by: Operator = NOBODY) -> None:
    """Take the rule of a domain back; whom it hid is shown again, the follows that it ended stay ended.

    Raises:
        NotFound: there is no such rule.
    """
    host = read_host(domain)
    rule = await domain_rules.find(tx, host)
    if rule is None:
        raise NotFound(f"There is no rule for {host}.")
    if host == site.domain:
        raise Invalid("This server lies there itself.", field="domain")
    await _lift(tx, rule)
    await note_act(tx, site, by, "domain.lift", host, before=describe(rule))
    log.info("domain lifted", domain=host, severity=rule.severity, after_seconds=_age(site, rule))


async def choose_mode(tx: Transaction, site: Site, *, listed_only: bool, by: Operator = NOBODY) -> bool:
    """Speak with everybody whom no rule suspends, or with those alone who have a rule; false where it is so already.

    Who is left out is hidden, and shown again when it is allowed; follows rest meanwhile and are not ended.
    """
    known = await domain_rules.find(tx, EVERYBODY)
    if (known is not None) == listed_only:
        return False
    if known is not None:
        await _lift(tx, known)
        await domain_rules.drop(tx, site.domain)
    else:
        before = await read_rules(tx, EVERYBODY)
        now = site.clock.now()
        await domain_rules.put(tx, Rule(domain=EVERYBODY, severity=SUSPEND, created_at=now))
        # Of ourselves we must never say so.
        await domain_rules.put(tx, Rule(domain=site.domain, severity=ALLOW, created_at=now))
        await hide_hosts(tx, EVERYBODY, before)
    modes = ("allow-list", "open") if known is not None else ("open", "allow-list")
    await note_act(tx, site, by, "federation.mode", site.domain, before=modes[0], after=modes[1])
    log.info("federation mode", mode=modes[1])
    return True


async def enqueue_purge(tx: Transaction, site: Site, domain: str) -> None:
    """Have copies of what people of a domain show forgotten; nobody is shown them from now on."""
    await site.queue.enqueue(tx, PURGE, {"host": domain}, unique=f"{PURGE}:{domain}")


def describe(rule: Rule | None) -> str | None:
    """Say in a few words what a rule does."""
    if rule is None:
        return None
    flags = (
        ("reject media", rule.reject_media and not rule.suspends),
        ("reject reports", rule.reject_reports and not rule.suspends),
        ("mark sensitive", rule.mark_sensitive),
    )
    words = [*([] if rule.severity == NOTHING else [rule.severity]), *(word for word, holds in flags if holds)]
    return ", ".join(words) or "nothing"


async def _lift(tx: Transaction, rule: Rule) -> None:
    before = await read_rules(tx, rule.domain)
    await domain_rules.drop(tx, rule.domain)
    await hide_hosts(tx, rule.domain, before)


async def _part(tx: Transaction, site: Site, person: Actor, domain: str) -> None:
    for host in await domain_rules.list_tied_hosts(tx, person.id, domain):
        # One below it may have a milder rule of its own.
        if await domain_rules.suspends(tx, host):
            await tell_severed(tx, site, person, host, by_operator=True)
            await enqueue_parting(tx, site, person.id, host)


def _kept(rule: Rule, domain: str, known: Rule | None, now: int) -> Rule:
    """The rule as it is stored. Its time is that of its severity: by it are known whom it hid."""
    at = known.created_at if known is not None and known.severity == rule.severity else now
    return Rule(
        domain=domain,
        severity=rule.severity,
        reject_media=rule.reject_media or rule.suspends,
        reject_reports=rule.reject_reports or rule.suspends,
        mark_sensitive=rule.mark_sensitive,
        public_comment=rule.public_comment.strip(),
        private_comment=rule.private_comment.strip(),
        created_at=at,
    )


def _age(site: Site, rule: Rule) -> int:
    return (site.clock.now() - rule.created_at) // MICROSECONDS
