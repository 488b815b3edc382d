"""What holds for every address of the door: which methods it answers, and in which shape it refuses."""

import pytest

from server.federation.door import routes
from tests.server.federation.conftest import Door

EXAMPLES = {
    "<name>": "alice",
    '<any("inbox", "outbox"):box>': "outbox",
    '<any("2.0", "2.1"):version>': "2.1",
    "post_id": "1",
    "collection_id": "1",
    "activity_id": "1",
    "consent_id": "1",
    "media_id": "1",
}


def path_of(route) -> str:
    """An address that the route answers at."""
    path = route.path
    for name, value in EXAMPLES.items():
        path = path.replace(name if name.startswith("<") else f"<int(max=9223372036854775807):{name}>", value)
    assert "<" not in path
    return path


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
async def test_no_address_lets_anything_be_put_or_deleted(door: Door, method: str) -> None:
    for route in routes(door.house.services):
        answer = await door.ask(path_of(route), method=method)

        # An inbox is read by its owner, and answered before the framework for everybody else.
        expected = "POST, OPTIONS" if route.path.endswith("/inbox") else route.allow
        assert (answer.status_code, answer.headers["allow"]) == (405, expected), route.path
        assert answer.headers["access-control-allow-origin"] == "*"


async def test_what_is_taken_is_taken_with_a_token_alone(door: Door) -> None:
    taking = [route for route in routes(door.house.services) if route.takes is not None]

    assert {path_of(route) for route in taking} == {"/users/alice/outbox", "/uploads"}
    for route in taking:
        answer = await door.post(path_of(route))
        assert answer.status_code == 401 and answer.headers["www-authenticate"].startswith("Bearer")
