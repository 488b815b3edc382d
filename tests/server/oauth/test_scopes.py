"""What a scope covers, and how scopes are read and written."""

import pytest

from server.oauth.scopes import KNOWN, covers, covers_all, parse, spell


def test_known_scopes_are_kept_and_others_left_out() -> None:
    assert parse("read  write:media everything\nactivitypub:read:me:inbox") == {
        "read",
        "write:media",
        "activitypub:read:me:inbox",
    }
    assert parse(None) == parse("") == parse("root") == frozenset()


def test_one_set_has_one_spelling() -> None:
    assert spell({"write:media", "push", "read", "follow"}) == "read follow push write:media"
    assert parse(spell(KNOWN)) == KNOWN


@pytest.mark.parametrize(
    ("granted", "needed"),
    [
        ("read", "read"),
        ("read", "read:statuses"),
        ("write", "write:media"),
        ("follow", "read:follows"),
        ("follow", "write:blocks"),
        ("admin:read", "admin:read:accounts"),
        ("read:accounts", "profile"),
        ("read", "profile"),
        ("profile", "profile"),
        ("activitypub:read:all", "read"),
        ("activitypub:read:all", "read:statuses"),
        ("activitypub:write:all", "write"),
        ("read", "activitypub:read:all"),
        ("read", "activitypub:read:me:inbox"),
        ("write", "activitypub:write:create"),
        ("write", "write:sameorigin"),
        ("activitypub:read:me:all", "activitypub:read:me:inbox"),
        ("activitypub:write:undo:all", "activitypub:write:undo:like"),
        ("activitypub:write:create", "activitypub:write:create:sameorigin"),
        ("activitypub:write:all:sameorigin", "write:sameorigin"),
        ("write:sameorigin", "activitypub:write:like:sameorigin"),
        ("activitypub:write:undo:all:sameorigin", "activitypub:write:undo:like:sameorigin"),
    ],
)
def test_a_wider_scope_covers_a_finer_one(granted: str, needed: str) -> None:
    assert covers(frozenset({granted}), needed)


@pytest.mark.parametrize(
    ("granted", "needed"),
    [
        ("", "read"),
        ("read", "write"),
        ("read", "write:statuses"),
        ("read:statuses", "read"),
        ("read", "push"),
        ("write", "admin:write"),
        ("follow", "read"),
        ("follow", "write:statuses"),
        ("follow", "profile"),
        ("profile", "read:accounts"),
        ("write", "profile"),
        ("push", "read"),
        ("write:sameorigin", "write"),
        ("write:sameorigin", "write:statuses"),
        ("write:sameorigin", "activitypub:write:like"),
        ("activitypub:write:create", "write"),
        ("activitypub:write:create", "activitypub:write:delete"),
        ("activitypub:read:me:inbox", "activitypub:read:me:outbox"),
        ("activitypub:read:me:all", "activitypub:read:all"),
        ("activitypub:write:undo:all:sameorigin", "activitypub:write:undo:like"),
    ],
)
def test_nothing_covers_what_was_not_granted(granted: str, needed: str) -> None:
    assert not covers(parse(granted), needed)


def test_a_set_is_covered_by_its_parts_together() -> None:
    assert covers_all(parse("read push"), ["read:lists", "push"])
    assert not covers_all(parse("read push"), ["read:lists", "write"])
    assert covers_all(parse(""), [])
