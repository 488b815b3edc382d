"""Describes the client API as an OpenAPI 3.1 document, made of the route table alone. It must not know any resource."""

import re
from collections.abc import Mapping, Sequence
from types import UnionType
from typing import Any, TypeAlias

import msgspec

from server.mastodon.call import Call
from server.mastodon.entities.basics import Entity
from server.mastodon.route import Route
from server.oauth.scopes import MASTODON
from server.remote.peers import VERSION
from server.site import Site

Document: TypeAlias = dict[str, Any]

PATH = "/api/openapi.json"
_REF = "#/components/schemas/{name}"
VARIABLE = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>")
_KINDS: Mapping[str | None, Document] = {
    "id": {"type": "string", "pattern": "^[0-9]{1,19}$"},
    "int": {"type": "integer", "minimum": 0},
    None: {"type": "string", "minLength": 1},
}
_SECURITY = "oauth"
_REFUSALS = {
    400: "The request cannot be read.",
    401: "There is no token, or it is not good.",
    403: "The token is not good for this, or who asks may not do it.",
    404: "There is no such thing, or who asks may not know of it.",
    409: "It clashes with what is already there.",
    413: "Too much was sent.",
    415: "A file is not of a kind that is taken here.",
    422: "What was sent makes no sense.",
    429: "Not so fast; `Retry-After` says when.",
    503: "What is needed for this is not there just now.",
}


class Error(Entity, kw_only=True, frozen=True):
    """What is said when something cannot be done."""

    error: str
    error_description: str | msgspec.UnsetType = msgspec.UNSET


def route(routes: Sequence[Route]) -> Route:
    """Return the address of the document that describes `routes` and itself."""
    made: list[Document] = []

    async def show(call: Call) -> Document:
        """Return this document."""
        if not made:
            made.append(describe(call.site, every))
        return made[0]

    own = Route("GET", PATH, show, None, "anyone", gives=dict[str, Any])
    every = (*routes, own)
    return own


def describe(site: Site, routes: Sequence[Route]) -> Document:
    """Return the whole document."""
    kinds = (kind for one in routes for kind in (*_parts(one.gives), one.takes) if kind is not None)
    types = {_key(kind): kind for kind in (Error, *kinds)}
    schemas, components = msgspec.json.schema_components(list(types.values()), ref_template=_REF)
    shapes = dict(zip(types, schemas, strict=True))
    paths: Document = {}
    for one in routes:
        paths.setdefault(_path(one), {})[one.method.lower()] = _describe_route(one, shapes, components)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{site.config.site.name}: client API",
            "version": VERSION,
            "description": "Mastodon's client API, as far as Pinxit has it. docs/clients.md says what is absent.",
            "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
        },
        "servers": [{"url": site.origin}],
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": {_SECURITY: _oauth(site)}},
    }


def _describe_route(one: Route, shapes: Mapping[str, Document], components: Mapping[str, Document]) -> Document:
    name = one.handler.__module__.rpartition(".")[2]
    found: Document = {
        "operationId": re.sub(r"\W+", "_", f"{one.method.lower()}{one.path}").strip("_"),
        "summary": (one.handler.__doc__ or "").strip().partition("\n")[0],
        "tags": [name],
        "security": _security(one),
        "responses": _responses(one, shapes),
    }
    parameters = [_variable(kind or None, variable) for kind, variable in VARIABLE.findall(one.path)]
    if one.takes is not None and one.method == "GET":
        parameters += _query(one.takes, components[_name(shapes[_key(one.takes)])])
    elif one.takes is not None or one.files:
        found["requestBody"] = _body(one, shapes)
    return found | ({"parameters": parameters} if parameters else {})


def _responses(one: Route, shapes: Mapping[str, Document]) -> Document:
    good = {
        str(status): {
            "description": "Done.",
            "content": {form: {"schema": _given(one, shapes)} for form in _forms(one)},
        }
        for status in one.statuses
    }
    refused = {
        str(status): {
            "description": words,
            "content": {"application/json": {"schema": shapes[_key(Error)]}},
        }
        for status, words in _REFUSALS.items()
        if status not in one.statuses
    }
    return good | refused


def _forms(one: Route) -> Sequence[str]:
    return ("text/plain", "text/event-stream") if one.gives is str else ("application/json",)


def _given(one: Route, shapes: Mapping[str, Document]) -> Document:
    parts = [shapes[_key(kind)] for kind in _parts(one.gives)]
    return parts[0] if len(parts) == 1 else {"anyOf": parts}


def _parts(kind: object) -> Sequence[object]:
    """Of several Structs msgspec describes each by itself, as it could not tell them apart."""
    return kind.__args__ if isinstance(kind, UnionType) else (kind,)


def _security(one: Route) -> list[Document]:
    demanded = {_SECURITY: [one.scope] if one.scope else []}
    return [{}, demanded] if one.who == "anyone" else [demanded]


def _variable(kind: str | None, name: str) -> Document:
    schema = _KINDS.get(kind, _KINDS[None])
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _query(takes: type[msgspec.Struct], schema: Document) -> list[Document]:
    """A list is sent as `name[]=a&name[]=b`."""
    found = []
    for name, shape in schema.get("properties", {}).items():
        sent = f"{name}[]" if shape.get("type") == "array" else name
        found.append({"name": sent, "in": "query", "required": name in schema.get("required", ()), "schema": shape})
    return found


def _body(one: Route, shapes: Mapping[str, Document]) -> Document:
    shape: Document = shapes[_key(one.takes)] if one.takes is not None else {"type": "object"}
    content: Document = {"application/json": {"schema": shape}, "application/x-www-form-urlencoded": {"schema": shape}}
    if one.files:
        files = {name: {"type": "string", "format": "binary"} for name in one.files}
        whole = {"allOf": [shape, {"type": "object", "properties": files}]}
        content = {"multipart/form-data": {"schema": whole}, "application/json": {"schema": shape}}
    return {"content": content, "required": False}


def _oauth(site: Site) -> Document:
    scopes = {scope: scope for scope in MASTODON}
    token = f"{site.origin}/oauth/token"
    return {
        "type": "oauth2",
        "flows": {
            "authorizationCode": {
                "authorizationUrl": f"{site.origin}/oauth/authorize",
                "tokenUrl": token,
                "scopes": scopes,
            },
            "clientCredentials": {"tokenUrl": token, "scopes": scopes},
        },
    }


def _path(one: Route) -> str:
    return VARIABLE.sub(r"{\2}", one.path)


def _key(kind: object) -> str:
    return repr(kind)


def _name(shape: Document) -> str:
    return str(shape["$ref"]).rpartition("/")[2]
