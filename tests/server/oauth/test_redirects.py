"""Which redirect URIs a client may name, and which of them one in a request is."""

import pytest

from server.oauth.redirects import OUT_OF_BAND, describe, is_acceptable, match


@pytest.mark.parametrize(
    "uri",
    [
        "https://app.example/callback",
        "https://app.example",
        "https://app.example:8443/a?b=c",
        "http://127.0.0.1/callback",
        "http://127.0.0.1:3000/",
        "http://[::1]:3000/",
        "http://localhost:63546/callback",
        "tusk://oauth",
        "com.example.app:/oauth",
        "icecubesapp://",
        OUT_OF_BAND,
    ],
)
def test_s107_a_client_may_name_these(uri: str) -> None:
    assert is_acceptable(uri, allow_http=False)


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "/callback",
        "callback",
        "https://app.example/#fragment",
        "https://app.example/#",
        "https://user:word@app.example/",
        "https://",
        "https:///path",
        "https://app.example:port/",
        "https://app.example/a b",
        "https://app.example/\u00e4",
        "https://app.example\\@evil.example/",
        "http://app.example/",
        "http://127.0.0.1.evil.example/",
        "http://10.0.0.1/",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "vbscript:x",
        "blob:https://app.example/1",
        "about:blank",
        "view-source:https://app.example/",
        "ws://app.example/",
        "urn:ietf:wg:oauth:2.0:oob:auto",
        "app:",
        "https://app.example/" + "x" * 2000,
    ],
)
def test_s107_a_client_may_not_name_these(uri: str) -> None:
    assert not is_acceptable(uri, allow_http=False)


def test_s107_plain_http_is_for_tests_on_one_machine() -> None:
    assert is_acceptable("http://app.example:3000/", allow_http=True)


@pytest.mark.parametrize(
    ("registered", "asked"),
    [
        ("https://app.example/cb", "https://app.example/cb"),
        ("http://127.0.0.1/cb", "http://127.0.0.1:5000/cb"),
        ("http://127.0.0.1:1/cb?a=b", "http://127.0.0.1:2/cb?a=b"),
        ("http://[::1]:1/cb", "http://[::1]/cb"),
        ("http://localhost/cb", "http://localhost:5000/cb"),
    ],
)
def test_s107_the_port_of_loopback_may_differ(registered: str, asked: str) -> None:
    assert match([registered], asked)


@pytest.mark.parametrize(
    ("registered", "asked"),
    [
        ("https://app.example/cb", "https://app.example/cb/"),
        ("https://app.example/cb", "https://app.example/c"),
        ("https://app.example/cb", "https://app.example:444/cb"),
        ("https://localhost/cb", "https://localhost:444/cb"),
        ("http://127.0.0.1/cb", "http://localhost/cb"),
        ("http://app.example/cb", "http://app.example:5/cb"),
        ("http://127.0.0.1/cb", "http://127.0.0.2:5/cb"),
        ("http://127.0.0.1/cb", "http://127.0.0.1:5/cb2"),
        ("http://127.0.0.1/cb", "http://127.0.0.1:5/cb#x"),
        ("http://127.0.0.1/cb", "http://evil@127.0.0.1/cb"),
        ("http://127.0.0.1/cb", "http://127.0.0.1:99999999/cb"),
        ("tusk://oauth", "tusk://oauth/"),
    ],
)
def test_s106_everything_else_matches_letter_by_letter(registered: str, asked: str) -> None:
    assert not match([registered], asked)


@pytest.mark.parametrize(
    ("uri", "words"),
    [
        ("https://app.example:8443/cb", "app.example:8443"),
        ("http://127.0.0.1:5000/cb", "a program on this computer"),
        ("tusk://oauth", "whichever program opens tusk: here"),
        (OUT_OF_BAND, None),
    ],
)
def test_a_person_is_told_where_the_answer_goes(uri: str, words: str | None) -> None:
    assert describe(uri) == words
