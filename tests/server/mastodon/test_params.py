import msgspec
import pytest

from server.mastodon.params import convert, nest, read_json
from server.problems import Invalid


class Inner(msgspec.Struct, kw_only=True):
    name: str = ""
    value: str | None = None


class Takes(msgspec.Struct, kw_only=True):
    id: list[str] = msgspec.field(default_factory=list)
    yes: bool = False
    maybe: bool | None = None
    limit: int | None = None
    text: str = ""
    word: str | None = None
    source: Inner | None = None
    rows: list[Inner] = msgspec.field(default_factory=list)


def read(*pairs: tuple[str, str]) -> Takes:
    return convert(nest(pairs), Takes)


def test_a_name_with_brackets_is_a_list() -> None:
    assert read(("id[]", "1"), ("id[]", "2")).id == ["1", "2"]


def test_a_name_twice_is_a_list_where_one_is_wanted_and_else_the_last() -> None:
    assert read(("id", "1"), ("id", "2")).id == ["1", "2"]
    assert read(("text", "a"), ("text", "b")).text == "b"
    assert read(("id", "7")).id == ["7"]


def test_names_nest_as_in_rails() -> None:
    found = read(("source[name]", "a"), ("rows[][name]", "b"), ("rows[][value]", "c"), ("rows[][name]", "d"))
    assert found.source == Inner(name="a")
    assert found.rows == [Inner(name="b", value="c"), Inner(name="d")]


def test_numbered_rows_are_a_list_in_their_order() -> None:
    found = read(("rows[1][name]", "b"), ("rows[0][name]", "a"), ("rows[10][name]", "c"))
    assert [row.name for row in found.rows] == ["a", "b", "c"]


@pytest.mark.parametrize(("text", "value"), [("true", True), ("1", True), ("on", True), ("false", False), ("0", False)])
def test_booleans_are_read_as_rails_reads_them(text: str, value: bool) -> None:
    assert read(("yes", text)).yes is value
    assert read(("maybe", text)).maybe is value


def test_nothing_counts_as_not_sent_where_it_means_nothing() -> None:
    found = read(("yes", ""), ("maybe", ""), ("limit", ""), ("word", ""))
    assert (found.yes, found.maybe, found.limit, found.word) == (False, None, None, "")


def test_json_may_send_numbers_as_text_and_text_as_numbers() -> None:
    tree = read_json(b'{"limit": "5", "word": 12, "id": [1, "2"], "yes": "true", "text": null, "other": {}}')
    found = convert(tree, Takes)
    assert (found.limit, found.word, found.id, found.yes, found.text) == (5, "12", ["1", "2"], True, "")


def test_what_does_not_fit_is_refused_by_its_name() -> None:
    with pytest.raises(Invalid, match="limit") as refused:
        read(("limit", "many"))
    assert refused.value.field == "limit"


def test_contradicting_names_are_dropped_not_broken() -> None:
    assert nest([("source", "x"), ("source[name]", "a")]) == {"source": "x"}
    assert nest([("a[b][c][d][e][f][g][h]", "deep")]) == {}


@pytest.mark.parametrize("body", [b"[1]", b"{", b'"x"', b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(Invalid):
        read_json(body)
