import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activitypub.documents import MAX_BYTES, MAX_DEPTH, read_json
from activitypub.errors import Malformed, TooLarge


def nested(depth: int) -> bytes:
    return b'{"a":' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"


def test_plain_document_is_read():
    assert read_json(b'{ "id" : "x", "n": [1, 2.5, null, true] }') == {"id": "x", "n": [1, 2.5, None, True]}


def test_body_at_the_limit_is_read_and_one_byte_more_is_not():
    body = b'{"a":"' + b"x" * (MAX_BYTES - 8) + b'"}'
    assert read_json(body)
    with pytest.raises(TooLarge):
        read_json(body + b" ")


def test_nesting_at_the_limit_is_read_and_one_level_more_is_not():
    assert read_json(nested(MAX_DEPTH))
    with pytest.raises(Malformed):
        read_json(nested(MAX_DEPTH + 1))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"{",
        b"{} {}",
        b"\xef\xbb\xbf{}",
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":1e999}',
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":"\\ud800"}',
        b'{"\\udc00":1}',
        b'{"a":"\\udc00\\ud800"}',
        b'{"a":"\xff"}',
        b'{"a":"\xed\xa0\x80"}',
        b'{"a":"\x00"}',
        b'{"a":"\\u0000"}',
        b'{"a\\u0000":1}',
        b'{"a":[{"b":["\\u0000"]}]}',
        nested(100_000),
    ],
)
def test_what_parsers_disagree_about_is_refused(body):
    with pytest.raises(Malformed):
        read_json(body)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":1,"a":2}',
        b'{"a" :1,"a"\n:2}',
        b'{"a":1,"\\u0061":2}',
        b'{"o":{"a":1,"b":[{"c":1,"c":1}]}}',
        b'{"a" : 1, "a" : 2, "b": ":x"}',
        b'{"a":":","a":":"}',
        b'{"a":1e5,"a":100000}',
        b'{"":0,"":1}',
        b'{"a":"\\":","b":1,"b":2}',
    ],
)
def test_t15_repeated_keys_are_refused(body):
    with pytest.raises(Malformed, match="repeats a key"):
        read_json(body)


@pytest.mark.parametrize("body", [b'{"a":":smile:"}', b'{"a\\":":1}', b'{"a":"\\\\u0000"}', b'{"a":"\\u003cp\\u003e"}'])
def test_look_alikes_of_trouble_are_read(body):
    assert read_json(body) == json.loads(body)


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)
awkward_names = st.sampled_from(["id", "type", ":", '"', '":', "a"])
awkward_values = st.sampled_from(["1", '":"', '"\\":"', "{}"])


@given(st.dictionaries(awkward_names, json_values), st.booleans(), st.sampled_from([None, 2]))
def test_whatever_the_standard_library_writes_is_read_alike(document, ascii_only, indent):
    body = json.dumps(document, ensure_ascii=ascii_only, indent=indent).encode()
    assert read_json(body) == document


@given(st.lists(st.tuples(awkward_names, awkward_values), max_size=6))
def test_exactly_the_documents_with_repeated_keys_are_refused(pairs):
    body = ("{" + ",".join(f"{json.dumps(name)} : {value}" for name, value in pairs) + "}").encode()
    if len({name for name, _ in pairs}) == len(pairs):
        assert read_json(body) == json.loads(body)
        return
    with pytest.raises(Malformed):
        read_json(body)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_raise_nothing_but_malformed(body):
    try:
        document = read_json(body)
    except Malformed:
        return
    assert document == json.loads(body)
