import pytest

from activitypub.oddity import is_odd
from activitypub.vocabulary import AS2

PLAIN = {"id": "https://a.example/1", "type": "Like", "actor": "https://a.example/a", "object": "https://b.example/1"}


@pytest.mark.parametrize(
    "context",
    [None, AS2, [AS2], [AS2, {"toot": "http://joinmastodon.org/ns#"}], ["https://w3id.org/security/v1", AS2]],
    ids=["null", "a string", "a list", "with own terms", "not first"],
)
def test_what_peers_write_is_read_plainly(context: object) -> None:
    assert not is_odd({**PLAIN, "@context": context})


def test_a_document_without_context_is_read_plainly() -> None:
    assert not is_odd(PLAIN)


@pytest.mark.parametrize("name", ["@id", "@type", "@graph", "@included", f"{AS2}#actor", "as:actor"])
def test_names_written_out_in_full_are_odd(name: str) -> None:
    assert is_odd({**PLAIN, name: "x"})


@pytest.mark.parametrize(
    "context", ["https://schema.org/", {"name": "https://schema.org/name"}, [], ["https://a.example/context"], 7]
)
def test_another_context_than_activitystreams_is_odd(context: object) -> None:
    assert is_odd({**PLAIN, "@context": context})
