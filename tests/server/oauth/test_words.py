"""What scopes mean in plain words."""

import pytest

from server.oauth.scopes import KNOWN
from server.oauth.words import explain


@pytest.mark.parametrize("scope", sorted(KNOWN))
def test_every_scope_has_words(scope: str) -> None:
    (ability,) = explain(frozenset({scope}))

    assert ability.words and ":" not in ability.words.removeprefix("Send in your name:")


def test_the_broadest_come_first_and_synonyms_once() -> None:
    told = explain(frozenset({"write:media", "read", "activitypub:read:all", "push"}))

    assert [one.words for one in told] == [
        "Send you notifications",
        "See everything in your account",
        "Change your pictures (upload, paint)",
    ]


def test_what_can_do_harm_stands_out() -> None:
    assert [one.grave for one in explain(frozenset({"read", "write", "admin:write:reports"}))] == [True, True, False]
