"""A request as signatures see it: what was asked of which origin, with which headers and body.

Must not know how it arrived beyond `from_asgi`, nor who signed it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from activitypub.errors import Malformed

# Two of any of these would let one reader see another request than the next one does.
SINGLE_HEADERS = frozenset({"host", "date", "digest", "content-digest", "signature", "signature-input"})

# What says something of its own beside the body, so that nobody may change it on the way (FEP-8fcf).
SIGNED_IF_SENT = ("collection-synchronization",)

_DEFAULT_PORTS = {"https": ":443", "http": ":80"}


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """One request, inbound or outbound.

    `origin` is `https://host[:port]`; for an inbound request the *configured* one, as a proxy changes what
    the request itself says. `target` is the path with its query as on the wire, percent signs and all. Header
    names are lower-case.
    """

    method: str
    origin: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def url(self) -> str:
        """The whole address, as `@target-uri` has it."""
        return self.origin + self.target

    @property
    def host(self) -> str:
        """The authority of the origin: host, and port where it was written."""
        return self.origin.partition("://")[2]


def from_asgi(
    method: str, origin: str, target: str, raw_headers: Iterable[tuple[bytes, bytes]], body: bytes
) -> SignedRequest:
    """Read a request from an ASGI scope's raw headers; raises Malformed where a header that must be single is not."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in raw_headers:
        name = _read_name(raw_name)
        value = raw_value.decode("latin-1").strip(" \t")
        if name not in headers:
            headers[name] = value
        elif name in SINGLE_HEADERS:
            raise Malformed(f"the request has two {name} headers")
        else:
            headers[name] += ", " + value
    return SignedRequest(method, origin, target, headers, body)


@lru_cache(maxsize=256)
def _read_name(raw_name: bytes) -> str:
    """The name as text; cached, as there are only so many that requests have."""
    return raw_name.decode("latin-1").lower()


def is_our_host(request: SignedRequest, host: str) -> bool:
    """Whether a `Host` value names the request's origin; case and a written-out default port do not count."""
    if host == request.host:
        return True
    scheme, _, authority = request.origin.partition("://")
    port = _DEFAULT_PORTS.get(scheme, ":")
    return host.lower().removesuffix(port) == authority.lower().removesuffix(port)


def authority(request: SignedRequest) -> str:
    """The normal form of RFC 9421 §2.2.3: lower-case, without the scheme's default port."""
    scheme, _, written = request.origin.partition("://")
    return written.lower().removesuffix(_DEFAULT_PORTS.get(scheme, ":"))
