"""Structured fields are read strictly, and written as the canonical form from which signatures are made."""

import pytest
from http_sf import parse, ser
from hypothesis import given
from hypothesis import strategies as st

from activitypub.errors import Malformed
from activitypub.structured import Token, read_signature_inputs, read_signature_values, write_parameters, write_string

EVERY_KIND = ';key="y";sf);n=-15;t=tok/en;s="q\\"\\\\";y=:aGk=:;f=?0;d=1.5;g'


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("a=()", "()"),
        ('a=("x")', '("x")'),
        ('a=( "x"   "y" );b', '("x" "y");b'),
        ('a=("x"' + EVERY_KIND + "=?1", '("x"' + EVERY_KIND),
    ],
)
def test_statement_is_written_in_canonical_form(text: str, canonical: str) -> None:
    (statement,) = read_signature_inputs(text)
    assert str(statement) == canonical


def test_space_before_a_parameter_is_malformed() -> None:
    with pytest.raises(Malformed):
        read_signature_inputs('a=("x") ;b')


def test_several_labels_keep_their_order() -> None:
    labels = [one.label for one in read_signature_inputs('b=("x"), a=("y"),\tc=()')]
    assert labels == ["b", "a", "c"]


def test_signature_values_are_bytes() -> None:
    assert read_signature_values("a=:aGk=:;x=1, b=::") == {"a": b"hi", "b": b""}


ITEMS = (
    st.integers(-(10**14), 10**14)
    | st.booleans()
    | st.binary(max_size=20)
    | st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=20)
    | st.from_regex(r"[a-z*][a-zA-Z0-9:/.-]{0,8}", fullmatch=True).map(Token)
)
NAMES = st.from_regex(r"[a-z*][a-z0-9_.*-]{0,6}", fullmatch=True)


@given(st.dictionaries(NAMES, ITEMS, max_size=5))
def test_parameters_come_back_as_written(parameters: dict[str, str | int | bool | bytes]) -> None:
    text = "a=()" + write_parameters(tuple(parameters.items()))
    assert dict(read_signature_inputs(text)[0].parameters) == parameters


@given(st.lists(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=10), max_size=5))
def test_second_opinion_writes_the_same(names: list[str]) -> None:
    text = f"a=({'  '.join(map(write_string, names))});created=5;x"
    (statement,) = read_signature_inputs(text)
    assert f"a={statement}" == ser(parse(text.encode(), tltype="dictionary"))
