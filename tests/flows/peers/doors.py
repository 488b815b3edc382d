"""Other servers' doors, each as strict as that software: what it refuses, drops or does not understand of what comes.

A door keeps its complaints instead of hiding them as the real ones do, so that a test can ask for none. The rules are
read from the servers' code; where a rule has a number it is that of the notes on peers.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from activitypub.keys import OwnedKey
from activitypub.requests import SignedRequest
from activitypub.vocabulary import LD_MEDIA_TYPE, MEDIA_TYPE, host_of, is_as2_media_type
from activitypub.window import read_http_date
from server.ids import MICROSECONDS, Clock
from tests.fakes import Network
from tests.remote_host import Arrived, Document, RemoteHost, Shown

Rule = Callable[[SignedRequest, Document, int], str | None]

PIXELFED_TYPES = {"Document", "Image", "Video"}
PIXELFED_MEDIA = {"image/jpeg", "image/png", "image/gif"}


@dataclass(frozen=True)
class Ways:
    """How a kind of server behaves. `answers_early` is what it says before it has looked at anything."""

    rules: tuple[Rule, ...] = ()
    answers_early: int | None = None
    guards_reading: bool = False
    media_type: str = MEDIA_TYPE
    link_type: str = MEDIA_TYPE
    shows_unsigned: frozenset[str] = field(default_factory=frozenset)


class StrictHost(RemoteHost):
    """A remote host with the ways of one software; `complaints` holds why it did not take something."""

    def __init__(self, network: Network, clock: Clock, *, origin: str, ways: Ways) -> None:
        super().__init__(network, clock, origin=origin)
        self.ways = ways
        self.complaints: list[str] = []

    async def _take(self, request: SignedRequest) -> Shown:
        verified = await self.verify(request)
        document: Document = json.loads(request.body)
        found = [] if verified else ["its signature does not hold"]
        found += [said for rule in self.ways.rules if (said := rule(request, document, self.clock.now()))]
        self.complaints += [f"{document.get('type')}: {said}" for said in found]
        self.inbox.append(Arrived(request.target, document, request.headers, verified))
        if self.answers:
            return self.answers.pop(0)
        if self.ways.answers_early is not None:
            return Shown(b"", self.ways.answers_early)
        return Shown(b"", 401 if found else 202)

    async def _look(self, request: SignedRequest, scope: Any) -> Shown:
        open_to_all = scope["path"].startswith("/.well-known/") or request.target in self.ways.shows_unsigned
        if self.ways.guards_reading and not open_to_all and not await self._may_read(request):
            self.gets.append(request)
            return Shown(b'{"error":"unauthorized"}', 401, {"content-type": "application/json"})
        return await super()._look(request, scope)

    async def _ask_for(self, key_id: str) -> OwnedKey | None:
        """Every server keeps the keys that it met: who leaves signs the last word with one that is shown no more."""
        key = await super()._ask_for(key_id)
        if key is not None:
            self.trusted[key_id] = key
        return key

    async def _may_read(self, request: SignedRequest) -> bool:
        unknown = "signature-input" in request.headers and knows_the_draft_alone in self.ways.rules
        return not unknown and await self.verify(request) is not None


def knows_the_draft_alone(request: SignedRequest, document: Document, now: int) -> str | None:
    """Nobody reads `Signature-Input` there, and the Signature of RFC 9421 is nothing to a reader of the draft."""
    if "signature-input" in request.headers or 'signature="' not in request.headers.get("signature", ""):
        return "it is signed in a form that is not known here"
    return None


def has_a_date(request: SignedRequest, document: Document, now: int) -> str | None:
    return None if "date" in request.headers else "it has no Date"


def is_dated_within(seconds: int) -> Rule:
    """Takahe: a minute; Pixelfed: a day."""

    def rule(request: SignedRequest, document: Document, now: int) -> str | None:
        age = now // MICROSECONDS - read_http_date(request.headers["date"])
        return None if abs(age) <= seconds else f"its Date is {age} s old"

    return rule


def names_its_algorithm(request: SignedRequest, document: Document, now: int) -> str | None:
    return None if "algorithm=" in request.headers["signature"] else "the signature names no algorithm"


def can_be_split_at_commas(request: SignedRequest, document: Document, now: int) -> str | None:
    """2.12.5: Pixelfed's reader of the header."""
    parts = request.headers["signature"].split(",")
    return None if all(re.fullmatch(r'\w+="[^"]*"', part) for part in parts) else "a value of the signature has a comma"


def is_activitystreams(request: SignedRequest, document: Document, now: int) -> str | None:
    """2.11.2: GoToSocial answers 406 to anything else."""
    return None if is_as2_media_type(request.headers.get("content-type", "")) else "not its media type (406)"


def has_an_id(request: SignedRequest, document: Document, now: int) -> str | None:
    return None if document.get("id") else "it has no id"


