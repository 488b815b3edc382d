"""The lines of a profile as their owner writes them, turned into HTML. It must not look at the pages they name."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from server.actions.writing.compose import compose
from server.html import plain_text
from server.problems import Invalid
from server.site import Site
from server.store.people.actors import Actor, ProfileField

# Mastodon's limits for its own people (account.rb, account/field.rb).
FIELDS_AT_MOST = 4
FIELD_AT_MOST = 255
_ADDRESS = re.compile(r"https?://[^\s<>\"']+\Z")


@dataclass(frozen=True, slots=True)
class FieldText:
    """A line as its owner wrote it."""

    name: str
    value: str


def compose_fields(site: Site, actor: Actor, texts: Sequence[FieldText]) -> list[ProfileField]:
    """Return the lines of a profile; those without a name are left out, a proof stays with an unchanged value.

    Raises:
        Invalid: a line is too long, or there are too many.
    """
    wanted = [text for text in texts if text.name.strip()]
    if len(wanted) > FIELDS_AT_MOST:
        raise Invalid(f"A profile may have {FIELDS_AT_MOST} extra lines.", field="fields")
    if any(len(text.name) > FIELD_AT_MOST or len(text.value) > FIELD_AT_MOST for text in wanted):
        raise Invalid(f"An extra line may have {FIELD_AT_MOST} characters on each side.", field="fields")
    proven = {line.value_html: line.verified_at for line in actor.profile_fields}
    lines = [ProfileField(text.name.strip(), _value(site, text.value.strip())) for text in wanted]
    return [ProfileField(line.name, line.value_html, proven.get(line.value_html)) for line in lines]


def needs_proof(line: ProfileField) -> bool:
    """Whether a line is nothing but a link that was not looked at yet."""
    return line.verified_at is None and link_of(line) is not None


def link_of(line: ProfileField) -> str | None:
    """Return the address that a line consists of; None where it says something else."""
    text = plain_text(line.value_html)
    return text if _ADDRESS.match(text) else None


def _value(site: Site, text: str) -> str:
    if _ADDRESS.match(text):
        address = html.escape(text)
        # The profile's half of the proof: each of the two pages says that the other is "me".
        return f'<a href="{address}" rel="me nofollow noopener">{address}</a>'
    return compose(site, text).removeprefix("<p>").removesuffix("</p>")
