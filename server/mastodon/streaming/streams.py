"""The streams that a client may listen to, and which of them an event belongs to. It must not ask the store."""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from server.oauth.bearer import Bearer
from server.problems import Forbidden, Invalid
from server.store.reading.feeds import HOME, LIST

OUT_OF_SCOPE = "Access token does not have the required scopes"
TOLD_TO_ONE = ("notification", "notifications_merged", "filters_changed")
PUBLIC = {
    "public": (None, False),
    "public:media": (None, True),
    "public:local": (True, False),
    "public:local:media": (True, True),
    "public:remote": (False, False),
    "public:remote:media": (False, True),
}
TAGS = {"hashtag": None, "hashtag:local": True}
OWN = ("user", "user:notification", "direct", "list")
# An id that no actor has.
NOBODY = -1
NAMES = frozenset((*PUBLIC, *TAGS, *OWN))


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream; `parameter` is the hashtag (lower-case) or the list's id."""

    name: str
    parameter: str = ""

    @property
    def label(self) -> list[str]:
        """How frames say where they come from."""
        return [self.name, self.parameter] if self.parameter else [self.name]

    @property
    def scope(self) -> str:
        """What a token must be good for (CVE-2025-62176: each stream asks for its own)."""
        return "read:notifications" if self.name == "user:notification" else "read:statuses"

    @property
    def context(self) -> str:
        """Where filters think it stands."""
        return "home" if self.name in ("user", "list") else "public"


@dataclass(frozen=True, slots=True)
class Happening:
    """An event and what decides who hears it. `feeds` are (kind, owner); the rest is of a post that anybody may see."""

    kind: str
    actor_id: int = 0
    feeds: frozenset[tuple[int, int]] = frozenset()
    public: bool = False
    # It answers something: the public streams leave it out as their timelines do.
    is_reply: bool = False
    local: bool | None = None
    has_media: bool | None = None
    tags: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Frame:
    """What is sent. `payload` is JSON in a string, or an id; None for an event without one."""

    stream: Stream
    event: str
    payload: str | None

    def as_message(self) -> str:
        """Write it for a WebSocket."""
        told: dict[str, Any] = {"stream": self.stream.label, "event": self.event}
        if self.payload is not None:
            told["payload"] = self.payload
        return msgspec.json.encode(told).decode()

    def as_event(self) -> bytes:
        """Write it as a server-sent event; Mastodon's word for nothing keeps a browser from dropping it."""
        return f"event: {self.event}\ndata: {'undefined' if self.payload is None else self.payload}\n\n".encode()


def read_stream(name: str, *, tag: str | None = None, list_id: str | None = None) -> Stream:
    """Read what a client asks for.

    Raises:
        Invalid: there is no such stream, or it needs a hashtag or a list.
    """
    if name not in NAMES:
        raise Invalid("Unknown stream type")
    if name in TAGS:
        if not tag or len(tag) > 200:
            raise Invalid("No tag for stream provided")
        return Stream(name, tag.lower().removeprefix("#"))
    if name == "list":
        if not list_id or not (list_id.isascii() and list_id.isdigit()):
            raise Invalid("No list for stream provided")
        return Stream(name, str(int(list_id[:19])))
    return Stream(name)


def check_scope(bearer: Bearer, stream: Stream) -> None:
    """Refuse a stream that the token is not good for. Raises Forbidden."""
    if not bearer.allows(stream.scope):
        raise Forbidden(OUT_OF_SCOPE)
    if stream.name in OWN and bearer.actor is None:
        raise Forbidden("This stream is somebody's own")


def belongs(happening: Happening, stream: Stream, bearer: Bearer) -> bool:
    """Whether an event is heard on a stream by who holds this token."""
    me = bearer.actor.id if bearer.actor is not None else NOBODY
    if happening.kind in TOLD_TO_ONE:
        return happening.actor_id == me and _hears_own(happening, stream, bearer)
    if happening.kind == "conversation":
        return stream.name == "direct" and happening.actor_id == me
    if stream.name == "user":
        return (HOME, me) in happening.feeds
    if stream.name == "list":
        return (LIST, int(stream.parameter)) in happening.feeds
    return happening.public and _hears_public(happening, stream)


def _hears_own(happening: Happening, stream: Stream, bearer: Bearer) -> bool:
    if happening.kind == "filters_changed":
        return stream.name == "user"
    return stream.name in ("user", "user:notification") and bearer.allows("read:notifications")


def _hears_public(happening: Happening, stream: Stream) -> bool:
    if stream.name in TAGS:
        return stream.parameter in happening.tags and _is_at(happening, TAGS[stream.name])
    if stream.name not in PUBLIC or happening.is_reply:
        return False
    local, only_media = PUBLIC[stream.name]
    return _is_at(happening, local) and not (only_media and happening.has_media is False)


def _is_at(happening: Happening, local: bool | None) -> bool:
    """What is deleted is told to both: where it came from does not matter any more."""
    return local is None or happening.local is None or happening.local == local
