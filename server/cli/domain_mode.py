"""`pinxit domain mode`: with everybody, or with listed servers alone. It must not change a rule of one server."""

import click

from server.actions.network.left_out import LeftOut, list_left_out
from server.actions.network.rule_domain import choose_mode
from server.cli.running import operator, with_services
from server.services import Services
from server.store.database import Reader
from server.store.network import domain_rules
from server.store.network.domain_rules import EVERYBODY
from server.store.people.hiding import Neighbours

ALLOW_LIST = "allow-list"
# Those with whom nobody here has to do are a number; of the others an operator reads a screen or two.
NAMED_AT_MOST = 100


@click.command()
@click.argument("mode", type=click.Choice(["open", ALLOW_LIST]))
@click.option("--dry-run", is_flag=True, help="Show whom it concerns, and change nothing.")
@click.pass_context
def mode(context: click.Context, mode: str, dry_run: bool) -> None:
    """Speak with every server that is not suspended (open), or with those alone that have a rule (allow-list).

    Who is left out is refused and hidden; follows rest, and go on when their server is allowed or the mode is open.
    """
    if dry_run:
        _show(mode, *with_services(context, _measure))
        return

    async def work(services: Services) -> tuple[bool, int]:
        async with services.database.write() as tx:
            changed = await choose_mode(tx, services.site, listed_only=mode == ALLOW_LIST, by=operator())
            return changed, await _count_listed(tx, services.site.domain)

    changed, listed = with_services(context, work)
    click.echo(f"Federation is {mode}" + ("" if changed else " already"))
    if mode == ALLOW_LIST and not listed:
        click.echo("No server is on the list, so this one speaks with nobody: pinxit domain allow DOMAIN", err=True)


async def _count_listed(reader: Reader, own: str) -> int:
    rules = await domain_rules.list_rules(reader)
    return len([rule for rule in rules if not rule.suspends and rule.domain != own])


async def _measure(services: Services) -> tuple[str, LeftOut]:
    async with services.database.read() as reader:
        closed = await domain_rules.find(reader, EVERYBODY) is not None
        return ALLOW_LIST if closed else "open", await list_left_out(reader)


def _show(wanted: str, now: str, left_out: LeftOut) -> None:
    if wanted == now:
        click.echo(f"Federation is {now} already; nothing would change")
        return
    for one in left_out.tied[:NAMED_AT_MOST]:
        click.echo(f"{_name(one):30}  {one.people} people, {one.followed} follows from here, {one.following} to here")
    if len(left_out.tied) > NAMED_AT_MOST:
        click.echo(f"and {len(left_out.tied) - NAMED_AT_MOST} more with follows")
    count = len(left_out.tied) + len(left_out.others)
    verb = "leave out" if wanted == ALLOW_LIST else "let in again"
    click.echo(f"Would {verb} {count} known servers with {left_out.people} people; {len(left_out.tied)} with follows")


def _name(one: Neighbours) -> str:
    return one.host if one.host == one.home else f"{one.host} at {one.home}"
