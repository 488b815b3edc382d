"""The operator settles how we deal with another server. It must not talk to that server; nobody is told."""

import structlog

from server.actions.ties.block_domain import enqueue_parting, read_host
from server.actions.ties.severed import tell_severed
from server.ids import MICROSECONDS
from server.problems import Conflict, Invalid, NotFound
from server.site import Site
from server.store.database import Transaction
from server.store.network import domain_rules
from server.store.network.domain_rules import Rule
from server.store.people import actors
from server.store.people.actors import Actor

# Mastodon's for both comments.
COMMENT_AT_MOST = 2000

log = structlog.get_logger()


async def rule_domain(tx: Transaction, site: Site, rule: Rule) -> Rule:
    """Make `rule` the one of its domain and return it as it is kept.

    A suspension hides everybody there, and ends in jobs the follows between them and our people. What came before a
    milder rule stays as it is.

    Raises:
        Invalid: that is no domain, it is ours, or a comment is too long.
        Conflict: a suspension is lifted before it is made milder, so that nobody stays hidden by mistake.
    """
    domain = read_host(rule.domain)
    if domain in domain_rules.parents_of(site.domain):
        raise Invalid("This server lies there itself.", field="domain")
    if max(len(rule.public_comment), len(rule.private_comment)) > COMMENT_AT_MOST:
        raise Invalid(f"A comment has {COMMENT_AT_MOST} characters at most.", field="comment")
    known = next((one for one in await domain_rules.list_rules(tx) if one.domain == domain), None)
    if known is not None and known.suspends and not rule.suspends:
        raise Conflict(f"{domain} is suspended; lift that first.")
    kept = _kept(rule, domain, known, site.clock.now())
    await domain_rules.put(tx, kept)
    if kept.suspends and (known is None or not known.suspends):
        await actors.suspend_domain(tx, domain, at=kept.created_at)
        for person in await actors.list_local(tx):
            await _part(tx, site, person, domain)
    log.info("domain ruled", domain=domain, severity=kept.severity)
    return kept


async def lift_domain(tx: Transaction, site: Site, domain: str) -> None:
    """Take the rule of a domain back; whom it hid is shown again, the follows that it ended stay ended.

    Raises:
        NotFound: there is no such rule.
    """
    host = read_host(domain)
    rule = next((one for one in await domain_rules.list_rules(tx) if one.domain == host), None)
    if rule is None:
        raise NotFound(f"There is no rule for {host}.")
    await domain_rules.drop(tx, host)
    if rule.suspends:
        await actors.unsuspend_domain(tx, host, since=rule.created_at)
    log.info("domain lifted", domain=host, severity=rule.severity, after_seconds=_age(site, rule))


async def _part(tx: Transaction, site: Site, person: Actor, domain: str) -> None:
    for host in await domain_rules.list_tied_hosts(tx, person.id, domain):
        await tell_severed(tx, site, person, host, by_operator=True)
        await enqueue_parting(tx, site, person.id, host)


def _kept(rule: Rule, domain: str, known: Rule | None, now: int) -> Rule:
    """The rule as it is stored. Its time is that of the suspension: by it are known whom the suspension hid."""
    at = known.created_at if known is not None and known.suspends == rule.suspends else now
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
