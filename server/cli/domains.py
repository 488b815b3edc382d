"""`pinxit domain …`: how this server deals with others. It must not enforce anything; the rules do."""

from collections.abc import Sequence

import click

from server.actions.network.rule_domain import describe, lift_domain, rule_domain
from server.cli.domain_import import import_list
from server.cli.domain_list import write_allowed, write_list
from server.cli.domain_mode import mode
from server.cli.ground import Stop
from server.cli.running import operator, with_services
from server.ids import iso
from server.services import Services
from server.store.network import domain_rules
from server.store.network.domain_rules import ALLOW, EVERYBODY, NOTHING, SEVERITIES, SILENCE, SUSPEND, Rule


@click.group()
def domain() -> None:
    """Rules for other servers: suspend, silence, reject media or reports, mark sensitive."""


domain.add_command(mode)
domain.add_command(import_list)


@domain.command("list")
@click.pass_context
def list_domains(context: click.Context) -> None:
    """List every rule; in the mode allow-list that comes first."""

    async def work(services: Services) -> tuple[bool, list[Rule]]:
        async with services.database.read() as reader:
            rules = await domain_rules.list_rules(reader)
        # Two rules make the mode; nobody gave them.
        ours = {EVERYBODY, services.site.domain}
        return any(rule.domain == EVERYBODY for rule in rules), [rule for rule in rules if rule.domain not in ours]

    closed, rules = with_services(context, work)
    if closed:
        click.echo("Mode allow-list: this server speaks with those below alone, unless they are suspended.")
    for rule in rules:
        comment = f"  {rule.public_comment or rule.private_comment}".rstrip()
        click.echo(f"{rule.domain:30}  {describe(rule):40}  {iso(rule.created_at)[:10]}{comment}")


@domain.command("set")
@click.argument("name", metavar="DOMAIN")
@click.option("--severity", type=click.Choice(SEVERITIES), default=NOTHING, show_default=True)
@click.option("--reject-media", is_flag=True, help="Keep no pictures of posts from there.")
@click.option("--reject-reports", is_flag=True, help="Drop reports from there.")
@click.option("--mark-sensitive", is_flag=True, help="Fold every picture from there away.")
@click.option("--comment", default="", help="Shown to everybody in the list of blocked servers.")
@click.option("--note", default="", help="For operators alone.")
@click.pass_context
def set_rule(
    context: click.Context,
    name: str,
    severity: str,
    reject_media: bool,
    reject_reports: bool,
    mark_sensitive: bool,
    comment: str,
    note: str,
) -> None:
    """Make the rule for DOMAIN and all below it; it replaces the one there was."""
    if severity == NOTHING and not (reject_media or reject_reports or mark_sensitive):
        raise Stop("that rule would do nothing; 'pinxit domain lift' takes one back")
    rule = Rule(
        domain=name,
        severity=severity,
        reject_media=reject_media,
        reject_reports=reject_reports,
        mark_sensitive=mark_sensitive,
        public_comment=comment,
        private_comment=note,
        created_at=0,
    )
    _say(context, [rule])


@domain.command()
@click.argument("name", metavar="DOMAIN")
@click.option("--comment", default="", help="Shown to everybody in the list of blocked servers.")
@click.pass_context
def block(context: click.Context, name: str, comment: str) -> None:
    """Suspend DOMAIN: nothing is taken from there or sent there, its people are hidden, follows end."""
    _say(context, [Rule(domain=name, severity=SUSPEND, public_comment=comment, created_at=0)])


@domain.command()
@click.argument("name", metavar="DOMAIN")
@click.option("--comment", default="", help="Shown to everybody in the list of blocked servers.")
@click.pass_context
def limit(context: click.Context, name: str, comment: str) -> None:
    """Silence DOMAIN: its posts reach followers alone from now on, its follows wait for an answer."""
    _say(context, [Rule(domain=name, severity=SILENCE, public_comment=comment, created_at=0)])


@domain.command()
@click.argument("name", metavar="DOMAIN")
@click.option("--note", default="", help="For operators alone.")
@click.pass_context
def allow(context: click.Context, name: str, note: str) -> None:
    """Speak with DOMAIN where a wider rule, or the mode allow-list, would not."""
    _say(context, [Rule(domain=name, severity=ALLOW, private_comment=note, created_at=0)])


@domain.command()
@click.argument("name", metavar="DOMAIN")
@click.pass_context
def lift(context: click.Context, name: str) -> None:
    """Take the rule of DOMAIN back. Follows that it ended stay ended."""

    async def work(services: Services) -> None:
        async with services.database.write() as tx:
            await lift_domain(tx, services.site, name, by=operator())

    with_services(context, work)
    click.echo(f"Lifted {name}")


@domain.command("export")
@click.option("--allowed", is_flag=True, help="The domains that are allowed, in place of those that are not.")
@click.pass_context
def export_list(context: click.Context, allowed: bool) -> None:
    """Print the rules as Mastodon's CSV."""

    async def work(services: Services) -> str:
        async with services.database.read() as reader:
            rules = await domain_rules.list_rules(reader)
        ours = {EVERYBODY, services.site.domain}
        chosen = [rule for rule in rules if rule.domain not in ours and (rule.severity == ALLOW) == allowed]
        return write_allowed(chosen) if allowed else write_list(chosen)

    click.echo(with_services(context, work), nl=False)


def _say(context: click.Context, rules: Sequence[Rule]) -> None:
    async def work(services: Services) -> list[Rule]:
        async with services.database.write() as tx:
            return [await rule_domain(tx, services.site, rule, by=operator()) for rule in rules]

    for rule in with_services(context, work):
        click.echo(f"{rule.domain}: {describe(rule)}")
