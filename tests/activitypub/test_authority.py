from dataclasses import replace

import pytest

from activitypub.authority import (
    believable_object,
    check_activity,
    check_actor_document,
    check_answer,
    check_collection,
    check_document,
    check_move,
    check_note,
    check_stamp,
    check_undo,
    check_update,
    confirm_key,
    may_change,
    read_move,
)
from activitypub.consent import Kind, Stamp
from activitypub.errors import Forbidden, Unauthorised
from activitypub.keys import OwnedKey, generate_rsa, public_pem
from activitypub.reading import KeyClaim, read_activity, read_actor, read_key_claims, read_note

US = "https://pinxit.example"
OURS = f"{US}/users/anna"
OWNER = "https://peer.example/users/owner"
NEIGHBOUR = "https://peer.example/users/neighbour"
STRANGER = "https://other.example/users/stranger"
NOTE = "https://peer.example/notes/1"
PEM = public_pem(generate_rsa())


def activity(actor=OWNER, id="https://peer.example/activities/1", **more):
    return read_activity({"id": id, "type": "Create", "actor": actor, **more})


def note(**more):
    return read_note({"id": NOTE, "type": "Note", "attributedTo": OWNER, **more})


def actor(id=OWNER, **more):
    return read_actor({"id": id, "type": "Person", "preferredUsername": "x", "inbox": f"{id}/inbox", **more})


def test_actor_speaks_for_itself():
    check_activity(OWNER, activity(), US)


@pytest.mark.parametrize("signer", [NEIGHBOUR, STRANGER, OURS])
def test_t17_signature_of_one_on_the_activity_of_another_is_unauthorised(signer):
    with pytest.raises(Unauthorised):
        check_activity(signer, activity(), US)


@pytest.mark.parametrize(
    "id",
    [
        "https://other.example/activities/1",
        "http://peer.example/activities/1",
        "https://peer.example:8443/activities/1",
        "https://sub.peer.example/activities/1",
        f"{US}/activities/1",
    ],
)
def test_t9_s152_activity_id_of_another_origin_is_forbidden(id):
    with pytest.raises(Forbidden):
        check_activity(OWNER, activity(id=id), US)


def test_nothing_from_outside_speaks_in_our_name():
    with pytest.raises(Forbidden):
        check_activity(OURS, activity(actor=OURS, id=f"{US}/activities/1"), US)
    with pytest.raises(Forbidden):
        check_activity(OURS, activity(actor="https://PINXIT.example:443/users/anna"), US)


def test_t14_actor_given_as_object_counts_by_its_id():
    with pytest.raises(Unauthorised):
        check_activity(OWNER, activity(actor={"id": NEIGHBOUR, "name": OWNER, "url": OWNER}), US)


def test_t13_embedded_object_is_believed_on_the_actors_origin_only():
    assert believable_object(activity(object={"id": NOTE, "type": "Note"})) == {"id": NOTE, "type": "Note"}
    assert believable_object(activity(object=[{"id": NOTE}])) == {"id": NOTE}
    for untold in ({"id": "https://other.example/1", "content": "altered"}, {"content": "no id"}, NOTE, None, 7, []):
        assert believable_object(activity(object=untold)) is None


@pytest.mark.parametrize(
    ("signer", "owner", "object_id", "allowed"),
    [
        (OWNER, OWNER, NOTE, True),
        (OWNER, OWNER, OWNER, True),
        (NEIGHBOUR, OWNER, NOTE, False),
        (STRANGER, OWNER, NOTE, False),
        (OWNER, OWNER, "https://other.example/notes/1", False),
        (OWNER, OWNER, f"{US}/pictures/1", False),
    ],
)
def test_t31_only_the_owner_updates_and_deletes(signer, owner, object_id, allowed):
    if allowed:
        may_change(signer, owner, object_id)
        return
    with pytest.raises(Forbidden):
        may_change(signer, owner, object_id)


