"""JSON-LD for the few documents that need it: odd shapes, and embedded signatures.

Must never fetch: contexts come from this package and from pyld, and any other address is refused.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, cast

from pyld import jsonld
from pyld.canon import URDNA2015
from pyld.documentloader.frozen import BUNDLED_CONTEXTS, FrozenDocumentLoader

from activitypub.errors import Malformed, TooLarge

Node = dict[str, object]

# Mastodon's largest documents (a poll with pictures and fifty mentions) hold some 400 values; at this bound
# expanding takes a tenth of a second.
MAX_VALUES = 4000
# GoToSocial nests nine levels with its interaction policies.
MAX_DEPTH = 32
# Blank nodes that look alike are told apart by trying every order: five make 120, ten would make three million.
MAX_ALIKE = 5
MAX_HASHES = 500

# Where relative addresses are put: pyld would else put them under example.org. No peer means them.
RELATIVE = "relative://document/"

_AS2 = "https://www.w3.org/ns/activitystreams"
# The terms our readers know, beside those of AS2 and security v1.
_READING = "urn:pinxit:context:reading"
_CONTEXTS: Final = Path(__file__).parent / "contexts"
_OWN_CONTEXTS: Final[Mapping[str, Path]] = {
    _READING: _CONTEXTS / "reading.json",
    "http://joinmastodon.org/ns": _CONTEXTS / "joinmastodon.json",
    "https://gotosocial.org/ns": _CONTEXTS / "gotosocial.json",
    "https://purl.archive.org/socialweb/webfinger": _CONTEXTS / "webfinger.json",
    "https://w3id.org/identity/v1": _CONTEXTS / "identity-v1.json",
    "https://w3id.org/security/data-integrity/v1": _CONTEXTS / "data-integrity-v1.json",
    "https://w3id.org/security/data-integrity/v2": _CONTEXTS / "data-integrity-v2.json",
    "https://w3id.org/security/multikey/v1": _CONTEXTS / "multikey-v1.json",
}
# Pleroma and Akkoma serve the same context from every host of theirs.
_LITEPUB_SUFFIX = "/schemas/litepub-0.1.jsonld"
_LITEPUB = "urn:pinxit:context:litepub"
_loader = FrozenDocumentLoader({**BUNDLED_CONTEXTS, **_OWN_CONTEXTS, _LITEPUB: _CONTEXTS / "litepub-0.1.json"})


def compact(document: Mapping[str, object]) -> Node:
    """Rewrite a document in the short names our readers know; raises Malformed or TooLarge."""
    return compact_expanded(expand(document))


def expand(document: Mapping[str, object]) -> list[object]:
    """Write every name and address out in full."""
    check_size(document)
    return cast(list[object], _run(lambda: jsonld.expand(document, _options())))


def compact_expanded(expanded: list[object]) -> Node:
    """Rewrite an expanded document in the short names our readers know."""
    context = [_AS2, "https://w3id.org/security/v1", _READING]
    result = _run(lambda: jsonld.compact(expanded, context, _options()))
    if not isinstance(result, dict):
        raise Malformed("the document is not one object")
    # The readers go by the short names; the contexts that gave them would only be noise in what is kept.
    return {**result, "@context": _AS2}


def canonical(document: Mapping[str, object]) -> str:
    """Write a document as canonical N-Quads (URDNA2015), the text that embedded signatures are made of."""
    check_size(document)
    dataset = _run(lambda: jsonld.to_rdf(document, _options()))
    return cast(str, _run(lambda: _BoundedCanon().main(dataset, {"format": "application/n-quads"})))


def check_size(document: object) -> None:
    """Refuse what is too wide or too deep to be worth expanding."""
    level, count = [document], 0
    for _ in range(MAX_DEPTH):
        following: list[object] = []
        for value in level:
            if isinstance(value, Mapping):
                following.extend(value.values())
            elif isinstance(value, list):
                following.extend(value)
        count += len(following)
        if count > MAX_VALUES:
            raise TooLarge(f"the document holds more than {MAX_VALUES} values")
        if not following:
            return
        level = following
    raise TooLarge(f"the document is nested deeper than {MAX_DEPTH} levels")


class _BoundedCanon(URDNA2015):  # type: ignore[misc]  # pyld has no types
    """pyld's canonicalisation, which a hostile graph of look-alikes would otherwise keep busy for years."""

    def __init__(self) -> None:
        super().__init__()
        self.hashes = 0

    def create_hash_to_related(self, id_: str, issuer: object) -> dict[str, list[str]]:
        related = cast(dict[str, list[str]], super().create_hash_to_related(id_, issuer))
        self.hashes += 1
        if self.hashes > MAX_HASHES or any(len(alike) > MAX_ALIKE for alike in related.values()):
            raise TooLarge("too many parts of the document look alike")
        return related


def _options() -> dict[str, object]:
    return {"documentLoader": _load, "base": RELATIVE, "processingMode": "json-ld-1.1"}


def _load(url: str, options: dict[str, object]) -> object:
    known = url.removesuffix("#").replace("http://w3id.org/", "https://w3id.org/")
    known = known.replace("http://www.w3.org/", "https://www.w3.org/").removesuffix(".jsonld")
    if url.endswith(_LITEPUB_SUFFIX):
        known = _LITEPUB
    return _loader(known, options)


def _run(step: Callable[[], object]) -> object:
    try:
        return step()
    except (jsonld.JsonLdError, RecursionError) as error:
        raise Malformed("the document cannot be read as JSON-LD with the contexts known here") from error
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        # pyld trips over its own feet on shapes that are not JSON-LD at all.
        raise Malformed("the document is not JSON-LD") from error
