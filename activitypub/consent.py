"""Asking to quote, like, answer or boost a post: the request, its answers, and the stamp that proves a yes.

Quotes are FEP-044f's, the others GoToSocial's interaction controls, which have the same shape. It must not decide
anything, nor believe a stamp: `authority.check_stamp` says whether it is one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from activitypub import fields
from activitypub.activities import without_context
from activitypub.context import consent_context
from activitypub.errors import Malformed
from activitypub.fields import Document
from activitypub.vocabulary import PUBLIC, types_of


class Kind(StrEnum):
    """What somebody wants to do with a post."""

    QUOTE = "quote"
    LIKE = "like"
    REPLY = "reply"
    ANNOUNCE = "announce"


REQUESTS: Final[Mapping[str, Kind]] = {
    "QuoteRequest": Kind.QUOTE,
    "LikeRequest": Kind.LIKE,
    "ReplyRequest": Kind.REPLY,
    "AnnounceRequest": Kind.ANNOUNCE,
}
_ASKING: Final = {kind: name for name, kind in REQUESTS.items()}
# What GoToSocial 0.19 called …Approval is …Authorization since 0.20; what we write is the newer name.
_STAMPS: Final[Mapping[str, Kind]] = {
    "QuoteAuthorization": Kind.QUOTE,
    "LikeAuthorization": Kind.LIKE,
    "LikeApproval": Kind.LIKE,
    "ReplyAuthorization": Kind.REPLY,
    "ReplyApproval": Kind.REPLY,
    "AnnounceAuthorization": Kind.ANNOUNCE,
    "AnnounceApproval": Kind.ANNOUNCE,
}
# Under which names a post or an activity says by which stamp it is allowed: the newest first.
_NAMED: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.QUOTE: ("quoteAuthorization",),
    Kind.LIKE: ("likeAuthorization", "approvedBy"),
    Kind.REPLY: ("replyAuthorization", "approvedBy"),
    Kind.ANNOUNCE: ("announceAuthorization", "approvedBy"),
}


_OUTLINE: Final = frozenset(
    ("@context", "id", "type", "attributedTo", "published", "quote", "quoteUri", "quoteUrl", "_misskey_quote")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A question: may `actor` do this with the post `target` by the post or activity `interacting`?"""

    id: str
    kind: Kind
    actor: str
    target: str
    interacting: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What stands at a stamp's address: `attributed_to` lets `interacting` be done with the post `target`.

    Older stamps of GoToSocial do not name the post.
    """

    id: str
    kind: Kind
    attributed_to: str
    interacting: str
    target: str | None


def read_request(document: Document) -> Request:
    """Read a question. Raises Malformed where it does not say about which post, or by what."""
    kind = next((REQUESTS[name] for name in types_of(document) if name in REQUESTS), None)
    if kind is None:
        raise Malformed("expected a request")
    return Request(
        id=fields.document_id(document),
        kind=kind,
        actor=fields.required_uri(document, "actor"),
        target=fields.required_uri(document, "object"),
        interacting=fields.required_uri(document, "instrument"),
    )


def read_stamp(document: Document) -> Stamp:
    """Read a stamp in either spelling. Raises Malformed."""
    kind = next((_STAMPS[name] for name in types_of(document) if name in _STAMPS), None)
    interacting = fields.uri(document, "interactingObject") or fields.uri(document, "object")
    if kind is None or interacting is None:
        raise Malformed("expected an authorization with the address of what it allows")
    return Stamp(
        id=fields.document_id(document),
        kind=kind,
        attributed_to=fields.required_uri(document, "attributedTo"),
        interacting=interacting,
        target=fields.uri(document, "interactionTarget") or fields.uri(document, "target"),
    )


def named_stamp(document: Document, kind: Kind) -> str | None:
    """The address of the stamp that a post or an activity names."""
    return next((uri for name in _NAMED[kind] if (uri := fields.uri(document, name)) is not None), None)


def with_stamp(document: Document, kind: Kind, stamp_uri: str) -> Document:
    """The document with the address of its stamp, under each name that peers look for."""
    named = dict.fromkeys(_NAMED[kind], stamp_uri)
    return {**document, "@context": consent_context(document.get("@context")), **named}


def outline(post: Document) -> Document:
    """As much of a post as has to be known to let it quote: none of its words, and not whom it is for.

    Its author asks somebody who may not see it.
    """
    return {name: value for name, value in post.items() if name in _OUTLINE}


def build_request(request: Request, instrument: Document, *, author: str) -> Document:
    """The question, with what is wanted embedded: Mastodon looks at that before it fetches anything."""
    return {
        "@context": consent_context(instrument.get("@context")),
        "id": request.id,
        "type": _ASKING[request.kind],
        "actor": request.actor,
        "object": request.target,
        "instrument": without_context(instrument),
        "to": [author],
    }


def build_accept(id: str, actor: str, request: Request, stamp_uri: str) -> Document:
    """The yes, with the stamp's address."""
    return _answer(id, "Accept", actor, request) | {"result": stamp_uri}


def build_reject(id: str, actor: str, request: Request) -> Document:
    """The no."""
    return _answer(id, "Reject", actor, request)


def build_stamp(stamp: Stamp) -> Document:
    """The stamp, as it stands at its address."""
    newest = next(name for name, kind in _STAMPS.items() if kind is stamp.kind)
    return {
        "@context": consent_context(),
        "id": stamp.id,
        "type": newest,
        "attributedTo": stamp.attributed_to,
        "interactingObject": stamp.interacting,
        "interactionTarget": stamp.target,
    }


def build_revocation(id: str, actor: str, stamp: Stamp, *, to: str, followers: str | None) -> Document:
    """The stamp taken back, told to who has it and, as they may show it too, to the author's followers."""
    return {
        "@context": consent_context(),
        "id": id,
        "type": "Delete",
        "actor": actor,
        "object": without_context(build_stamp(stamp)),
        "to": [to],
        "cc": [PUBLIC, *([followers] if followers else [])],
    }


def _answer(id: str, type: str, actor: str, request: Request) -> Document:
    # Where the deed itself came instead of a question, it is what is answered (GoToSocial before 0.20).
    inner: object = request.interacting
    if request.id != request.interacting:
        inner = _embedded(request)
    answer = {"id": id, "type": type, "actor": actor, "object": inner, "to": [request.actor]}
    return {"@context": consent_context(), **answer}


def _embedded(request: Request) -> Document:
    return {
        "id": request.id,
        "type": _ASKING[request.kind],
        "actor": request.actor,
        "object": request.target,
        "instrument": request.interacting,
    }
