"""Rules for other servers, from a page. It must not enforce anything."""

from quart import Response

from server.actions.network.rule_domain import choose_mode, describe, lift_domain, rule_domain
from server.problems import Conflict, Invalid, NotFound
from server.store.network import domain_rules
from server.store.network.domain_rules import EVERYBODY, NOTHING, SEVERITIES, Rule
from server.web.admin.overview import operator
from server.web.visit import Route, Visit

PLACE = "/admin/servers"


async def show_servers(visit: Visit) -> Response:
    """Show every rule, and a form for a new one."""
    return await _show(visit)


async def set_rule(visit: Visit) -> Response:
    """Make the rule of a domain."""
    severity = visit.field("severity", 20)
    rule = Rule(
        domain=visit.field("domain", 300),
        severity=severity,
        reject_media="reject_media" in visit.form,
        reject_reports="reject_reports" in visit.form,
        mark_sensitive="mark_sensitive" in visit.form,
        public_comment=visit.field("comment"),
        private_comment=visit.field("note"),
        created_at=0,
    )
    try:
        if severity not in SEVERITIES:
            raise Invalid("There is no such rule.", field="severity")
        if severity == NOTHING and not (rule.reject_media or rule.reject_reports or rule.mark_sensitive):
            raise Invalid("That rule would do nothing.", field="severity")
        async with visit.web.services.database.write() as tx:
            await rule_domain(tx, visit.site, rule, by=operator(visit))
    except (Invalid, Conflict) as problem:
        return await _show(visit, problem)
    return visit.go(PLACE)


async def lift_rule(visit: Visit) -> Response:
    """Take the rule of a domain back."""
    try:
        async with visit.web.services.database.write() as tx:
            await lift_domain(tx, visit.site, visit.field("domain", 300), by=operator(visit))
    except (Invalid, NotFound) as problem:
        return await _show(visit, problem)
    return visit.go(PLACE)


async def set_mode(visit: Visit) -> Response:
    """Speak with everybody who is not suspended, or with those alone who have a rule."""
    async with visit.web.services.database.write() as tx:
        listed_only = visit.field("mode", 20) == "allow-list"
        await choose_mode(tx, visit.site, listed_only=listed_only, by=operator(visit))
    return visit.go(PLACE)


async def _show(visit: Visit, problem: Invalid | Conflict | NotFound | None = None) -> Response:
    async with visit.web.services.database.read() as reader:
        rules = await domain_rules.list_rules(reader)
    ours = {EVERYBODY, visit.site.domain}
    content = {
        "rules": [(rule, describe(rule)) for rule in rules if rule.domain not in ours],
        "listed_only": any(rule.domain == EVERYBODY for rule in rules),
        "problem": problem,
        "form": visit.form if problem else {},
        "noindex": True,
    }
    return await visit.page("admin_servers.html", content, status=problem.status if problem else 200)


ROUTES = (
    Route("GET", PLACE, show_servers, "admin"),
    Route("POST", PLACE, set_rule, "admin"),
    Route("POST", f"{PLACE}/lift", lift_rule, "admin"),
    Route("POST", f"{PLACE}/mode", set_mode, "admin"),
)
