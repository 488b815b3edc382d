"""Where an outward request may go: checked in its address, in every DNS answer, and at the socket itself.

The socket is what counts: it is asked with the address really being connected to, so neither a second DNS answer nor a
redirect nor an odd spelling gets past it. It must not send anything.
"""

import errno
import ipaddress
import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.connector import AddrInfoType

from activitypub.errors import Malformed
from activitypub.vocabulary import origin_of
from server.remote.seam import Refused

# IANA's special-purpose registry, and multicast. Mastodon forgot some of these (CVE-2026-22245), Lemmy 0.0.0.0 twice.
REFUSED_V4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network; Linux connects 0.0.0.0 to itself
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, and the metadata services of clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
# All that is in use lies here. Outside of it are ::, ::1, mapped (::ffff:0:0/96) and compatible (::/96) IPv4, NAT64
# (64:ff9b::/96 and 64:ff9b:1::/48), link-local, unique local and multicast addresses.
ALLOWED_V6 = IPv6Network("2000::/3")
REFUSED_V6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments; Teredo hides an IPv4 address in it
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4 hides an IPv4 address
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)
# What the WHATWG calls a host that ends in a number: somebody's parser may take it for an IPv4 address.
_NUMBER_AT_END = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)\Z")


class ForbiddenAddress(OSError):
    """A connection to an address that is not for the public."""

    def __init__(self, address: str) -> None:
        super().__init__(errno.EACCES, f"{address} is not a public address")


@dataclass(frozen=True, slots=True)
class Guard:
    """The rules. Both `allow` switches are for tests on one machine; with private addresses any port is let through."""

    own_origin: str
    allow_http: bool = False
    allow_private: bool = False

    def check_url(self, url: str) -> str:
        """Return the origin of `url` in its comparable spelling.

        Raises:
            Refused: it is no address for us: scheme, port, credentials, spelling, or our own host.
        """
        try:
            origin = origin_of(url)
        except Malformed as error:
            raise Refused(str(error)) from error
        scheme, _, authority = origin.partition("://")
        if scheme == "http" and not self.allow_http:
            raise Refused(f"only https is spoken: {url[:200]}")
        if origin == origin_of(self.own_origin):
            raise Refused("we do not ask ourselves over the network")
        if not self.allow_private:
            self._check_host(authority)
        return origin

    def check_address(self, text: str) -> None:
        """Raise ForbiddenAddress unless the numeric address `text` may be connected to."""
        if not self.allow_private and not is_public(text):
            raise ForbiddenAddress(text)

    def open_socket(self, address: AddrInfoType) -> socket.socket:
        """Open the socket for a connection, for aiohttp; raises ForbiddenAddress."""
        family, kind, protocol, _, where = address
        self.check_address(str(where[0]))
        return socket.socket(family=family, type=kind, proto=protocol)

    def _check_host(self, authority: str) -> None:
        if ":" in authority.rpartition("]")[2]:
            raise Refused(f"only the usual port is used: {authority}")
        if authority[0] == "[" or _is_canonical_v4(authority):
            if not is_public(authority.strip("[]")):
                raise Refused(f"{authority} is not a public address")
        elif _NUMBER_AT_END.match(authority) or "." not in authority:
            raise Refused(f"not a name of the public internet: {authority}")


class GuardedResolver(AbstractResolver):
    """A resolver whose answer counts only if every address in it is public."""

    def __init__(self, inner: AbstractResolver, guard: Guard) -> None:
        self._inner = inner
        self._guard = guard

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Resolve `host`; raises ForbiddenAddress when one of several addresses is not public."""
        answers = await self._inner.resolve(host, port, family)
        for answer in answers:
            self._guard.check_address(answer["host"])
        return answers

    async def close(self) -> None:
        """Let go of the inner resolver."""
        await self._inner.close()


def is_public(text: str) -> bool:
    """Whether a numeric address belongs to the public internet; what is no plain address does not."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return _is_public_v4(address) if isinstance(address, IPv4Address) else _is_public_v6(address)


def _is_public_v4(address: IPv4Address) -> bool:
    return not any(address in network for network in REFUSED_V4)


def _is_public_v6(address: IPv6Address) -> bool:
    if address.scope_id is not None or address not in ALLOWED_V6:
        return False
    return not any(address in network for network in REFUSED_V6)


def _is_canonical_v4(text: str) -> bool:
    try:
        return str(IPv4Address(text)) == text
    except ValueError:
        return False
