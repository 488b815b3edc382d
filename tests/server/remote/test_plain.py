import pytest

from activitypub.errors import Malformed
from activitypub.reading import read_activity
from activitypub.vocabulary import AS2
from server.remote.plain import make_plain


async def test_a_plain_document_is_returned_as_it_is() -> None:
    document: dict[str, object] = {"@context": AS2, "type": "Like"}
    assert await make_plain(document) is document


async def test_an_expanded_activity_becomes_readable() -> None:
    expanded: dict[str, object] = {
        "@id": "https://a.example/likes/1",
        "@type": [f"{AS2}#Like"],
        f"{AS2}#actor": [{"@id": "https://a.example/users/ann"}],
        f"{AS2}#object": [{"@id": "https://b.example/notes/1"}],
    }
    activity = read_activity(await make_plain(expanded))
    assert (activity.type, activity.actor) == ("Like", "https://a.example/users/ann")
    assert activity.object_id == "https://b.example/notes/1"


async def test_t29_an_unknown_context_is_refused_and_never_fetched() -> None:
    with pytest.raises(Malformed):
        await make_plain({"@context": "https://evil.example/context", "id": "https://a.example/1", "type": "Like"})


@pytest.mark.parametrize("keyword", ["@graph", "@included"])
async def test_t27_many_nodes_in_one_document_are_no_activity(keyword: str) -> None:
    nodes = [{"@id": f"https://a.example/{number}", "@type": f"{AS2}#Like"} for number in range(2)]
    with pytest.raises(Malformed):
        read_activity(await make_plain({keyword: nodes}))
