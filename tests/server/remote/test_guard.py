"""T1 to T5 and T7 of the security list: no outward request reaches an address that is not public."""

import socket
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from activitypub.keys import Signer
from server.config import FederationConfig
from server.remote.guard import (
    ALLOWED_V6,
    REFUSED_V4,
    REFUSED_V6,
    ForbiddenAddress,
    Guard,
    GuardedResolver,
    is_public,
)
from server.remote.peers import HttpPeers
from server.remote.seam import FetchFailed, Refused
from tests.fakes import FakeClock, key_of
from tests.server.neighbour import open_neighbour
from tests.sockets import watch

GUARD = Guard("https://ours.example")
# The list of the security page, written down a second time on purpose.
V4 = str.split("""
0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.31.196.0/24
192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4
240.0.0.0/4
""")
V6 = str.split("""
::/8 ::1/128 ::ffff:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48
3fff::/20 4000::/2 5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8
""")


class FixedResolver(AbstractResolver):
    """Answers any name with these addresses; the next list each time."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            ResolveResult(hostname=host, host=one, port=port, family=socket.AF_INET, proto=0, flags=0) for one in found
        ]

    async def close(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize("network", V4)
def test_t1_the_ends_of_a_special_v4_range_are_refused_and_its_neighbours_are_not(network: str) -> None:
    here = ip_network(network)
    assert not is_public(str(here[0])) and not is_public(str(here[-1]))
    for neighbour in (int(here[0]) - 1, int(here[-1]) + 1):
        if 0 <= neighbour < 2**32:
            expected = not any(ip_address(neighbour) in ip_network(other) for other in V4)
            assert is_public(str(ip_address(neighbour))) is expected


@pytest.mark.parametrize("network", V6)
def test_t1_the_first_and_last_address_of_a_special_v6_range_are_refused(network: str) -> None:
    here = ip_network(network)
    assert not is_public(str(here[0])) and not is_public(str(here[-1]))


@pytest.mark.parametrize("network", [str(network) for network in REFUSED_V6])
def test_the_neighbours_of_a_special_v6_range_inside_the_global_one_are_let_through(network: str) -> None:
    here = ip_network(network)
    for neighbour in (ip_address(int(here[0]) - 1), ip_address(int(here[-1]) + 1)):
        expected = neighbour in ALLOWED_V6 and not any(neighbour in other for other in REFUSED_V6)
        assert is_public(str(neighbour)) is expected


def test_the_table_of_v4_ranges_is_the_one_of_the_security_list() -> None:
    assert [str(network) for network in REFUSED_V4] == V4


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.215.14", "2606:4700::1111", "2a00:1450::1", "3ffe::1"])
def test_public_addresses_are_let_through(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    ["::ffff:1.1.1.1", "::1.1.1.1", "64:ff9b::101:101", "2002:101:101::1", "2001:0:101:101::1", "2a00::1%eth0", "x"],
)
def test_t1_addresses_that_hide_another_are_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "017700000001",
        "127.1",
        "127.0.1",
        "1.0x7f",
        "example.0",
        "127.0.0.01",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[fe80::1%25eth0]",
        "[64:ff9b::7f00:1]",
        "localhost",
        "intranet",
        "０.0.0.0",
        "127。0。0。1",
    ],
)
def test_t2_no_spelling_of_a_private_host_is_an_address_for_us(host: str) -> None:
    with pytest.raises(Refused):
        GUARD.check_url(f"https://{host}/x")


@pytest.mark.parametrize(
    "url",
    [
        "http://peer.example/",
        "https://peer.example:8443/",
        "https://peer.example:80/",
        "https://[2606:4700::1111]:8443/",
        "https://user:word@peer.example/",
        "https://@peer.example/",
        "https://peer.example./",
        "https://peer.example\\@other.example/",
        "file:///etc/passwd",
        "data:application/activity+json,{}",
        "gopher://peer.example/",
        "ftp://peer.example/",
        "//peer.example/",
        "/etc/passwd",
        "",
        "https://",
        "https:///x",
    ],
)
def test_s215_only_plain_https_addresses_are_asked(url: str) -> None:
    with pytest.raises(Refused):
        GUARD.check_url(url)


@pytest.mark.parametrize("url", ["https://ours.example/users/a", "https://OURS.example:443/x"])
def test_t7_our_own_host_is_not_asked(url: str) -> None:
    with pytest.raises(Refused):
        GUARD.check_url(url)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://peer.example/users/a?b=c#d", "https://peer.example"),
        ("https://PEER.example:443/", "https://peer.example"),
        ("https://1.1.1.1/", "https://1.1.1.1"),
        ("https://[2606:4700::1111]/", "https://[2606:4700::1111]"),
        ("https://blåbær.example/", "https://xn--blbr-roah.example"),
    ],
)
def test_a_usual_address_is_let_through_with_its_origin(url: str, origin: str) -> None:
    assert GUARD.check_url(url) == origin


async def test_t3_one_bad_address_among_good_ones_spoils_the_answer() -> None:
    resolver = GuardedResolver(FixedResolver(["93.184.215.14", "10.0.0.1"]), GUARD)
    with pytest.raises(ForbiddenAddress):
        await resolver.resolve("peer.example", 443)


async def test_t3_nothing_is_connected_to_where_one_address_of_an_answer_is_bad() -> None:
    resolver = FixedResolver(["93.184.215.14", "10.0.0.1"])
    peers = HttpPeers(FederationConfig(), "https://ours.example", FakeClock(), resolver=resolver)
    with watch() as connected, pytest.raises(FetchFailed, match=r"10\.0\.0\.1 is not a public address"):
        await peers.fetch("https://peer.example/users/a")
    await peers.close()
    assert connected == []


def test_the_socket_asks_about_the_address_that_is_really_connected_to() -> None:
    with pytest.raises(ForbiddenAddress):
        GUARD.open_socket((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", 443)))


async def test_t4_a_name_that_changes_its_answer_is_refused_at_the_second(tmp_path: Path) -> None:
    # The guard's own look at the first answer would be useless if the connection asked again.
    resolver = FixedResolver(["93.184.215.14"], ["127.0.0.1"])
    guarded = GuardedResolver(resolver, GUARD)
    await guarded.resolve("peer.example", 443)
    peers = HttpPeers(FederationConfig(), "https://ours.example", FakeClock(), resolver=resolver)
    with pytest.raises(FetchFailed, match="not a public address"):
        await peers.fetch("https://peer.example/users/a")
    await peers.close()


async def test_t6_s146_s236_every_way_out_refuses_a_private_address() -> None:
    async with open_neighbour() as neighbour:
        port = neighbour.origin.rpartition(":")[2]
        peers = HttpPeers(
            FederationConfig(), "https://ours.example", FakeClock(), resolver=FixedResolver(["127.0.0.1"])
        )
        signer = Signer("https://ours.example/actor#main-key", key_of("instance"))
        for url in (f"https://127.0.0.1:{port}/x", "https://127.0.0.1/x", "https://peer.example/x"):
            with pytest.raises(FetchFailed):
                await peers.fetch(url, signer=signer)
            with pytest.raises(FetchFailed):
                await peers.fetch_json(url, "application/json")
            with pytest.raises(FetchFailed):
                await peers.download(url, 1000)
            # What the address itself shows is refused before a name is looked up, and for good.
            plain = "127.0.0.1" in url
            sent = await peers.post(url, b"{}", signer=signer, form="cavage")
            assert sent.status is None and sent.error and sent.hopeless == plain
            sent = await peers.push(url, b"{}", {})
            assert sent.status is None and sent.error and sent.hopeless == plain
        await peers.close()
        assert neighbour.asked == []
