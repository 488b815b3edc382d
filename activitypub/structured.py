"""The part of Structured Fields (RFC 8941) that signatures are written in.

Must not know what the members mean. Reads strictly and writes the canonical form, from which a signature is made.
"""

import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from activitypub.errors import Malformed

BareItem = str | int | bool | bytes | float
Parameters = tuple[tuple[str, BareItem], ...]

# Fedify sends under 600 characters; ours are under 300.
MAX_FIELD_CHARACTERS = 4096
# A proxy may add its own signature to the sender's; more than a few is somebody else's game.
MAX_LABELS = 4
MAX_COMPONENTS = 32

_KEY = re.compile(r"[a-z*][a-z0-9_.*-]*")
_INNER_LIST = re.compile(r'\((?:[^"()]|"(?:[^"\\]|\\.)*")*\)')
_ITEM_PATTERN = (
    r'''"(?P<string>(?:[ !#-\[\]-~]|\\["\\])*)"'''
    r"|(?P<decimal>-?[0-9]{1,12}\.[0-9]{1,3})"
    r"|(?P<integer>-?[0-9]{1,15})"
    r"|:(?P<bytes>[A-Za-z0-9+/=]*):"
    r"|\?(?P<boolean>[01])"
    r"|(?P<token>[A-Za-z*][A-Za-z0-9!#$%&'*+.^_`|~:/-]*)"
)
_ITEM = re.compile(_ITEM_PATTERN)
_PARAMETER = re.compile(rf"; *(?P<key>[a-z*][a-z0-9_.*-]*)(?:=(?:{_ITEM_PATTERN}))?")


class Token(str):
    """A bare word, which is written without quotes."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Component:
    """One covered component: its name, its parameters (`;key="x"`), and both as they are signed."""

    name: str
    parameters: Parameters
    identifier: str


@dataclass(frozen=True, slots=True)
class SignatureInput:
    """What one label of `Signature-Input` says it covers, and with which parameters."""

    label: str
    components: tuple[Component, ...]
    parameters: Parameters

    def __str__(self) -> str:
        covered = " ".join([component.identifier for component in self.components])
        return f"({covered}){write_parameters(self.parameters)}"


def component(name: str, parameters: Parameters = ()) -> Component:
    """Make a covered component."""
    return Component(name, parameters, write_string(name) + write_parameters(parameters))


def read_signature_inputs(field: str) -> list[SignatureInput]:
    """Read `Signature-Input`: labels, each with an inner list of components."""
    reader = _Reader(field)
    inputs: dict[str, SignatureInput] = {}
    while reader.more():
        label = reader.key()
        reader.expect("=")
        components = _read_components(reader.inner_list())
        if label in inputs or len(inputs) == MAX_LABELS:
            raise Malformed("Signature-Input repeats a label, or has too many")
        inputs[label] = SignatureInput(label, components, reader.parameters())
        reader.comma()
    return list(inputs.values())


def read_signature_values(field: str) -> dict[str, bytes]:
    """Read `Signature`: labels, each with a byte sequence."""
    reader = _Reader(field)
    values: dict[str, bytes] = {}
    while reader.more():
        label = reader.key()
        reader.expect("=")
        value = reader.bare_item()
        reader.parameters()
        if not isinstance(value, bytes):
            raise Malformed("a signature is a byte sequence between colons")
        if label in values or len(values) == MAX_LABELS:
            raise Malformed("Signature repeats a label, or has too many")
        values[label] = value
        reader.comma()
    return values


def write_string(text: str) -> str:
    """Write a quoted string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def write_bytes(data: bytes) -> str:
    """Write a byte sequence."""
    return ":" + binascii.b2a_base64(data, newline=False).decode("ascii") + ":"


def write_parameters(parameters: Parameters) -> str:
    """Write parameters in their order; a true one is its name alone."""
    return "".join(f";{name}" if value is True else f";{name}={_write_item(value)}" for name, value in parameters)


def _write_item(value: BareItem) -> str:
    if isinstance(value, Token):
        return value
    if isinstance(value, str):
        return write_string(value)
    if isinstance(value, bytes):
        return write_bytes(value)
    if isinstance(value, bool):
        return f"?{value:d}"
    return str(value)


@lru_cache(maxsize=128)
def _read_components(text: str) -> tuple[Component, ...]:
    """Read an inner list without its parameters; cached, as each peer software sends one or two of them."""
    reader = _Reader(text[1:-1])
    components: list[Component] = []
    while reader.more():
        name = reader.bare_item()
        if not isinstance(name, str) or isinstance(name, Token):
            raise Malformed("a covered component is a string")
        components.append(component(name, reader.parameters()))
        if len(components) > MAX_COMPONENTS:
            raise Malformed("too many covered components")
        if reader.more():
            reader.expect(" ")
            reader.skip(" ")
    return tuple(components)


class _Reader:
    """A place in a field's text, which only moves forward."""

    __slots__ = ("place", "text")

    def __init__(self, text: str) -> None:
        if len(text) > MAX_FIELD_CHARACTERS:
            raise Malformed("a signature field is longer than any real one")
        self.text = text.strip(" ")
        self.place = 0

    def more(self) -> bool:
        return self.place < len(self.text)

    def take(self, character: str) -> bool:
        if not self.text.startswith(character, self.place):
            return False
        self.place += 1
        return True

    def skip(self, characters: str) -> None:
        while self.more() and self.text[self.place] in characters:
            self.place += 1

    def expect(self, character: str) -> None:
        if not self.take(character):
            raise Malformed(f"a signature field lacks {character}")

    def comma(self) -> None:
        """Pass the comma between members; a last one may not stand alone."""
        self.skip(" \t")
        if self.more():
            self.expect(",")
            self.skip(" \t")
            if not self.more():
                raise Malformed("a signature field ends in a comma")

    def key(self) -> str:
        found = self.match(_KEY)
        if found is None:
            raise Malformed("a signature field lacks a name")
        return found[0]

    def inner_list(self) -> str:
        found = self.match(_INNER_LIST)
        if found is None:
            raise Malformed("Signature-Input lacks a list of components")
        return found[0]

    def parameters(self) -> Parameters:
        found: dict[str, BareItem] = {}
        while parameter := self.match(_PARAMETER):
            name, kind = parameter["key"], parameter.lastgroup or ""
            if name in found:
                raise Malformed(f"the parameter {name[:40]} stands twice")
            found[name] = True if kind == "key" else _READERS[kind](parameter[kind])
        return tuple(found.items())

    def bare_item(self) -> BareItem:
        item = self.match(_ITEM)
        if item is None:
            raise Malformed("a signature field holds no value where one belongs")
        kind = item.lastgroup or ""
        return _READERS[kind](item[kind])

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self.text, self.place)
        if found is not None:
            self.place = found.end()
        return found


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text) if "\\" in text else text


def _decode(text: str) -> bytes:
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except ValueError as error:
        raise Malformed("a byte sequence is not base64") from error


_READERS: dict[str, Callable[[str], BareItem]] = {
    "string": _unescape,
    "decimal": float,
    "integer": int,
    "bytes": _decode,
    "boolean": "1".__eq__,
    "token": Token,
}
