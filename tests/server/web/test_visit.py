import pytest

from server.web.visit import local_path


@pytest.mark.parametrize("path", ["/", "/@alice/1", "/create?from=1", "/tags/sea"])
def test_a_path_of_ours_is_kept(path: str) -> None:
    assert local_path(path, "/home") == path


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "/a\r\nSet-Cookie: x",
        "/a b",
        "/é",
        "/日本",
        "/a\x7f",
        "/\t/evil",
        "x",
    ],
)
def test_whatever_could_lead_away_is_not(path: str | None) -> None:
    assert local_path(path, "/home") == "/home"
