"""What we have no place for: kept as it was written, put back, and never over what is ours."""

from activitypub.extras import put_back, take_extras
from activitypub.terms import MAX_CONTEXTS
from activitypub.vocabulary import AS2

OURS = {"@context": [AS2, "https://w3id.org/security/v1", {"genAI": "x:genAI"}], "type": "Note", "likes": "ours"}
TERMS = {"mood": "https://example.org/ns#mood"}


def test_s20_unknown_properties_come_back():
    extras = take_extras({"type": "Note", "content": "x", "mood": {"a": [1]}, "@context": [AS2, TERMS]})
    assert put_back(OURS, extras)["mood"] == {"a": [1]}


def test_what_is_ours_is_not_taken_over():
    assert take_extras({"likes": "theirs", "id": "theirs", "to": []}) == {}
    assert put_back(OURS, {"likes": "theirs"})["likes"] == "ours"


def test_s9_the_clients_terms_come_before_ours():
    context = put_back(OURS, {"mood": "calm", "@context": [TERMS]})["@context"]
    assert context == [AS2, TERMS, "https://w3id.org/security/v1", {"genAI": "x:genAI"}]


def test_the_number_of_contexts_is_bounded():
    many = [AS2, *({f"t{n}": f"https://example.org/{n}"} for n in range(50))]
    assert len(take_extras({"@context": many})["@context"]) == MAX_CONTEXTS


def test_lists_that_both_have_are_joined():
    merged = put_back({**OURS, "tag": [1], "url": "a"}, {"tag": [2], "url": ["b"]})
    assert (merged["tag"], merged["url"]) == ([1, 2], ["a", "b"])


def test_s16_several_types_come_back_when_ours_is_among_them():
    assert put_back(OURS, {"type": ["Note", "x:Recipe"]})["type"] == ["Note", "x:Recipe"]
    assert put_back(OURS, {"type": ["x:Recipe"]})["type"] == "Note"


def test_nothing_is_changed_where_there_is_nothing():
    assert put_back(OURS, {}) is OURS
