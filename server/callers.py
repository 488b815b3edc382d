"""Who is at the other end of a connection, as far as an address tells. It must not know what was asked."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address

# Whoever sends, sends often, and taking an address apart costs 3 µs. Both are short, whatever a stranger writes.
ADDRESSES_KEPT = 1024


def client_address(remote: str | None, forwarded: str | None) -> str:
    """Return the address of who asks.

    Only a neighbour on this machine or network is believed, and only its own word: the last, which it added itself.
    IPv6 counts by its network, as every customer of a provider has the 2⁶⁴ addresses of one.
    """
    if remote is None:
        return "unknown"
    if not forwarded or not _is_near(remote):
        return _network(remote)
    return _network(forwarded.rpartition(",")[2].strip()[:64] or remote)


@lru_cache(maxsize=ADDRESSES_KEPT)
def _is_near(remote: str) -> bool:
    try:
        return ip_address(remote).is_private
    except ValueError:
        return False


@lru_cache(maxsize=ADDRESSES_KEPT)
def _network(text: str) -> str:
    try:
        address = ip_address(text)
    except ValueError:
        return text
    if isinstance(address, IPv4Address):
        return text
    return str(address.ipv4_mapped or IPv6Address(int(address) >> 64 << 64))