@pytest.mark.parametrize("check", [check_undo, check_answer])
@pytest.mark.parametrize(("signer", "allowed"), [(OWNER, True), (NEIGHBOUR, False), (STRANGER, False)])
def test_t31_t32_one_undoes_and_answers_for_oneself_only(check, signer, allowed):
    if allowed:
        check(signer, OWNER)
        return
    with pytest.raises(Forbidden):
        check(signer, OWNER)


@pytest.mark.parametrize(
    ("target", "allowed"),
    [
        (f"{OWNER}/featured", True),
        (f"{NEIGHBOUR}/featured", False),
        (f"{OWNER}/followers", False),
        (None, False),
    ],
)
def test_s167_add_and_remove_change_own_collections_only(target, allowed):
    own = (f"{OWNER}/featured", None)
    if allowed:
        check_collection(OWNER, target, own)
        return
    with pytest.raises(Forbidden):
        check_collection(OWNER, target, own)


def test_collection_on_another_origin_is_nobodys_own():
    with pytest.raises(Forbidden):
        check_collection(OWNER, f"{US}/featured", (f"{US}/featured",))


@pytest.mark.parametrize(
    ("moved", "target", "aliases", "moved_to", "allowed"),
    [
        (OWNER, STRANGER, [OWNER], None, True),
        (OWNER, STRANGER, [NEIGHBOUR], None, False),
        (OWNER, STRANGER, [], STRANGER, False),
        (NEIGHBOUR, STRANGER, [OWNER, NEIGHBOUR], STRANGER, False),
        (OWNER, OWNER, [OWNER], OWNER, False),
        (OWNER, None, [OWNER], None, False),
        (None, STRANGER, [OWNER], None, False),
        # The new place speaks ("pull mode"): then the old one must have said so in its own document.
        (NEIGHBOUR, OWNER, [NEIGHBOUR], OWNER, True),
        (NEIGHBOUR, OWNER, [NEIGHBOUR], None, False),
        (NEIGHBOUR, OWNER, [NEIGHBOUR], STRANGER, False),
        (NEIGHBOUR, OWNER, [], OWNER, False),
    ],
)
def test_s172_move_needs_the_word_of_both_sides(moved, target, aliases, moved_to, allowed):
    told = activity(object=moved, target=target)
    if allowed:
        check_move(read_move(told), aliases=aliases, moved_to=moved_to)
        return
    with pytest.raises(Forbidden):
        check_move(read_move(told), aliases=aliases, moved_to=moved_to)


def test_post_by_its_author_is_allowed():
    check_note(OWNER, note(), US)
    check_note(OWNER, note(attributedTo=[{"id": OWNER}, NEIGHBOUR]), US)


@pytest.mark.parametrize(
    "change",
    [
        {"attributedTo": NEIGHBOUR},
        {"attributedTo": STRANGER},
        {"attributedTo": [OWNER, STRANGER]},
        {"attributedTo": [OWNER, OURS]},
        {"id": "https://other.example/notes/1"},
        {"id": f"{US}/pictures/1"},
    ],
)
def test_t12_false_authors_and_foreign_ids_are_forbidden(change):
    with pytest.raises(Forbidden):
        check_note(OWNER, note(**change), US)


@pytest.mark.parametrize(
    ("change", "allowed"),
    [
        ({"content": "changed"}, True),
        ({"attributedTo": NEIGHBOUR}, False),
        ({"type": "Question"}, False),
    ],
)
def test_t33_update_keeps_author_and_type(change, allowed):
    if allowed:
        check_update(stored_author=OWNER, stored_type="Note", note=note(**change))
        return
    with pytest.raises(Forbidden):
        check_update(stored_author=OWNER, stored_type="Note", note=note(**change))


