"""The same words in several languages: read from a document, put beside ours, and chosen for a reader.

It must not sanitise, nor know who reads.
"""

import re
from collections.abc import Collection, Mapping, Sequence

from activitypub import fields

Document = dict[str, object]

# What may be said in several languages, and how it is called then.
MAPS = {"content": "contentMap", "summary": "summaryMap", "name": "nameMap"}
# More than any one person writes; each costs as much as the words themselves.
LANGUAGES_AT_MOST = 20
# The longest well-formed tag in use has 35 letters (RFC 5646, section 4.4.1).
_TAG = re.compile(r"(?=.{2,35}\Z)[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*\Z")


def read_spoken(document: Document, name: str, limit: int, *, least: int = 2) -> dict[str, str]:
    """The texts under `nameMap` by their languages; empty where there are fewer than `least`."""
    spoken = fields.field(document, MAPS[name])
    if not isinstance(spoken, dict):
        return {}
    found = {
        language: text[:limit]
        for language, text in spoken.items()
        if isinstance(text, str) and text and _TAG.match(language)
    }
    return dict(list(found.items())[:LANGUAGES_AT_MOST]) if len(found) >= least else {}


def join_spoken(ours: object, further: object) -> Document:
    """A map of languages with what ours has first, and what it does not have after it."""
    first = ours if isinstance(ours, dict) else {}
    rest = further if isinstance(further, Mapping) else {}
    return {**first, **{language: text for language, text in rest.items() if language not in first}}


def choose_language(there: Collection[str], wanted: Sequence[str]) -> str | None:
    """The language that fits a reader best, who names the dearest first: that one, or a kind of it."""
    for one in wanted:
        for language in there:
            if language.lower() == one.lower():
                return language
        for language in there:
            if _kind(language) == _kind(one):
                return language
    return None


def _kind(language: str) -> str:
    return language.partition("-")[0].lower()
