import pytest

from server.problems import Forbidden
from server.web.tokens import STRANGER, check_origin, check_token, make_token

ORIGIN = "https://pinxit.example"
SECRET = b"secret" * 6


def test_a_token_counts_for_who_it_was_made() -> None:
    check_token(SECRET, "session", make_token(SECRET, "session"))


def test_every_token_looks_different() -> None:
    assert make_token(SECRET, "session") != make_token(SECRET, "session")


@pytest.mark.parametrize(
    "token",
    ["", "x", ".", make_token(SECRET, STRANGER), make_token(b"other" * 6, "session")],
    ids=["empty", "a letter", "a dot", "a stranger's", "of another secret"],
)
def test_another_token_is_refused(token: str) -> None:
    with pytest.raises(Forbidden):
        check_token(SECRET, "session", token)


@pytest.mark.parametrize(
    ("fetch_site", "sender"),
    [("same-origin", None), ("same-origin", "null"), (None, None), (None, "null"), (None, ORIGIN)],
)
def test_a_form_of_ours_is_taken(fetch_site: str | None, sender: str | None) -> None:
    check_origin(fetch_site, sender, ORIGIN)


@pytest.mark.parametrize(
    ("fetch_site", "sender"),
    [
        ("cross-site", None),
        ("same-site", ORIGIN),
        ("none", None),
        ("", None),
        (None, "https://evil.example"),
        (None, "https://pinxit.example.evil.example"),
        (None, "http://pinxit.example"),
    ],
)
def test_a_form_from_elsewhere_is_refused(fetch_site: str | None, sender: str | None) -> None:
    with pytest.raises(Forbidden):
        check_origin(fetch_site, sender, ORIGIN)
