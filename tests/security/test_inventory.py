"""Holds `docs/security.md` to the tests: what it names exists, and no class is forgotten."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", TEXT)))


@pytest.mark.parametrize(("path", "test"), NAMED)
def test_what_the_document_names_is_there(path, test):
    code = (ROOT / path).read_text(encoding="utf-8")
    assert f"def {test}(" in code if test else "def test_" in code


def test_every_class_is_in_the_document():
    single = {int(number) for number in re.findall(r"\bT(\d+)\b", TEXT)}
    for first, last in re.findall(r"\bT(\d+)–T(\d+)\b", TEXT):
        single |= set(range(int(first), int(last) + 1))
    assert set(range(1, 76)) - single == set()
