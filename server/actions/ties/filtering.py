"""Matches posts with somebody's filters. It must not ask the store, nor decide what is shown instead."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from server.html import plain_text
from server.store.reading.filters import Keyword, WholeFilter

# Where a filter may hold; clients know these names.
PLACES = ("home", "notifications", "public", "thread", "account")


@dataclass(frozen=True, slots=True)
class Match:
    """A filter that a post met: by which words, and whether by its address."""

    filter: WholeFilter
    keywords: tuple[str, ...] = ()
    post_ids: tuple[int, ...] = ()

    @property
    def hides(self) -> bool:
        """Whether the post is not to be shown at all."""
        return self.filter.filter.action == "hide"


@dataclass(frozen=True, slots=True)
class Matter:
    """What of a post is looked at: its id and that of the post it boosts or quotes, and every text that is read."""

    post_ids: tuple[int, ...]
    text: str


def matter_of(
    post_ids: Sequence[int], content_html: str, *, summary: str | None = None, descriptions: Sequence[str] = ()
) -> Matter:
    """Return what filters look at: the text without its marks, the warning, alt texts and the choices of a poll."""
    texts = (summary or "", plain_text(content_html), *descriptions)
    return Matter(tuple(post_ids), "\n\n".join(text for text in texts if text))


def match(filters: Sequence[WholeFilter], matter: Matter, *, place: str | None, now: int) -> list[Match]:
    """Return the filters that hold at `place` (None: everywhere) at `now` and that the post meets."""
    found = (_match_one(one, matter) for one in filters if _holds(one, place, now))
    return [one for one in found if one is not None]


def _holds(one: WholeFilter, place: str | None, now: int) -> bool:
    ends = one.filter.expires_at
    return (ends is None or ends > now) and (place is None or place in one.filter.places)


def _match_one(one: WholeFilter, matter: Matter) -> Match | None:
    words = tuple(word.keyword for word in one.keywords if _pattern(word).search(matter.text))
    named = tuple(entry.post_id for entry in one.posts if entry.post_id in matter.post_ids)
    return Match(one, words, named) if words or named else None


def _pattern(word: Keyword) -> re.Pattern[str]:
    return _compile(word.keyword, word.whole_word)


@lru_cache(maxsize=4096)
def _compile(keyword: str, whole_word: bool) -> re.Pattern[str]:
    """As Mastodon does: the bounds of a whole word count only where the keyword itself begins or ends with a letter."""
    text = re.escape(keyword)
    if whole_word:
        text = (r"\b" if re.match(r"\w", keyword) else "") + text + (r"\b" if re.search(r"\w\Z", keyword) else "")
    return re.compile(text, re.IGNORECASE)
