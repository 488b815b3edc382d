import pytest

from activitypub.errors import Malformed
from activitypub.keys import generate_ed25519, generate_rsa, multikey, public_pem
from activitypub.remote_actor import read_actor, read_key_claims

ACTOR = "https://peer.example/users/a"
PEM = public_pem(generate_rsa())
MULTIKEY = multikey(generate_ed25519().public_key())

actor_document = {"id": ACTOR, "type": "Person", "preferredUsername": "a", "inbox": f"{ACTOR}/inbox"}


@pytest.mark.parametrize(
    "change",
    [
        {"id": None},
        {"type": "Note"},
        {"type": None},
        {"inbox": None},
        {"inbox": "mailto:a@peer.example"},
        {"preferredUsername": None},
        {"preferredUsername": ""},
        {"preferredUsername": "a b"},
        {"preferredUsername": "a@b"},
        {"preferredUsername": "аdmin"},
        {"preferredUsername": "a/../b"},
        {"preferredUsername": "a" * 257},
    ],
)
def test_actor_without_its_necessities_is_malformed(change):
    with pytest.raises(Malformed):
        read_actor(actor_document | change)


def test_actor_without_a_name_is_named_by_its_webfinger_address():
    assert read_actor(actor_document | {"preferredUsername": None, "webfinger": "acct:a@peer.example"}).username == "a"


def test_actor_fields_are_cut_not_refused():
    actor = read_actor(
        actor_document
        | {
            "name": "n" * 5000,
            "summary": "s" * 50_000,
            "alsoKnownAs": [f"https://peer.example/{number}" for number in range(500)],
            "attachment": [{"type": "PropertyValue", "name": "n" * 3000, "value": "v"}] * 80,
        }
    )
    assert (len(actor.name or ""), len(actor.summary_html or "")) == (2048, 20_000)
    assert len(actor.also_known_as) == 256
    assert len(actor.profile_fields) == 50
    assert len(actor.profile_fields[0].name) == 2047


def test_absent_flags_of_an_actor_are_false():
    actor = read_actor(actor_document | {"discoverable": "yes", "indexable": 1})
    assert not (actor.manually_approves or actor.discoverable or actor.indexable or actor.generates)


def test_shared_inbox_of_another_origin_is_not_believed():
    actor = read_actor(actor_document | {"endpoints": {"sharedInbox": "https://victim.example/inbox"}})
    assert actor.shared_inbox is None


def test_profile_page_of_another_host_is_not_shown():
    assert read_actor(actor_document | {"url": "https://famous.example/@a"}).url is None


def test_keys_of_both_kinds_are_read_from_lists_and_single_values():
    rsa = {"id": f"{ACTOR}#main-key", "owner": ACTOR, "publicKeyPem": PEM}
    edwards = {"id": f"{ACTOR}#ed", "type": "Multikey", "controller": ACTOR, "publicKeyMultibase": MULTIKEY}
    for keys in ({"publicKey": rsa, "assertionMethod": edwards}, {"publicKey": [rsa], "assertionMethod": [edwards]}):
        actor = read_actor(actor_document | keys)
        assert [key.key_id for key in actor.keys] == [f"{ACTOR}#main-key", f"{ACTOR}#ed"]


@pytest.mark.parametrize(
    "change",
    [
        {"owner": "https://peer.example/users/b"},
        {"id": "https://other.example/key"},
        {"id": None},
        {"publicKeyPem": "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"},
        {"publicKeyPem": 7},
        {"publicKeyPem": None},
    ],
)
def test_key_that_is_not_the_actors_own_or_cannot_be_read_is_left_out(change):
    key = {"id": f"{ACTOR}#main-key", "owner": ACTOR, "publicKeyPem": PEM} | change
    assert read_actor(actor_document | {"publicKey": key}).keys == ()


def test_an_actor_has_at_most_ten_keys():
    keys = [{"id": f"{ACTOR}#{number}", "owner": ACTOR, "publicKeyPem": PEM} for number in range(50)]
    assert len(read_actor(actor_document | {"publicKey": keys, "assertionMethod": keys}).keys) == 10


def test_keys_listed_by_address_are_remembered():
    actor = read_actor(actor_document | {"publicKey": f"{ACTOR}/main-key", "assertionMethod": [f"{ACTOR}#ed"]})
    assert actor.key_uris == (f"{ACTOR}/main-key", f"{ACTOR}#ed")


def test_key_with_a_document_of_its_own_is_a_claim():
    (claim,) = read_key_claims({"id": f"{ACTOR}/main-key", "type": "Key", "owner": ACTOR, "publicKeyPem": PEM})
    assert (claim.key_id, claim.owner) == (f"{ACTOR}/main-key", ACTOR)
