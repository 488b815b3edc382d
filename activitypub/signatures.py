"""Signatures of requests in either form: read which key is claimed, verify with it, sign.

Must not look a key up, and must not say what the signer may do: that is authority.py.
"""

import re
from collections.abc import Mapping

from activitypub import cavage, rfc9421
from activitypub.cavage import CavageSignature
from activitypub.keys import OwnedKey, Signer
from activitypub.requests import SignedRequest
from activitypub.rfc9421 import MessageSignature
from activitypub.verified import Form, Verified

__all__ = ["Form", "Signature", "Verified", "asks_for_messages", "other_form", "read", "sign", "verify"]

Signature = CavageSignature | MessageSignature

_COMPONENTS = re.compile(r"\(([^()]{0,1000})\)")
_COVERED = frozenset({'"@method"', '"@target-uri"', '"@authority"', '"host"', '"date"', '"content-digest"'})


def read(request: SignedRequest) -> Signature:
    """Read the claim of a request; raises Unauthorised where there is none.

    `Signature-Input` alone decides for RFC 9421, as in Mastodon: a request cannot be verified twice to choose.
    """
    if "signature-input" in request.headers:
        return rfc9421.read(request)
    return cavage.read(request)


def verify(request: SignedRequest, signature: Signature, key: OwnedKey, *, now: int) -> Verified:
    """Hold the request against its signature with the claimed key; raises BadSignature or Malformed."""
    if isinstance(signature, CavageSignature):
        return cavage.verify(request, signature, key, now=now)
    return rfc9421.verify(request, signature, key, now=now)


def other_form(form: Form) -> Form:
    """The form to knock with when this one was refused."""
    return "rfc9421" if form == "cavage" else "cavage"


def asks_for_messages(headers: Mapping[str, str]) -> bool:
    """Whether an answer asks for RFC 9421 signatures (§5, `Accept-Signature`), and for no more than ours cover."""
    found = _COMPONENTS.search(headers.get("accept-signature", ""))
    return found is not None and _COVERED.issuperset(found[1].split())


def sign(request: SignedRequest, signer: Signer, form: Form, *, now: int) -> dict[str, str]:
    """Make the headers to add to a request, at the moment of sending it (`now` in microseconds)."""
    if form == "cavage":
        return cavage.sign(request, signer, now=now)
    return rfc9421.sign(request, signer, now=now)
