"""Fetching a post: only its own origin is believed about it (T9, T10, T12)."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from activitypub.errors import Forbidden, ProtocolError
from activitypub.vocabulary import PUBLIC
from server.remote.notes import fetch_note
from server.remote.seam import FetchFailed
from server.services import Services
from tests.server.house import open_house
from tests.server.neighbour import Answer, Neighbour, open_neighbour


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Services]:
    async with open_house(tmp_path) as services:
        yield services


@pytest.fixture
async def neighbour() -> AsyncIterator[Neighbour]:
    async with open_neighbour() as opened:
        yield opened


def note(neighbour: Neighbour, number: int = 1, **changes: object) -> dict[str, object]:
    return {
        "id": f"{neighbour.origin}/notes/{number}",
        "type": "Note",
        "attributedTo": f"{neighbour.origin}/users/bob",
        "content": "<p>hello</p>",
        "to": [PUBLIC],
    } | changes


async def test_a_post_is_fetched_in_the_instances_name(house: Services, neighbour: Neighbour) -> None:
    neighbour.serve("/notes/1", note(neighbour))
    found = await fetch_note(house, f"{neighbour.origin}/notes/1#x")
    assert (found.id, found.content_html) == (f"{neighbour.origin}/notes/1", "<p>hello</p>")
    assert f'keyId="{house.site.instance_uri}#main-key"' in neighbour.asked[0].headers["signature"]


async def test_a_page_of_a_post_leads_to_its_id(house: Services, neighbour: Neighbour) -> None:
    neighbour.serve("/@bob/1", note(neighbour))
    neighbour.serve("/notes/1", note(neighbour, content="real"))
    assert (await fetch_note(house, f"{neighbour.origin}/@bob/1")).content_html == "real"


async def test_s13_a_post_that_names_itself_by_a_third_address_is_refused(
    house: Services, neighbour: Neighbour
) -> None:
    neighbour.serve("/@bob/1", note(neighbour))
    neighbour.serve("/notes/1", note(neighbour, 2))
    with pytest.raises(Forbidden):
        await fetch_note(house, f"{neighbour.origin}/@bob/1")


@pytest.mark.parametrize(
    "author",
    ["https://victim.example/users/v", ["https://victim.example/u", 1], [None], 5, "http://localhost:1/users/alice"],
)
async def test_s13_a_post_of_an_author_elsewhere_is_refused(
    house: Services, neighbour: Neighbour, author: object
) -> None:
    neighbour.serve("/notes/1", note(neighbour, attributedTo=author))
    with pytest.raises(ProtocolError):
        await fetch_note(house, f"{neighbour.origin}/notes/1")


async def test_a_post_with_an_id_of_ours_is_refused(house: Services, neighbour: Neighbour) -> None:
    neighbour.serve("/notes/1", note(neighbour, id=f"{house.site.origin}/users/alice/posts/1"))
    with pytest.raises(Forbidden):
        await fetch_note(house, f"{neighbour.origin}/notes/1")
    with pytest.raises(Forbidden):
        await fetch_note(house, f"{house.site.origin}/users/alice/posts/1")


async def test_s13_t10_a_post_that_came_by_redirect_from_elsewhere_is_refused(
    house: Services, neighbour: Neighbour
) -> None:
    async with open_neighbour() as other:
        other.serve("/copy", note(neighbour))
        neighbour.answer("/notes/1", Answer(status=302, headers={"Location": f"{other.origin}/copy"}))
        with pytest.raises(Forbidden):
            await fetch_note(house, f"{neighbour.origin}/notes/1")


async def test_a_deleted_post_is_gone(house: Services, neighbour: Neighbour) -> None:
    neighbour.answer("/notes/1", Answer(status=410))
    with pytest.raises(FetchFailed) as caught:
        await fetch_note(house, f"{neighbour.origin}/notes/1")
    assert caught.value.gone


async def test_an_actor_is_no_post(house: Services, neighbour: Neighbour) -> None:
    uri = neighbour.serve_person("bob")
    with pytest.raises(ProtocolError):
        await fetch_note(house, uri)
