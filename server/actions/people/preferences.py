"""Changes how somebody of ours wants to post and to read. It must not change what anybody else sees of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from activitypub.audience import Visibility
from server.problems import Invalid
from server.store.database import Transaction
from server.store.people import preferences
from server.store.people.actors import Actor
from server.store.people.preferences import Preferences
from server.store.writing import interactions, quotes

EXPANSIONS = ("default", "show_all", "hide_all")
DOMAINS_AT_MOST = 100
# Clients say `private` for what only followers see.
_VISIBILITIES = {"private": Visibility.FOLLOWERS.value} | {one.value: one.value for one in Visibility}
_WORD = re.compile(r"[/!][\w-]{1,30}\Z")
_SPELT = {
    "language": "A language is written like en or pt-BR.",
    "paint_word": "That is one word, which begins with / or !, as /paint does.",
}
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{2,8})*\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferenceChange:
    """What may change; None leaves it as it is. An empty `language` or `paint_word` takes it away."""

    visibility: str | None = None
    sensitive: bool | None = None
    language: str | None = None
    quote_policy: str | None = None
    expand_media: str | None = None
    expand_spoilers: bool | None = None
    autoplay_gifs: bool | None = None
    paint_word: str | None = None
    attribution_domains: Sequence[str] | None = None
    reply_policy: str | None = None


async def change_preferences(tx: Transaction, actor: Actor, change: PreferenceChange) -> Preferences:
    """Apply `change`.

    Raises:
        Invalid: a choice is none of those that there are.
    """
    known = await preferences.find(tx, actor.id)
    changed = replace(
        known,
        visibility=_visibility(change.visibility, known.visibility),
        sensitive=known.sensitive if change.sensitive is None else change.sensitive,
        language=_word(change.language, known.language, _LANGUAGE, "language"),
        quote_policy=_one_of(quotes.POLICIES, change.quote_policy, known.quote_policy, "quote_policy"),
        expand_media=_one_of(EXPANSIONS, change.expand_media, known.expand_media, "expand_media"),
        expand_spoilers=known.expand_spoilers if change.expand_spoilers is None else change.expand_spoilers,
        autoplay_gifs=known.autoplay_gifs if change.autoplay_gifs is None else change.autoplay_gifs,
        paint_word=_word(change.paint_word, known.paint_word, _WORD, "paint_word"),
        attribution_domains=_domains(change.attribution_domains, known.attribution_domains),
        reply_policy=_one_of(interactions.CHOICES, change.reply_policy, known.reply_policy, "reply_policy"),
    )
    if changed != known:
        await preferences.put(tx, changed)
    return changed


def _visibility(wanted: str | None, known: str | None) -> str | None:
    if wanted is None:
        return known
    if wanted not in _VISIBILITIES:
        raise Invalid("There is no such visibility.", field="privacy")
    return _VISIBILITIES[wanted]


def _one_of(choices: Sequence[str], wanted: str | None, known: str, field: str) -> str:
    if wanted is None:
        return known
    if wanted not in choices:
        raise Invalid(f"It is one of {', '.join(choices)}.", field=field)
    return wanted


def _word(wanted: str | None, known: str | None, pattern: re.Pattern[str], field: str) -> str | None:
    if wanted is None:
        return known
    if wanted and not pattern.match(wanted):
        raise Invalid(_SPELT[field], field=field)
    return wanted or None


def _domains(wanted: Sequence[str] | None, known: str) -> str:
    if wanted is None:
        return known
    plain = [one.strip().lower().removeprefix("https://").rstrip("/") for one in wanted]
    kept = list(dict.fromkeys(one for one in plain if one and len(one) <= 260))[:DOMAINS_AT_MOST]
    return msgspec.json.encode(kept).decode()
