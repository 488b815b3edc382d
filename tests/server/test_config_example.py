"""The example is the operators' reference: it must name every setting, with its default and a word about it."""

import re
import tomllib
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from server.config import Config, ModelConfig, Section, read

EXAMPLE = Path(__file__).resolve().parents[2] / "config.example.toml"
TEXT = EXAMPLE.read_text(encoding="utf-8")
# "#key" without a space is a setting that is commented out; "# text" is prose.
WHOLE = re.sub(r"^#(?=[\[a-z])", "", TEXT, flags=re.MULTILINE)

# What has no default that an operator could keep.
OWN_VALUE = {"site.domain"}


def keys_of(section: type[Section], above: str = "") -> dict[str, Any]:
    """Every dotted key below `section` with its default; a list of tables counts as its tables' keys."""
    found: dict[str, Any] = {}
    for field in msgspec.structs.fields(section):
        name = f"{above}{field.name}"
        inner = next((kind for kind in (field.type, *get_args(field.type)) if is_section(kind)), None)
        found |= keys_of(inner, f"{name}.") if inner else {name: field.default}
    return found


def is_section(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Section)


def values_of(document: dict[str, Any], above: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in document.items():
        table = value[0] if isinstance(value, list) and value and isinstance(value[0], dict) else value
        found |= values_of(table, f"{above}{key}.") if isinstance(table, dict) else {f"{above}{key}": value}
    return found


def test_the_example_is_accepted_as_it_stands() -> None:
    assert read(tomllib.loads(TEXT), {}, source="config.example.toml").site.domain == "pictures.example"


def test_the_example_is_accepted_with_everything_switched_on() -> None:
    assert len(read(tomllib.loads(WHOLE), {}, source="config.example.toml").generation.models) == 1


def test_the_example_names_every_key_and_no_other() -> None:
    assert set(values_of(tomllib.loads(WHOLE))) == set(keys_of(Config))


def test_the_example_shows_the_defaults() -> None:
    model_keys = {f"generation.models.{name}" for name in keys_of(ModelConfig)}
    shown = {key: value for key, value in values_of(tomllib.loads(TEXT)).items() if key not in OWN_VALUE | model_keys}
    assert shown == {key: value for key, value in keys_of(Config).items() if key in shown}


@pytest.mark.parametrize("key", sorted(keys_of(Config)))
def test_every_key_has_a_word_before_it(key: str) -> None:
    lines = TEXT.splitlines()
    name = key.rsplit(".", 1)[1]
    places = [number for number, line in enumerate(lines) if re.match(rf"#?{name} = ", line)]
    assert any(has_prose_above(lines, number) for number in places)


def has_prose_above(lines: list[str], number: int) -> bool:
    """Whether prose stands in the block of lines above; keys of one kind may share it."""
    while number and lines[number - 1] and not lines[number - 1].startswith("["):
        number -= 1
        if lines[number].startswith("# "):
            return True
    return False
