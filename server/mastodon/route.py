"""One address of the client API, said once: who may come, what it takes and gives. It must not know any resource."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import msgspec

Handler: TypeAlias = Callable[..., Awaitable[object]]
Method: TypeAlias = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Who: TypeAlias = Literal["anyone", "app", "person"]
# Named in `limits`; what costs more than reading has a brake of its own.
BrakeName: TypeAlias = Literal["media", "delete"]

# A post with everything around it has a few kilobytes; uploads say more for themselves.
FORM_BYTES_AT_MOST = 1_048_576


class Empty(msgspec.Struct, frozen=True):
    """The answer of what has nothing to say: `{}`."""


@dataclass(frozen=True, slots=True)
class Route:
    """A method and a path, the function that answers, and what it promises.

    `scope` is the fine OAuth scope that a token needs; with `who` "anyone" a token may be missing, but one that is sent
    must have it. `takes` is filled from query, form, JSON or multipart. `gives` is the answer's type, `statuses` how
    it may answer when all is well, `files` the names of file parts, `body_bytes` how much may be sent.
    """

    method: Method
    path: str
    handler: Handler
    scope: str | None
    who: Who
    takes: type[msgspec.Struct] | None = None
    gives: object = Empty
    statuses: tuple[int, ...] = (200,)
    files: tuple[str, ...] = ()
    body_bytes: int = FORM_BYTES_AT_MOST
    brake: BrakeName | None = None
