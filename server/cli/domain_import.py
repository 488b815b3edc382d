"""`pinxit domain import`: takes over another server's rules. It must not make any rule milder."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from server.actions.network.rule_domain import COMMENT_AT_MOST, describe, rule_domain
from server.actions.ties.block_domain import read_host
from server.cli.domain_list import Listed, Skipped, read_list
from server.cli.ground import Stop
from server.cli.running import operator, with_services
from server.problems import Invalid
from server.services import Services
from server.store.network import domain_rules
from server.store.network.domain_rules import ALLOW, SEVERITIES, SUSPEND, Rule, parents_of

STRENGTH = {severity: place for place, severity in enumerate(SEVERITIES)}
# The largest lists that people share have some thousand lines of a hundred letters.
BYTES_AT_MOST = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Change:
    """What an import does to one domain; `known` is the rule that it replaces."""

    rule: Rule
    known: Rule | None

    @property
    def line(self) -> str:
        """As it is shown."""
        was = f" (was {self.known.severity})" if self.known else ""
        return f"{self.rule.domain}: {describe(self.rule)}{was}"


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--allowed", is_flag=True, help="The file lists domains that are allowed.")
@click.pass_context
def import_list(context: click.Context, file: Path, dry_run: bool, allowed: bool) -> None:
    """Take over the rules of FILE (Mastodon's CSV, or a domain on each line). No rule here becomes milder.

    Lines that cannot be taken are named and left out. Killed in the middle, it can be typed again.
    """
    listed, skipped = _read(file, otherwise=ALLOW if allowed else SUSPEND)

    async def work(services: Services) -> tuple[Sequence[Change], list[Skipped]]:
        rules, refused = _sift(listed, services.site.domain)
        async with services.database.read() as reader:
            changes = _plan(await domain_rules.list_rules(reader), rules)
        # Each in a transaction of its own, so that the server can write between them.
        for change in () if dry_run else changes:
            async with services.database.write() as tx:
                await rule_domain(tx, services.site, change.rule, by=operator())
        return changes, refused

    changes, refused = with_services(context, work)
    skipped = sorted([*skipped, *refused], key=lambda one: one.line)
    for one in skipped:
        click.echo(f"line {one.line}: {one.reason}", err=True)
    for change in changes:
        click.echo(change.line)
    left_out = f"; left out {len(skipped)} lines" if skipped else ""
    click.echo(f"{'Would change' if dry_run else 'Changed'} {len(changes)} of {len(listed) - len(refused)}{left_out}")


def _read(file: Path, *, otherwise: str) -> tuple[list[Listed], list[Skipped]]:
    try:
        if file.stat().st_size > BYTES_AT_MOST:
            raise Stop(f"{file} has more than {BYTES_AT_MOST} bytes")
        return read_list(file.read_text(encoding="utf-8"), otherwise=otherwise)
    except UnicodeDecodeError:
        raise Stop(f"{file} is no text in UTF-8") from None
    except ValueError as error:
        raise Stop(f"{file}: {error}") from None
    except OSError as error:
        raise Stop(f"{file}: {error.strerror}") from None


def _sift(listed: Iterable[Listed], own: str) -> tuple[list[Rule], list[Skipped]]:
    """Part what can be a rule here, its domain as we keep it, from what cannot."""
    rules, refused = [], []
    for one in listed:
        try:
            rules.append(_check(one.rule, own))
        except Invalid as problem:
            refused.append(Skipped(one.line, f"{one.rule.domain[:80]}: {problem}"))
    return rules, refused


def _check(rule: Rule, own: str) -> Rule:
    # `*.bad.example` says what each rule says: its domain, and all below it.
    host = read_host(rule.domain.removeprefix("*."))
    if host in parents_of(own):
        raise Invalid("This server lies there itself.", field="domain")
    return replace(rule, domain=host, public_comment=rule.public_comment[:COMMENT_AT_MOST])


def _plan(known: Sequence[Rule], wanted: Sequence[Rule]) -> list[Change]:
    """What an import changes: what is new, and what is stricter than the rule there is, or an earlier line."""
    before = {rule.domain: rule for rule in known}
    here, changes = dict(before), dict[str, Change]()
    for rule in wanted:
        there = here.get(rule.domain)
        if there is None or _is_stricter(rule, there):
            here[rule.domain] = _joined(rule, there)
            changes[rule.domain] = Change(here[rule.domain], before.get(rule.domain))
    return list(changes.values())


def _is_stricter(rule: Rule, there: Rule) -> bool:
    joined = _joined(rule, there)
    return (joined.severity, joined.reject_media, joined.reject_reports) != (
        there.severity,
        there.reject_media,
        there.reject_reports,
    )


def _joined(rule: Rule, there: Rule | None) -> Rule:
    if there is None:
        return rule
    return replace(
        there,
        severity=max(rule.severity, there.severity, key=STRENGTH.__getitem__),
        reject_media=rule.reject_media or there.reject_media,
        reject_reports=rule.reject_reports or there.reject_reports,
        public_comment=there.public_comment or rule.public_comment,
    )
