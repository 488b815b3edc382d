"""Where a code may be sent: which redirect URIs a client may name, and which of them one in a request is.

It must not send anybody anywhere.
"""

import re
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit, urlunsplit

# The code is shown on a page, for programs that no browser can call.
OUT_OF_BAND: Final = "urn:ietf:wg:oauth:2.0:oob"
LETTERS_AT_MOST = 2000
# What a browser runs, opens from its own machine or sends elsewhere, instead of handing it to an app.
_REFUSED = frozenset(
    (
        *("about", "blob", "chrome", "chrome-extension", "data", "feed", "file", "filesystem", "ftp", "ftps", "intent"),
        *("jar", "javascript", "mailto", "mhtml", "moz-extension", "res", "resource", "sms", "tel", "urn", "vbscript"),
        *("view-source", "ws", "wss"),
    )
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*")


def is_acceptable(uri: str, *, allow_http: bool) -> bool:
    """Whether a client may name this address.

    https; http on loopback alone (native programs); and private-use schemes, which the system gives to an app. No
    fragment (RFC 6749, 3.1.2), no name and password, nothing that a header could not hold.
    """
    if uri == OUT_OF_BAND:
        return True
    if not uri or len(uri) > LETTERS_AT_MOST or not _is_plain(uri):
        return False
    parts = _split(uri)
    if parts is None or "#" in uri or "\\" in uri or not _SCHEME.fullmatch(parts.scheme) or parts.scheme in _REFUSED:
        return False
    if parts.scheme in ("http", "https"):
        if not parts.hostname or "@" in parts.netloc:
            return False
        return parts.scheme == "https" or is_loopback(parts) or allow_http
    # `app:` alone leads nowhere.
    return len(uri) > len(parts.scheme) + 1


def match(registered: list[str], asked: str) -> bool:
    """Whether `asked` is one of the registered addresses, letter by letter.

    The port of a loopback address may differ: a native program takes whichever is free (RFC 8252, 7.3).
    """
    if asked in registered:
        return True
    # What a browser or our own reader drops from an address would pass for nothing.
    bare = _without_port(asked) if _is_plain(asked) else None
    return bare is not None and any(bare == _without_port(one) for one in registered)


def is_loopback(parts: SplitResult) -> bool:
    """Whether an address is on the reader's own machine."""
    if parts.hostname == "localhost":
        return True
    try:
        return ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False


def describe(uri: str) -> str | None:
    """Return what a person should know of an address before going there; None for out-of-band."""
    if uri == OUT_OF_BAND:
        return None
    parts = urlsplit(uri)
    if parts.scheme not in ("http", "https"):
        return f"whichever program opens {parts.scheme}: here"
    return "a program on this computer" if is_loopback(parts) else parts.netloc


def _is_plain(uri: str) -> bool:
    return all(33 <= ord(letter) < 127 for letter in uri)


def _split(uri: str) -> SplitResult | None:
    try:
        parts = urlsplit(uri)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _without_port(uri: str) -> str | None:
    """Return a loopback address without its port; None for every other one."""
    parts = _split(uri)
    if parts is None or parts.scheme != "http" or "@" in parts.netloc or "#" in uri or not is_loopback(parts):
        return None
    host = parts.netloc.rpartition(":")[0] if parts.port is not None else parts.netloc
    return urlunsplit(parts._replace(netloc=host))
