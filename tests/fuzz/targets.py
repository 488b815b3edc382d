"""What is fuzzed: each target takes any bytes, may refuse them in its own way only, and must keep its promise.

`import` of this file is what atheris instruments, so it must not import atheris.
"""

import string
from collections.abc import Callable, Mapping
from html.parser import HTMLParser

import msgspec

from activitypub import cavage, discovery, ldsignature, proofs, rfc9421, synchronisation
from activitypub.errors import ProtocolError
from activitypub.oddity import is_odd
from activitypub.reading import (
    read_activity,
    read_actor,
    read_collection,
    read_json,
    read_key_claims,
    read_note,
    read_webfinger,
)
from activitypub.requests import SignedRequest
from activitypub.vocabulary import host_of, origin_of, same_origin
from server import config, html
from server.config import ConfigError
from tests.fuzz.readers import READERS

NOW = 1_790_000_000_000_000
TOO_DEEP = 64


def read_documents(data: bytes) -> None:
    """Any body of an inbox: what is read has an id, an actor and a type that are text, and can be written again."""
    try:
        document = read_json(data)
    except ProtocolError:
        return
    msgspec.json.encode(document)
    is_odd(document)
    for read in (read_activity, read_actor, read_note, read_collection, read_key_claims):
        _may_refuse(lambda read=read: read(document))
    proofs.key_id_of(document)
    try:
        activity = read_activity(document)
    except ProtocolError:
        return
    assert activity.id and activity.type and activity.actor
    assert all(isinstance(uri, str) for uri in (*activity.to, *activity.cc, *activity.object_ids))


def read_cavage(data: bytes) -> None:
    """A `Signature` header of the older form."""
    _may_refuse(lambda: cavage.read(_request({"signature": data.decode("latin-1"), "date": "x", "host": "h"})))


def read_rfc9421(data: bytes) -> None:
    """`Signature-Input` and `Signature` of the newer form, and the base that they ask for."""
    said, _, value = data.decode("latin-1").partition("\n")
    request = _request({"signature-input": said, "signature": value, "content-digest": value})
    _may_refuse(lambda: rfc9421.read(request))


def read_synchronisation(data: bytes) -> None:
    """A `Collection-Synchronization` header."""
    _may_refuse(lambda: synchronisation.read_header(data.decode("latin-1")))


def read_finger(data: bytes) -> None:
    """A WebFinger answer, and what people and peers type to be found."""
    text = data.decode("utf-8", "replace")
    _may_refuse(lambda: discovery.read_resource(text, "pinxit.example", "https://pinxit.example"))
    try:
        name, host = discovery.parse_handle(text)
        assert name and host and not set(host) & set(string.whitespace + "/?#@")
    except ProtocolError:
        pass
    _may_refuse(lambda: read_webfinger(read_json(data), expected="u@a.example"))


def read_addresses(data: bytes) -> None:
    """Two addresses: whatever is of one origin has one host, and an origin is its own."""
    one, _, other = data.decode("utf-8", "replace").partition("\n")
    try:
        origin = origin_of(one)
        assert same_origin(one, origin) or not origin
    except ProtocolError:
        pass
    if same_origin(one, other):
        assert host_of(one) == host_of(other)


def clean_html(data: bytes) -> None:
    """Whatever comes out has allowed marks only, and is cleaned to itself."""
    text = data.decode("utf-8", "replace")
    cleaned = html.clean(text)
    assert _marks(html.clean(cleaned)) == _marks(cleaned) or cleaned.count("<") > html.MARKS_AT_MOST
    html.plain_text(text)
    _marks(html.linkify(text))


def read_configuration(data: bytes) -> None:
    """A configuration file: read, or refused with a sentence."""
    try:
        config.parse(data.decode("utf-8", "replace"), {}, source="pinxit.toml")
    except ConfigError:
        return


def check_proofs(data: bytes) -> None:
    """A document with a proof or an LD signature by nobody's key: refused, whatever it says."""
    try:
        document = read_json(data)
    except ProtocolError:
        return
    _may_refuse(lambda: proofs.key_id_of(document))
    _may_refuse(lambda: ldsignature.key_id_of(document))


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "documents": read_documents,
    "cavage": read_cavage,
    "rfc9421": read_rfc9421,
    "synchronisation": read_synchronisation,
    "finger": read_finger,
    "addresses": read_addresses,
    "html": clean_html,
    "configuration": read_configuration,
    "proofs": check_proofs,
    **READERS,
}


class _Judge(HTMLParser):
    """Fails on any mark or attribute that a page must not show; `marks` are those that it saw."""

    def __init__(self) -> None:
        super().__init__()
        self.marks: list[tuple[str, list[tuple[str, str | None]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.marks.append((tag, sorted(attrs, key=str)))
        assert tag in html.TAGS, tag
        allowed = {"rel"} | html.ATTRIBUTES["*"] | html.ATTRIBUTES.get(tag, set())
        for name, value in attrs:
            assert name in allowed, (tag, name)
            if name == "href":
                assert _scheme_of(value or "") in html.SCHEMES, value


def _marks(text: str) -> list[tuple[str, list[tuple[str, str | None]]]]:
    """The marks of a page, each with its attributes in one order: the cleaner's own order means nothing."""
    judge = _Judge()
    judge.feed(text)
    return judge.marks


def _scheme_of(address: str) -> str:
    """As a browser reads it: without what it drops at the front and in the middle (URL Standard, 4.4)."""
    kept = address.lstrip("".join(map(chr, range(33)))).translate(dict.fromkeys(map(ord, "\t\r\n")))
    return kept.partition(":")[0].lower()


def _request(headers: dict[str, str]) -> SignedRequest:
    return SignedRequest("POST", "https://pinxit.example", "/inbox", headers, b"{}")


def _may_refuse(read: Callable[[], object]) -> None:
    try:
        read()
    except ProtocolError:
        return
