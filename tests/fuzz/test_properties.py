"""The same promises, held on inputs that are built, not mutated: documents, headers, pages, settings of any shape.

A fuzzer finds odd bytes; these find odd meanings, and shrink what they find to something that can be read.
"""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS

NAMES = [
    "@context", "@graph", "@id", "@type", "actor", "as:object", "attachment", "attributedTo", "cc", "content",
    "contentMap", "endpoints", "first", "href", "icon", "id", "inReplyTo", "inbox", "items", "links", "name",
    "next", "object", "oneOf", "orderedItems", "partOf", "preferredUsername", "proof", "publicKey",
    "publicKeyPem", "published", "quote", "rel", "replies", "sharedInbox", "signature", "subject", "summary",
    "tag", "target", "to", "totalItems", "type", "updated", "url",
]  # fmt: skip
WORDS = [
    "", "https://a.example/1", "https://a.example/1#k", "https://b.example/2", "https://remote.example/replies",
    "acct:u@a.example", "as:Public", "https://www.w3.org/ns/activitystreams", "Create", "Announce", "Note",
    "Person", "Collection", "OrderedCollectionPage", "Like", "🎨", ":a:", "2026-01-01T00:00:00Z", "self",
    "application/activity+json", "<p>x</p>", "\u0000", "\u202e",
]  # fmt: skip
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(WORDS) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=30,
)
documents = st.dictionaries(st.sampled_from(NAMES), values, max_size=12).map(lambda one: json.dumps(one).encode())
MARKS = [
    "<p>", "</p>", "<a href=", '"https://a.example"', "'javascript:x'", ">", "<", "</a>", "<svg>", "<math>",
    "<!--", "-->", "<![CDATA[", "]]>", "<script>", "</script>", "<style>", "<iframe srcdoc=", "&lt;", "&#x6a;",
    "&colon;", " onclick=", " style=", " class=", '"mention"', '"', "'", "=", "`", "\n", "\t", "\x00", "<br/>",
    "<h1>", "</h1>", "<template>", "<ruby>", "<rt>", "word", " rel=me", "https://c.example/?x=<y>",
]  # fmt: skip
pages = st.lists(st.sampled_from(MARKS) | st.text(max_size=4), max_size=40).map(lambda parts: "".join(parts).encode())
PIECES = [
    'keyId="https://a.example/1#k"', "algorithm=", '"rsa-sha256"', '"hs2019"',
    'headers="(request-target) host date digest"', "created=1", "expires=", 'signature="AAAA"', ",", ";", " ",
    "sig1=", '("@method" "@target-uri")', "(", ")", '"@authority"', ";keyid=", ";created=-1", ";alg=", ":AAAA:",
    ":", "=", '"', "\n", "\t", "99999999999999999999", "?1", "*", "%", "\xff",
]  # fmt: skip
headers = st.lists(st.sampled_from(PIECES), max_size=24).map(lambda parts: "".join(parts).encode("latin-1"))
LINES = [
    "[site]", "[federation]", "[[generation.models]]", "[x]", 'domain = "a.example"', "domain = 1", 'name = ""',
    "allow_http = true", "total_seconds = -1", "total_seconds = nan", "deliveries_at_once = 1e3",
    'engine = "drawing"', "a = {b = 1}", "x = [1, 2", "=", "#", 'domain = "a.example/x"', "port = 99999",
    "=\x00",
]  # fmt: skip
files = st.lists(st.sampled_from(LINES), max_size=12).map(lambda lines: "\n".join(lines).encode())
lines_of_documents = st.lists(documents, max_size=6).map(b"\n".join)
PARTS = [*WORDS, "https://", "@", ":", "/", "a.example", "A.EXAMPLE.", "ß", "[::1]", ":443", "\n", "\\"]
addresses = st.lists(st.sampled_from(PARTS), max_size=8).map(lambda parts: "".join(parts).encode())

EXAMPLES = 60
BUILT = {
    "documents": documents,
    "finger": documents | addresses,
    "proofs": documents,
    "handed_in": documents,
    "linked_data": documents,
    "reactions": documents,
    "walk": lines_of_documents,
    "html": pages,
    "pages": pages,
    "cavage": headers,
    "rfc9421": headers,
    "synchronisation": headers,
    "configuration": files,
    "addresses": addresses,
    "keys": st.binary(max_size=200) | st.sampled_from(WORDS).map(str.encode),
}


def test_every_target_is_also_held_on_what_is_built() -> None:
    assert set(BUILT) == set(TARGETS)


@pytest.mark.parametrize("name", sorted(BUILT))
def test_what_is_built_is_read_or_refused(name: str) -> None:
    held = 0

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(BUILT[name])
    def hold(data: bytes) -> None:
        nonlocal held
        TARGETS[name](data)
        held += 1

    hold()
    assert held >= EXAMPLES
