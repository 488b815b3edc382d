"""Parameters as clients send them, in any of four forms, turned into the Struct that a route takes.

It must not know any route. Names nest as in Rails: `id[]=1&id[]=2`, `source[privacy]`, `media_attributes[][id]`,
`fields_attributes[0][name]`.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, TypeVar

import msgspec
from msgspec import inspect

from server.problems import Invalid

# What Rails takes for false (ActiveModel::Type::Boolean); everything else is true.
FALSE = frozenset({"0", "f", "false", "off"})
# Nobody nests deeper than `poll[options][]`; a stranger could, to make us work.
DEEPEST = 6
_PART = re.compile(r"\[([^\[\]]*)\]")
# Browsers number rows by the time, in milliseconds; Python reads no number of thousands of digits.
_ROW = re.compile(r"[0-9]{1,19}")
_PLACE = re.compile(r" - at `\$\.?(.*)`$")

AnyStruct = TypeVar("AnyStruct", bound=msgspec.Struct)


class Several(list[Any]):
    """Values of a name that was sent more than once without brackets; who wants only one takes the last."""


def nest(pairs: Iterable[tuple[str, Any]], into: dict[str, Any] | None = None) -> dict[str, Any]:
    """Turn flat names into nested values; those in `into` are kept beside."""
    tree: dict[str, Any] = {} if into is None else into
    for name, value in pairs:
        head, bracket, rest = name.partition("[")
        path = [head, *_PART.findall(bracket + rest)]
        if len(path) <= DEEPEST:
            _place(tree, path, value)
    return tree


def _place(tree: dict[str, Any], path: list[str], value: Any) -> None:
    """Put a value where its path leads; what contradicts an earlier name is dropped."""
    here: Any = tree
    for position, part in enumerate(path):
        last = position == len(path) - 1
        if part == "" and isinstance(here, list):
            if last:
                here.append(value)
                return
            here = _row(here, path[position + 1 :])
        elif isinstance(here, dict):
            if last:
                _set(here, part, value)
                return
            here = here.setdefault(part, [] if path[position + 1] == "" else {})
        else:
            return


def _row(rows: list[Any], rest: list[str]) -> Any:
    """Return the row that `[][name]` means: the last, or a new one where that name is taken there."""
    plain = len(rest) == 1
    if not rows or not isinstance(rows[-1], dict) or (plain and rest[0] in rows[-1]):
        rows.append({})
    return rows[-1]


def _set(here: dict[str, Any], name: str, value: Any) -> None:
    known = here.get(name)
    if isinstance(known, Several):
        known.append(value)
    elif name in here and not isinstance(known, list | dict):
        here[name] = Several([known, value])
    elif name not in here:
        here[name] = value


def read_json(body: bytes) -> dict[str, Any]:
    """Read a JSON body.

    Raises:
        Invalid: it is no JSON, or no object.
    """
    if not body.strip():
        return {}
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise Invalid("The body is not JSON") from None
    if not isinstance(value, dict):
        raise Invalid("The body is not a JSON object")
    return value


def convert(tree: Mapping[str, Any], takes: type[AnyStruct]) -> AnyStruct:
    """Turn nested values into `takes`; names that it does not have are ignored.

    Raises:
        Invalid: a value is not what its name wants; `field` says which.
    """
    try:
        shaped = _shape(dict(tree), _kind(takes))
        return msgspec.convert(shaped, takes, strict=False)
    except msgspec.ValidationError as error:
        place = _PLACE.search(str(error))
        field = place[1] if place else ""
        words = _PLACE.sub("", str(error))
        raise Invalid(f"Validation failed: {field or 'parameters'}: {words}", field=field or None) from None


@cache
def _kind(takes: type) -> inspect.Type:
    return inspect.type_info(takes)


def _shape(value: Any, kind: inspect.Type) -> Any:
    """Bring a value nearer to its type, as Rails would read it; UNSET where it counts as not sent."""
    if isinstance(kind, inspect.UnionType):
        return _shape_union(value, kind)
    if isinstance(kind, inspect.StructType):
        return _shape_struct(value, kind)
    if isinstance(kind, inspect.ListType | inspect.VarTupleType):
        return _shape_list(value, kind.item_type)
    if isinstance(kind, inspect.Metadata):
        return _shape(value, kind.type)
    if isinstance(value, Several):
        value = value[-1]
    return _shape_scalar(value, kind)


def _shape_scalar(value: Any, kind: inspect.Type) -> Any:
    if value is None and not isinstance(kind, inspect.NoneType | inspect.AnyType):
        return msgspec.UNSET
    if isinstance(kind, inspect.StrType):
        return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
    if value == "" and not isinstance(kind, inspect.AnyType):
        return msgspec.UNSET
    if isinstance(kind, inspect.BoolType):
        if isinstance(value, str):
            return value.lower() not in FALSE
        return bool(value) if isinstance(value, int) else value
    return value


def _shape_union(value: Any, kind: inspect.UnionType) -> Any:
    kinds = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
    nullable = len(kinds) < len(kind.types)
    if value is None and nullable:
        return None
    if value == "" and nullable and not any(isinstance(one, inspect.StrType) for one in kinds):
        return None
    return _shape(value, kinds[0]) if len(kinds) == 1 else value


def _shape_struct(value: Any, kind: inspect.StructType) -> Any:
    if not isinstance(value, dict):
        return msgspec.UNSET if value is None or value == "" else value
    shaped = {}
    for field in kind.fields:
        if field.encode_name in value:
            inner = _shape(value[field.encode_name], field.type)
            if inner is not msgspec.UNSET:
                shaped[field.encode_name] = inner
    return shaped


def _shape_list(value: Any, item: inspect.Type) -> Any:
    if value is None:
        return msgspec.UNSET
    if isinstance(value, dict) and all(_ROW.fullmatch(key) for key in value):
        value = [value[key] for key in sorted(value, key=int)]
    elif not isinstance(value, list):
        value = [] if value == "" else [value]
    return [inner for inner in (_shape(one, item) for one in value) if inner is not msgspec.UNSET]
