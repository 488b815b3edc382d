"""Reading what a client submits: one activity in order, or a reason why not."""

import pytest

from activitypub.errors import Forbidden, Malformed
from activitypub.submission import read_submission
from activitypub.vocabulary import AS2, PUBLIC

ALICE = "https://pinxit.example/users/alice"
BOB = "https://remote.example/users/bob"
NOTE = {"type": "Note", "content": "hello"}


def read(document):
    return read_submission(document, actor_uri=ALICE)


def test_s66_a_bare_object_becomes_the_object_of_a_create():
    submission = read({"@context": [AS2, {"mood": "https://example.org/ns#mood"}], **NOTE, "to": [PUBLIC]})
    assert (submission.type, submission.object_id) == ("Create", None)
    assert submission.embedded["content"] == "hello"
    assert submission.context == [{"mood": "https://example.org/ns#mood"}]


def test_s64_ids_are_dropped():
    submission = read({"type": "Create", "id": f"{ALICE}/1", "object": {**NOTE, "id": f"{ALICE}/2"}})
    assert "id" not in submission.embedded and "id" not in submission.more


def test_s67_s68_recipients_of_both_are_joined_once():
    submission = read({"type": "Create", "to": [BOB], "object": {**NOTE, "to": ["as:Public", BOB], "bcc": [ALICE]}})
    assert submission.addressed.to == (BOB, PUBLIC)
    assert submission.addressed.blind == (ALICE,)
    assert "to" not in submission.embedded and "bcc" not in submission.embedded


def test_s17_a_single_value_is_as_good_as_a_list():
    assert read({**NOTE, "to": BOB}).addressed.to == (BOB,)
    assert read({"type": ["Like"], "object": [BOB]}).object_id == BOB


def test_s49_blind_recipients_of_inner_objects_are_dropped():
    submission = read({"type": "Offer", "object": {"type": "Note", "bto": [BOB], "tag": [{"type": "Mention"}]}})
    assert submission.object == {"type": "Note", "tag": [{"type": "Mention"}]}


@pytest.mark.parametrize(
    "document",
    [
        {"type": "Create", "actor": BOB, "object": NOTE},
        {"type": "Create", "actor": [ALICE, BOB], "object": NOTE},
        {**NOTE, "attributedTo": BOB},
        {**NOTE, "attributedTo": [ALICE, BOB]},
    ],
)
def test_s65_s69_whoever_speaks_for_another_is_refused(document):
    with pytest.raises(Forbidden):
        read(document)


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"content": "no type"},
        {"type": ""},
        {"type": "x" * 101},
        {"type": "Link", "href": BOB},
        {"type": "Create"},
        {"type": "Create", "object": BOB},
        {"type": "Create", "object": {"content": "no type"}},
        {"type": "Create", "object": {"type": "Like", "object": BOB}},
        {"type": "Like", "object": 5},
        {"type": "Like", "object": {"type": "Note"}},
        {"type": "Follow", "object": "not an address"},
        {"type": "Add", "object": BOB},
        {"type": "Remove", "object": BOB, "target": "not an address"},
    ],
)
def test_s59_s72_s73_what_lacks_something_is_malformed(document):
    with pytest.raises(Malformed):
        read(document)


@pytest.mark.parametrize(
    ("document", "type"),
    [
        ({"type": "Question", "oneOf": []}, "Create"),
        ({"type": "Travel"}, "Travel"),
        ({"type": "example:Paint", "object": BOB}, "example:Paint"),
        ({"type": "example:Recipe", "name": "soup"}, "Create"),
        ({"type": ["example:Paint", "Like"], "object": BOB}, "Like"),
    ],
)
def test_s89_what_is_done_and_what_is_made_are_told_apart(document, type):
    assert read(document).type == type


def test_an_undo_may_hold_a_copy_without_an_id():
    submission = read({"type": "Undo", "object": {"type": "Like", "object": BOB}})
    assert (submission.object_id, submission.embedded["type"]) == (None, "Like")
