import pytest
from hypothesis import given
from hypothesis import strategies as st

from activitypub.errors import Malformed
from activitypub.vocabulary import (
    AS2,
    LD_MEDIA_TYPE,
    as_list,
    host_of,
    id_of,
    is_as2_media_type,
    origin_of,
    read_host,
    same_origin,
    types_of,
)


@pytest.mark.parametrize(
    ("value", "expected"), [(None, []), ("a", ["a"]), (["a"], ["a"]), ([], []), ({"id": 1}, [{"id": 1}])]
)
def test_s17_one_value_and_a_list_of_one_are_alike(value, expected):
    assert as_list(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://a.example/1", "https://a.example/1"),
        ({"id": "x"}, "x"),
        ({"@id": "x"}, "x"),
        (["x"], "x"),
        ([{"id": "x"}], "x"),
        (["x", "y"], None),
        ({"id": 7}, None),
        ({"id": None}, None),
        ("", None),
        (7, None),
        (None, None),
    ],
)
def test_ids_are_found_in_every_kind_of_reference(value, expected):
    assert id_of(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"type": "Note"}, ("Note",)),
        ({"type": ["Note", "Image"]}, ("Note", "Image")),
        ({"type": "as:Note"}, ("Note",)),
        ({"type": AS2 + "#Note"}, ("Note",)),
        ({"@type": "Note"}, ("Note",)),
        ({"type": [None, 3]}, ()),
        ({}, ()),
        ("Note", ()),
    ],
)
def test_s16_types_are_read_in_every_spelling(value, expected):
    assert types_of(value) == expected


@pytest.mark.parametrize(
    ("content_type", "believed"),
    [
        ("application/activity+json", True),
        ("application/activity+json; charset=utf-8", True),
        ("Application/Activity+JSON", True),
        (LD_MEDIA_TYPE, True),
        (f'application/ld+json;profile="{AS2}"', True),
        (f"application/ld+json; profile={AS2}", True),
        (f'application/ld+json; charset=utf-8; profile="https://other.example {AS2}"', True),
        ("application/ld+json", False),
        ('application/ld+json; profile="https://other.example"', False),
        (f'application/ld+json; profile="{AS2}x"', False),
        ("application/json", False),
        ("text/html", False),
        ("application/octet-stream", False),
        ("application/activity+jsonx", False),
        ("", False),
    ],
)
def test_t8_only_activitystreams_types_are_believed(content_type, believed):
    assert is_as2_media_type(content_type) is believed


@pytest.mark.parametrize(
    ("uri", "origin"),
    [
        ("https://a.example/x", "https://a.example"),
        ("HTTPS://A.Example/x", "https://a.example"),
        ("https://a.example:443/x", "https://a.example"),
        ("http://a.example:80/", "http://a.example"),
        ("https://a.example:8443", "https://a.example:8443"),
        ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080"),
        ("http://[::1]:8080/x", "http://[::1]:8080"),
        ("http://[::1]/x", "http://[::1]"),
        ("http://localhost/x", "http://localhost"),
        ("https://bücher.example/", "https://xn--bcher-kva.example"),
        ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example"),
        ("https://a.example?x=//b.example", "https://a.example"),
        ("https://a.example/ü", "https://a.example"),
    ],
)
def test_t11_origins_have_one_spelling(uri, origin):
    assert origin_of(uri) == origin


@pytest.mark.parametrize(
    "uri",
    [
        "https://a.example./x",
        "https://a..example/x",
        "https://user@a.example/x",
        "https://user:pass@a.example/x",
        "https://a.example\\@b.example/",
        "https://a.example/\n",
        "https://a.example/a b",
        "https://a.example/\x00",
        "https://a.example/\x7f",
        "https://a.example/\u2028",
        "https://a.example/x\\y",
        'https://a.example/"onclick="x',
        "https://a.example/<x>",
        "https://a.exa\tmple/",
        " https://a.example/",
        "https://a.example:0/",
        "https://a.example:65536/",
        "https://a.example:4x/",
        "https://a.example:/",
        "https:///x",
        "https://",
        "//a.example/x",
        "ftp://a.example/x",
        "acct:a@a.example",
        "javascript:alert(1)",
        "https://faß.example/",
        "https://ａ.example/",
        "https://a‍.example/",
        "https://-a.example/",
        "https://" + "a." * 130 + "example/",
        "https://[::g]/",
        "a.example",
        "",
    ],
)
def test_t11_addresses_that_two_readers_could_read_differently_are_refused(uri):
    with pytest.raises(Malformed):
        origin_of(uri)


def test_look_alike_hosts_are_different():
    assert not same_origin("https://аpple.example/", "https://apple.example/")  # a Cyrillic а


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://a.example/1", "https://A.example:443/2", True),
        ("https://a.example/1", "http://a.example/1", False),
        ("https://a.example/1", "https://b.a.example/1", False),
        ("https://a.example/1", "https://a.example:8443/1", False),
        ("https://a.example/1", "nonsense", False),
        ("nonsense", "nonsense", False),
    ],
)
def test_same_origin_compares_scheme_host_and_port(one, other, same):
    assert same_origin(one, other) is same


def test_hosts_keep_an_unusual_port_only():
    assert host_of("https://A.example:443/x") == "a.example"
    assert host_of("http://localhost:8080/x") == "localhost:8080"
    assert read_host("A.Example") == "a.example"
    assert read_host("localhost:8080") == "localhost:8080"


@given(st.text())
def test_any_text_has_an_origin_or_is_malformed(text):
    for uri in (text, f"https://{text}"):
        try:
            origin = origin_of(uri)
        except Malformed:
            continue
        assert origin_of(origin) == origin