@pytest.mark.parametrize(
    ("requested", "final_url", "allowed"),
    [
        (OWNER, OWNER, True),
        (f"{OWNER}#main-key", OWNER, True),
        (OWNER, "https://peer.example/@owner.json", True),
        (OWNER, "https://other.example/users/owner", False),
        (OWNER, "http://peer.example/users/owner", False),
        (NEIGHBOUR, NEIGHBOUR, False),
        ("https://peer.example/@owner", "https://peer.example/@owner", False),
    ],
)
def test_t9_t10_actor_document_is_what_was_asked_from_where_it_belongs(requested, final_url, allowed):
    if allowed:
        check_actor_document(requested, final_url, actor())
        return
    with pytest.raises(Forbidden):
        check_actor_document(requested, final_url, actor())


def test_document_of_an_upload_host_does_not_speak_for_the_main_one():
    with pytest.raises(Forbidden):
        check_document(NOTE, "https://media.peer.example/upload.json", NOTE)


def test_key_is_owned_when_both_documents_name_each_other():
    key_id = f"{OWNER}/main-key"
    (claim,) = read_key_claims({"id": key_id, "owner": OWNER, "publicKeyPem": PEM})
    owned = confirm_key(claim, actor(publicKey=key_id))
    assert (owned.key_id, owned.owner) == (key_id, OWNER)


def test_key_in_the_actors_own_document_wins_over_the_claim():
    key_id = f"{OWNER}#main-key"
    owner = actor(publicKey={"id": key_id, "owner": OWNER, "publicKeyPem": PEM})
    other = KeyClaim(key_id, OWNER, generate_rsa().public_key())
    assert confirm_key(other, owner).key == owner.keys[0].key


@pytest.mark.parametrize(
    ("key_id", "owner", "listed"),
    [
        (f"{OWNER}/main-key", OWNER, None),
        (f"{OWNER}/main-key", OWNER, f"{OWNER}/other-key"),
        (f"{OWNER}/main-key", NEIGHBOUR, f"{OWNER}/main-key"),
        (f"{STRANGER}/main-key", OWNER, f"{STRANGER}/main-key"),
    ],
)
def test_key_that_its_owner_does_not_list_is_unauthorised(key_id, owner, listed):
    (claim,) = read_key_claims({"id": key_id, "owner": owner, "publicKeyPem": PEM})
    with pytest.raises(Unauthorised):
        confirm_key(claim, actor(publicKey=listed))


def test_an_actor_lists_no_key_of_another():
    key = generate_rsa().public_key()
    for wrong in (OwnedKey(f"{OWNER}#k", NEIGHBOUR, key), OwnedKey(f"{STRANGER}#k", OWNER, key)):
        with pytest.raises(Forbidden, match="not its own"):
            check_actor_document(OWNER, OWNER, replace(actor(), keys=(wrong,)))


STAMP = Stamp(
    id=f"{OWNER}/stamps/1", kind=Kind.QUOTE, attributed_to=OWNER, interacting=f"{STRANGER}/notes/1", target=NOTE
)


def hold(stamp, uri=STAMP.id):
    check_stamp(stamp, uri=uri, kind=Kind.QUOTE, author=OWNER, interacting=STAMP.interacting, target=NOTE)


def test_t12_a_stamp_that_is_the_authors_for_this_deed_holds():
    assert hold(STAMP) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"id": f"{OWNER}/stamps/2"},
        {"attributed_to": NEIGHBOUR},
        {"kind": Kind.LIKE},
        {"interacting": f"{STRANGER}/notes/2"},
        {"target": f"{NOTE}2"},
        {"target": None},
    ],
)
def test_t12_a_stamp_that_says_anything_else_does_not(changes):
    with pytest.raises(Forbidden):
        hold(replace(STAMP, **changes))


def test_t12_a_stamp_lies_with_its_author():
    with pytest.raises(Forbidden, match="another origin"):
        hold(replace(STAMP, id=f"{STRANGER}/stamps/1"), uri=f"{STRANGER}/stamps/1")
