"""The list of statements and the document made from it."""

import json
from pathlib import Path

from tests.conformance.__main__ import numbers_of, read_absent, read_results, read_statements, write


def test_the_list_has_every_number_once() -> None:
    assert [one.number for one in read_statements()] == list(range(1, 244))


def test_reasons_are_given_for_statements_of_the_list_only() -> None:
    assert set(read_absent()) <= {one.number for one in read_statements()}


def test_a_test_may_carry_several_numbers() -> None:
    assert numbers_of("test_s4_s5_s6_documents_are_given") == [4, 5, 6]
    assert numbers_of("test_t16_s185_what_was_changed_is_refused") == [185]
    assert numbers_of("test_something_s4_else") == []


def test_the_document_names_tests_results_and_reasons(tmp_path: Path) -> None:
    results = tmp_path / "results.json"
    results.write_text(
        json.dumps({"tests/a/test_x.py::test_s1_it[a]": "passed", "tests/a/test_x.py::test_s1_it[b]": "failed"})
    )
    text = write(read_statements(), {2: "not on our side"}, read_results(results))
    assert (
        "| 1 | M | what we publish has an absolute id on our origin | `a/test_x.py: test_s1_it` | failed, passed |"
        in text
    )
    assert "| 2 | S | ids are https, but for tests | | not on our side |" in text
