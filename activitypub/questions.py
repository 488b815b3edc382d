"""The poll in a Question (FEP-9967), read and written. It must not count, nor say whether it is over."""

from dataclasses import dataclass

from activitypub import fields
from activitypub.fields import Document
from activitypub.vocabulary import types_of

MAX_OPTIONS = 20  # Misskey allows 10, Mastodon 4 of its own
MAX_TITLE = 1000  # the longest that Mastodon reads of an option's name is a field of 255
MAX_COUNT = 2**31 - 1


@dataclass(frozen=True, slots=True)
class OptionFields:
    """One answer and how many chose it; None where that is not told."""

    title: str
    votes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionFields:
    """A poll. `ends` and `closed` are dates as written; `is_closed` also where only that is told."""

    options: tuple[OptionFields, ...]
    multiple: bool
    ends: str | None = None
    closed: str | None = None
    is_closed: bool = False
    voters: int | None = None


def question_terms(question: QuestionFields, language: str | None = None) -> Document:
    """What a Question has beyond a Note."""
    terms: Document = {"anyOf" if question.multiple else "oneOf": [_option(one, language) for one in question.options]}
    more = {"endTime": question.ends, "closed": question.closed, "votersCount": question.voters}
    return terms | {name: value for name, value in more.items() if value is not None}


def read_question(document: Document) -> QuestionFields | None:
    """Read the poll of a Question; None where it offers nothing to choose."""
    multiple = fields.field(document, "anyOf") is not None
    options = tuple(_read_options(document, "anyOf" if multiple else "oneOf"))
    if "Question" not in types_of(document) or not options:
        return None
    return QuestionFields(
        options=options,
        multiple=multiple,
        ends=fields.date(document, "endTime"),
        closed=fields.date(document, "closed"),
        is_closed=fields.date(document, "closed") is not None or fields.boolean(document, "closed"),
        voters=fields.integer(document, "votersCount", least=0, most=MAX_COUNT),
    )


def _option(option: OptionFields, language: str | None) -> Document:
    counted: Document = {"type": "Collection"}
    if option.votes is not None:
        counted["totalItems"] = option.votes
    named: Document = {"type": "Note", "name": option.title, "replies": counted}
    return named | {"nameMap": {language: option.title}} if language else named


def _read_options(document: Document, name: str) -> list[OptionFields]:
    found: dict[str, OptionFields] = {}
    for entry in fields.objects(document, name, MAX_OPTIONS):
        title = fields.localised(entry, "name", MAX_TITLE)[0]
        if title:
            # A vote names its option by the title alone, so the same title twice is one option.
            found.setdefault(title, OptionFields(title, _read_votes(entry)))
    return list(found.values())


def _read_votes(entry: Document) -> int | None:
    replies = next(fields.objects(entry, "replies", 1), None)
    return None if replies is None else fields.integer(replies, "totalItems", least=0, most=MAX_COUNT)
