"""The part of Structured Fields (RFC 8941) that signatures are written in.

Must not know what the members mean. Reads strictly and writes the canonical form, from which a signature is made.
"""

import binascii
import re
from dataclasses import dataclass

from activitypub.errors import Malformed

BareItem = str | int | bool | bytes | float
Parameters = tuple[tuple[str, BareItem], ...]

# Fedify sends under 600 characters; ours are under 300.
MAX_FIELD_CHARACTERS = 8192
# A proxy may add its own signature to the sender's; more than a few is somebody else's game.
MAX_LABELS = 4
MAX_COMPONENTS = 32

_KEY = re.compile(r"[a-z*][a-z0-9_.*-]*")
_STRING = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])*)"')
_NUMBER = re.compile(r"-?[0-9]{1,12}\.[0-9]{1,3}|-?[0-9]{1,15}")
_BYTES = re.compile(r":([A-Za-z0-9+/=]*):")
_TOKEN = re.compile(r"[A-Za-z*][A-Za-z0-9!#$%&'*+.^_`|~:/-]*")
_BOOLEAN = re.compile(r"\?([01])")


class Token(str):
    """A bare word, which is written without quotes."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Component:
    """One covered component: its name, and parameters such as `;key="x"`."""

    name: str
    parameters: Parameters = ()

    def __str__(self) -> str:
        return write_string(self.name) + write_parameters(self.parameters)


@dataclass(frozen=True, slots=True)
class SignatureInput:
    """What one label of `Signature-Input` says it covers, and with which parameters."""

    label: str
    components: tuple[Component, ...]
    parameters: Parameters

    def __str__(self) -> str:
        return f"({' '.join(map(str, self.components))}){write_parameters(self.parameters)}"

    def parameter(self, name: str) -> BareItem | None:
        """The value of a parameter, or None where it is absent."""
        return dict(self.parameters).get(name)


def read_signature_inputs(field: str) -> list[SignatureInput]:
    """Read `Signature-Input`: labels, each with an inner list of components."""
    reader = _Reader(field)
    inputs: dict[str, SignatureInput] = {}
    while reader.more():
        label = reader.key()
        reader.expect("=")
        components = _read_components(reader)
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


def _read_components(reader: "_Reader") -> tuple[Component, ...]:
    reader.expect("(")
    components: list[Component] = []
    while not reader.take(")"):
        name = reader.bare_item()
        if not isinstance(name, str) or isinstance(name, Token):
            raise Malformed("a covered component is a string")
        components.append(Component(name, reader.parameters()))
        if len(components) > MAX_COMPONENTS:
            raise Malformed("too many covered components")
        if not reader.take(" ") and not reader.at(")"):
            raise Malformed("covered components are separated by spaces")
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

    def at(self, character: str) -> bool:
        return self.text.startswith(character, self.place)

    def take(self, character: str) -> bool:
        if not self.at(character):
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

    def parameters(self) -> Parameters:
        found: dict[str, BareItem] = {}
        while self.take(";"):
            self.skip(" ")
            name = self.key()
            if name in found:
                raise Malformed(f"the parameter {name[:40]} stands twice")
            found[name] = self.bare_item() if self.take("=") else True
        return tuple(found.items())

    def bare_item(self) -> BareItem:
        if found := self.match(_STRING):
            text = found[1]
            return re.sub(r"\\(.)", r"\1", text) if "\\" in text else text
        if found := self.match(_NUMBER):
            return float(found[0]) if "." in found[0] else int(found[0])
        if found := self.match(_BYTES):
            return _decode(found[1])
        if found := self.match(_BOOLEAN):
            return found[1] == "1"
        if found := self.match(_TOKEN):
            return Token(found[0])
        raise Malformed("a signature field holds no value where one belongs")

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self.text, self.place)
        if found is not None:
            self.place = found.end()
        return found


def _decode(text: str) -> bytes:
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except ValueError as error:
        raise Malformed("a byte sequence is not base64") from error