def undoes_what_it_shows(request: SignedRequest, document: Document, now: int) -> str | None:
    """2.11.8: an Undo by bare id is skipped."""
    inner = document.get("object")
    if document.get("type") == "Undo" and not (isinstance(inner, dict) and inner.get("type") and inner.get("object")):
        return "what it undoes is not inside it"
    return None


def is_nested_at_most(levels: int) -> Rule:
    """2.12.1: `json_decode` with a depth; each object and each list is a level."""

    def rule(request: SignedRequest, document: Document, now: int) -> str | None:
        depth = depth_of(document)
        return None if depth <= levels else f"it is nested {depth} deep"

    return rule


def depth_of(value: object) -> int:
    """How deep a JSON value is nested, as PHP counts."""
    if isinstance(value, dict):
        return 1 + max((depth_of(inner) for inner in value.values()), default=0)
    if isinstance(value, list):
        return 1 + max((depth_of(inner) for inner in value), default=0)
    return 0


def is_of_one_host(request: SignedRequest, document: Document, now: int) -> str | None:
    """2.12.4: key, activity, object and author of a Create."""
    key = re.search(r'keyId="([^"]+)"', request.headers["signature"])
    addresses = [key[1] if key else "", document["id"], document["actor"]]
    if document["type"] in ("Create", "Update") and isinstance(document["object"], dict):
        addresses += [document["object"]["id"], document["object"].get("attributedTo", document["actor"])]
    return None if len({host_of(one) for one in addresses}) == 1 else "not all of it is of one host"


def creates_what_it_can_keep(request: SignedRequest, document: Document, now: int) -> str | None:
    """2.12.6, 8, 9, 12, 13b: one bad attachment fails the whole post."""
    if document["type"] != "Create":
        return None
    post = document["object"]
    if not isinstance(post, dict) or not post.get("to"):
        return "the object is no whole post with its addressees"
    attachments = post.get("attachment", [])
    if not isinstance(attachments, list):
        return "the attachments are no list"
    return next((said for one in attachments if (said := _find_fault(one))), None)


def _find_fault(entry: Document) -> str | None:
    faults = {
        "type": entry.get("type") not in PIXELFED_TYPES,
        "mediaType": entry.get("mediaType") not in PIXELFED_MEDIA,
        "url": not str(entry.get("url")).startswith("https://"),
        "name": not isinstance(entry.get("name"), str | None),
        "blurhash": "blurhash" in entry and not 6 <= len(entry["blurhash"]) <= 164,
    }
    for side in ("width", "height"):
        faults[side] = side in entry and not (isinstance(entry[side], int) and 1 <= entry[side] <= 5000)
    return next((f"the attachment's {name} will not do" for name, bad in faults.items() if bad), None)


def accepts_in_plain_words(request: SignedRequest, document: Document, now: int) -> str | None:
    """2.12.13a, and Takahe: an embedded actor makes the Accept nothing."""
    if document["type"] not in ("Accept", "Reject"):
        return None
    inner = document["object"]
    if not isinstance(inner, dict) or not all(isinstance(inner.get(name), str) for name in ("id", "actor", "object")):
        return "the Follow in it is not made of plain addresses"
    return None if document["id"].startswith(document["actor"]) else "its id does not lie below its actor"


def deletes_a_thing(request: SignedRequest, document: Document, now: int) -> str | None:
    """2.12.14; an actor that leaves may also be named by its address alone."""
    inner = document["object"]
    if inner == document["actor"]:
        return None
    if document["type"] == "Delete" and not (isinstance(inner, dict) and inner.get("type") in ("Tombstone", "Person")):
        return "what it deletes is neither Tombstone nor Person"
    return None


DRAFT = (knows_the_draft_alone, has_a_date)
WAYS = {
    "mastodon": Ways((is_activitystreams, has_an_id)),
    "gotosocial": Ways(
        (*DRAFT, is_activitystreams, has_an_id, undoes_what_it_shows),
        guards_reading=True,
        shows_unsigned=frozenset({"/users/milo/main-key"}),
    ),
    "pixelfed": Ways(
        (
            *DRAFT,
            is_dated_within(86_400),
            can_be_split_at_commas,
            is_nested_at_most(8),
            is_of_one_host,
            creates_what_it_can_keep,
            accepts_in_plain_words,
            undoes_what_it_shows,
            deletes_a_thing,
        ),
        answers_early=200,
    ),
    "takahe": Ways((*DRAFT, is_dated_within(60), names_its_algorithm, accepts_in_plain_words)),
    "snac": Ways(DRAFT, answers_early=202, media_type=LD_MEDIA_TYPE),
    "misskey": Ways(DRAFT),
    "akkoma": Ways((*DRAFT, is_dated_within(7200))),
    "mitra": Ways((has_an_id,), link_type=LD_MEDIA_TYPE, media_type=LD_MEDIA_TYPE),
    "hollo": Ways((has_an_id,)),
    "piefed": Ways(DRAFT),
    "lemmy": Ways((*DRAFT, has_an_id)),
    "peertube": Ways(DRAFT),
    "wordpress": Ways(DRAFT),
}
