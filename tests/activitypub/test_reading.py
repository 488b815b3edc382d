import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activitypub.errors import Malformed, ProtocolError
from activitypub.fields import is_uri
from activitypub.keys import generate_ed25519, generate_rsa, multikey, public_pem
from activitypub.reading import (
    read_activity,
    read_actor,
    read_collection,
    read_key_claims,
    read_note,
    read_webfinger,
)
from activitypub.vocabulary import AS2, PUBLIC

ACTOR = "https://peer.example/users/a"
NOTE = "https://peer.example/notes/1"
PEM = public_pem(generate_rsa())
MULTIKEY = multikey(generate_ed25519().public_key())

actor_document = {"id": ACTOR, "type": "Person", "preferredUsername": "a", "inbox": f"{ACTOR}/inbox"}
note_document = {"id": NOTE, "type": "Note", "attributedTo": ACTOR}
like_document = {"id": f"{ACTOR}#like", "type": "Like", "actor": ACTOR, "object": NOTE}


@pytest.mark.parametrize(
    "change",
    [
        {"type": ["Like"]},
        {"type": "as:Like"},
        {"type": AS2 + "#Like"},
        {"actor": {"id": ACTOR, "type": "Person"}},
        {"actor": [ACTOR]},
        {"object": [NOTE]},
        {"object": {"id": NOTE}},
    ],
)
def test_activity_is_read_in_every_spelling(change):
    activity = read_activity(like_document | change)
    assert (activity.type, activity.actor, activity.object_id) == ("Like", ACTOR, NOTE)


@pytest.mark.parametrize(
    "change",
    [
        {"id": None},
        {"id": ""},
        {"id": "not an address"},
        {"id": "https://peer.example/" + "x" * 3000},
        {"id": 7},
        {"type": None},
        {"type": []},
        {"type": ""},
        {"type": "x" * 101},
        {"actor": None},
        {"actor": []},
        {"actor": [ACTOR, "https://other.example/users/b"]},
        {"actor": {"type": "Person"}},
        {"actor": "javascript:alert(1)"},
    ],
)
def test_activity_without_id_type_or_one_actor_is_malformed(change):
    with pytest.raises(Malformed):
        read_activity(like_document | change)


def test_activity_of_unknown_type_is_read():
    assert read_activity(like_document | {"type": "Ponder", "object": None}).object_id is None


def test_recipients_are_distinct_and_bounded():
    many = [f"https://peer.example/users/{number}" for number in range(5000)]
    activity = read_activity(like_document | {"to": [PUBLIC, "as:Public", None, 3, ACTOR, *many], "cc": {"id": ACTOR}})
    assert activity.to[:2] == (PUBLIC, ACTOR)
    assert len(activity.to) <= 1000
    assert activity.cc == (ACTOR,)


def test_collection_page_is_read_with_bounds():
    page = read_collection(
        {
            "id": "https://peer.example/outbox?page=1",
            "type": "OrderedCollectionPage",
            "totalItems": 5,
            "orderedItems": ["x"] * 5000,
            "next": "https://peer.example/outbox?page=2",
            "partOf": "https://peer.example/outbox",
        }
    )
    assert (page.total, len(page.items), page.next) == (5, 1000, "https://peer.example/outbox?page=2")


@pytest.mark.parametrize("total", [-1, "5", None, 2**60, True])
def test_collection_totals_that_cannot_be_are_unknown(total):
    assert read_collection({"type": "Collection", "totalItems": total}).total is None


def test_what_is_no_collection_is_malformed():
    with pytest.raises(Malformed):
        read_collection(note_document)


JRD = {
    "subject": "acct:A@peer.example",
    "links": [
        {"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": "https://peer.example/@a"},
        {"rel": "self", "type": "application/activity+json", "href": ACTOR},
    ],
}


def test_webfinger_answer_gives_subject_and_actor():
    finger = read_webfinger(JRD, expected="a@peer.example")
    assert (finger.subject, finger.actor_uri) == ("A@peer.example", ACTOR)


@pytest.mark.parametrize("subject", [None, "https://peer.example/users/a", 7])
def test_s223_webfinger_subject_may_be_missing(subject):
    assert read_webfinger(JRD | {"subject": subject}, expected="@a@Peer.example").subject == "a@peer.example"


def test_t66_webfinger_subject_of_another_host_is_told_to_the_caller():
    assert (
        read_webfinger(JRD | {"subject": "acct:a@other.example"}, expected="a@peer.example").subject
        == "a@other.example"
    )


@pytest.mark.parametrize(
    ("kind", "accepted"),
    [
        ("application/activity+json", True),
        ('application/ld+json; profile="https://www.w3.org/ns/activitystreams"', True),
        ("application/json", False),
        ("text/html", False),
        (None, False),
    ],
)
def test_webfinger_link_needs_one_of_the_two_types(kind, accepted):
    document = JRD | {"links": [{"rel": "self", "type": kind, "href": ACTOR}]}
    if accepted:
        assert read_webfinger(document, expected="a@peer.example").actor_uri == ACTOR
        return
    with pytest.raises(Malformed):
        read_webfinger(document, expected="a@peer.example")


leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=10)
    | st.sampled_from(
        [ACTOR, NOTE, PUBLIC, "as:Public", "Note", "Person", "Collection", "https://", "https://a", PEM, MULTIKEY]
    )
)
# fmt: off
names = st.sampled_from([
    "id", "type", "@id", "@type", "as:type", "actor", "object", "attributedTo", "to", "cc", "tag",
    "attachment", "url", "href", "icon", "name", "nameMap", "content", "contentMap", "summary", "inbox",
    "outbox", "endpoints", "sharedInbox", "publicKey", "assertionMethod", "owner", "controller",
    "publicKeyPem", "publicKeyMultibase", "preferredUsername", "webfinger", "alsoKnownAs", "first", "next",
    "items", "orderedItems", "totalItems", "focalPoint", "width", "blurhash", "mediaType", "subject",
    "links", "rel", "quote", "genAI", "value", "inReplyTo", "conversation",
])
# fmt: on
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=5), max_leaves=15
)
# Each with the addresses in what it reads that everything after it relies on.
READERS = [
    (read_activity, like_document, lambda activity: (activity.id, activity.actor)),
    (read_actor, actor_document, lambda actor: (actor.id, actor.inbox)),
    (read_key_claims, actor_document, lambda claims: [uri for claim in claims for uri in (claim.key_id, claim.owner)]),
    (read_note, note_document, lambda note: (note.id, *note.authors)),
    (read_collection, {"type": "Collection"}, lambda page: [uri for uri in (page.id, page.next) if uri is not None]),
    (lambda document: read_webfinger(document, expected="a@peer.example"), JRD, lambda finger: (finger.actor_uri,)),
]


@pytest.mark.parametrize(
    ("read", "valid", "addresses"), READERS, ids=["activity", "actor", "keys", "note", "collection", "webfinger"]
)
@given(changes=st.dictionaries(names, values, max_size=8), whole=st.booleans())
@settings(deadline=None)
def test_no_json_makes_a_reader_raise_anything_but_a_protocol_error(read, valid, addresses, changes, whole):
    try:
        found = read((valid if whole else {}) | changes)
    except ProtocolError:
        return
    assert all(is_uri(uri) for uri in addresses(found))
