"""Which form of a thing is asked for: its document or its page. It must not build either."""

import re
from functools import lru_cache
from typing import Literal

Form = Literal["document", "page"]

# Plain JSON is what some clients name last, after the types they mean; nothing else in JSON lies at these addresses.
_DOCUMENT = ("application/activity+json", "application/ld+json", "application/json")
_PAGE = ("text/html", "application/xhtml+xml")
_PART = re.compile(r'(?:[^,"]|"[^"]*")+')
_QUALITY = re.compile(r";\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*(?:;|\Z)", re.IGNORECASE)
# A browser's own header has 150 characters; what is longer is not read to its end.
MAX_CHARACTERS = 1000

_Rank = tuple[float, int]


@lru_cache(maxsize=512)
def choose(accept: str, *, default: Form) -> Form | None:
    """Return the form that `Accept` prefers, `default` where it prefers neither; None when it wants neither.

    Beside the q-values it counts which form is named and which is only meant by a wildcard.
    """
    ranges = _read(accept[:MAX_CHARACTERS])
    if not ranges:
        return default
    document, page = _rank(ranges, _DOCUMENT), _rank(ranges, _PAGE)
    if document[0] == 0 and page[0] == 0:
        return None
    if document == page:
        return default
    return "document" if document > page else "page"


def _read(accept: str) -> dict[str, float]:
    """Return the media ranges and how much each is wanted; parameters but q are not looked at."""
    ranges: dict[str, float] = {}
    for part in _PART.findall(accept):
        name = part.partition(";")[0].strip().lower()
        found = _QUALITY.search(part)
        if name:
            ranges[name] = max(ranges.get(name, 0.0), min(float(found[1]), 1.0) if found else 1.0)
    return ranges


def _rank(ranges: dict[str, float], names: tuple[str, ...]) -> _Rank:
    """How much a form is wanted, and how plainly it is named: the narrowest range decides (RFC 9110 §12.5.1).

    A wildcard means the first name; the others have to be named.
    """
    named = [(ranges[name], 2) for name in names if name in ranges]
    if named:
        return max(named)
    for plainness, wildcard in ((1, f"{names[0].partition('/')[0]}/*"), (0, "*/*")):
        if wildcard in ranges:
            return ranges[wildcard], plainness
    return 0.0, 0
