import pytest

from server.callers import client_address


@pytest.mark.parametrize(
    ("remote", "forwarded", "address"),
    [
        ("203.0.113.9", None, "203.0.113.9"),
        ("127.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "10.1.1.1, 198.51.100.7", "198.51.100.7"),
        ("172.18.0.2", "2001:db8::1", "2001:db8::"),
        ("127.0.0.1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:203.0.113.9", None, "203.0.113.9"),
        ("127.0.0.1", "not an address", "not an address"),
        ("127.0.0.1", None, "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        (None, "198.51.100.7", "unknown"),
        ("<local>", "198.51.100.7", "<local>"),
    ],
)
def test_a_proxy_of_ours_says_who_asks(remote: str | None, forwarded: str | None, address: str) -> None:
    assert client_address(remote, forwarded) == address


def test_a_stranger_cannot_say_it_is_somebody_else() -> None:
    assert client_address("93.184.216.34", "127.0.0.1") == "93.184.216.34"
