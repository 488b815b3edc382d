"""Bytes from a peer → a JSON object that every reader would understand alike.

It must not know what the object means. Refused is what parsers disagree about, since one that signs and one
that stores could then be shown two documents: repeated keys, NaN, lone surrogates, NUL.
"""

import json
from typing import Any

import msgspec

from activitypub.errors import Malformed, TooLarge

# Mastodon's limit for inbox bodies and fetched documents alike; nothing larger can be meant for the fediverse.
MAX_BYTES = 1 << 20
# Real documents stay under 8 (Pixelfed refuses more); 32 leaves room and keeps every walk far from the stack's end.
MAX_DEPTH = 32


def read_json(body: bytes) -> dict[str, object]:
    """The JSON object in a body. Raises TooLarge over 1 MB, Malformed for everything else that is wrong.

    It stands on the path of every inbox request. msgspec decodes a 3 KB activity in about a third of the time
    of the standard library but keeps the last of two equal keys silently, so keys are counted: once in the
    decoded object, and once in the text as occurrences of `":` after white space is gone. Text inside strings
    can only add occurrences, so equal counts prove that no key was lost; unequal ones (a string beginning
    with a colon, say) are settled by the slow parser, which sees each pair.
    """
    if len(body) > MAX_BYTES:
        raise TooLarge(f"the document has {len(body)} bytes, the limit is {MAX_BYTES}")
    document = _decode(body)
    members = _count_members(document)
    if b"\\u0000" in body:
        _refuse_nul(document)
    if msgspec.json.format(body, indent=-1).count(b'":') != members:
        _refuse_repeated_keys(body)
    return document


def _decode(body: bytes) -> dict[str, object]:
    try:
        document = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"not JSON that can be relied on: {error}") from error
    if not isinstance(document, dict):
        raise Malformed("expected a JSON object")
    return document


def _count_members(document: dict[str, object]) -> int:
    """How many names stand in the document, in all its objects. Raises Malformed if it is nested too deep.

    Types are compared, not asked with isinstance: the decoder makes no others, and it takes half the time.
    """
    members = 0
    level: list[Any] = [document]
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for container in level:
            if type(container) is dict:
                members += len(container)
            for value in container.values() if type(container) is dict else container:
                kind = type(value)
                if kind is dict or kind is list:
                    below.append(value)
        if not below:
            return members
        level = below
    raise Malformed(f"nested deeper than {MAX_DEPTH}")


def _refuse_nul(value: object) -> None:
    """NUL ends a string in some readers and databases."""
    if isinstance(value, str) and "\x00" in value:
        raise Malformed("a string holds NUL")
    if isinstance(value, dict):
        for name, inner in value.items():
            _refuse_nul(name)
            _refuse_nul(inner)
    elif isinstance(value, list):
        for inner in value:
            _refuse_nul(inner)


def _refuse_repeated_keys(body: bytes) -> None:
    def see(pairs: list[tuple[str, object]]) -> None:
        if len(dict(pairs)) != len(pairs):
            raise Malformed("an object repeats a key")

    json.loads(body, object_pairs_hook=see)
