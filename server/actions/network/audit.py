"""Writes down what an operator does, in the transaction of the act. It must not be handed secrets."""

from dataclasses import dataclass

from server.site import Site
from server.store.database import Transaction
from server.store.network import audit
from server.store.network.audit import Act

# Longer texts, as a report's, are found where they stand.
LETTERS_AT_MOST = 500


@dataclass(frozen=True, slots=True)
class Operator:
    """Who acts, as the audit names them."""

    name: str


# A program of ours, or a test, acts for nobody in particular.
NOBODY = Operator("system")


async def note_act(
    tx: Transaction,
    site: Site,
    by: Operator,
    act: str,
    target: str,
    *,
    before: str | None = None,
    after: str | None = None,
) -> None:
    """Write an act down: `act` is its name (`domain.set`), `target` what it is done to."""
    row = Act(site.ids.new(), site.clock.now(), by.name, act, target, _cut(before), _cut(after))
    await audit.add(tx, row)


def _cut(text: str | None) -> str | None:
    return text if text is None or len(text) <= LETTERS_AT_MOST else f"{text[: LETTERS_AT_MOST - 1]}…"
