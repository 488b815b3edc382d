"""The whole client API against its own description: whatever is sent, the answer has a status and a shape that is said.

Schemathesis makes up the requests from the document; they go through the real door of an instance with something in it.
"""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from server.actions.ties.follow import follow
from server.actions.writing.react import announce
from server.mastodon import openapi
from server.mastodon.routes import ROUTES
from tests.fakes import FakeClock
from tests.server.mastodon.clients import Client, Place, open_place
from tests.server.web.exhibition import QuietPeers

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
# Requests for each operation and way of making them up.
EXAMPLES = 6
# Further apart than any limit counts.
BETWEEN_SECONDS = 60
# A stream has no end; test_streaming.py reads them.
STREAMS = "/api/v1/streaming/"
GOOD, BAD = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
# Where nothing is taken, nothing can be wrong.
OPERATIONS = sorted(
    (f"{route.method} {route.path}", mode.value, mode)
    for route in ROUTES
    if not route.path.startswith(STREAMS)
    for mode in ([GOOD] if route.takes is None else [GOOD, BAD])
)


class Bench:
    """An instance in a loop of its own, which hypothesis' plain functions may ask."""

    def __init__(self, runner: asyncio.Runner, place: Place, client: Client, document: dict[str, Any]) -> None:
        self._runner = runner
        self._place = place
        self._client = client
        self._transport = httpx.ASGITransport(app=place.exhibition.app)  # type: ignore[arg-type]
        self.operations = _read_operations(document)

    def send(self, case: Any) -> httpx.Response:
        """Send one made-up request, with alice's token."""
        clock = self._place.exhibition.site.clock
        assert isinstance(clock, FakeClock)
        clock.advance(BETWEEN_SECONDS)
        asked = requests.Request(**case.as_transport_kwargs(base_url="https://pinxit.example")).prepare()
        headers = {name: _plain(value) for name, value in asked.headers.items()}
        headers["Authorization"] = f"Bearer {self._client.token}"
        body = asked.body.encode() if isinstance(asked.body, str) else asked.body
        request = httpx.Request(asked.method or "GET", asked.url or "", headers=headers, content=body)
        return self._runner.run(self._answer(request))

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        answer = await self._transport.handle_async_request(request)
        await answer.aread()
        answer.request, answer.elapsed = request, timedelta(0)
        return answer


def _plain(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _read_operations(document: dict[str, Any]) -> dict[str, Any]:
    schema = schemathesis.openapi.from_dict(document)
    found = {}
    for result in schema.get_all_operations():
        operation = result.ok()
        found[f"{operation.method.upper()} {operation.path}"] = operation
    return found


async def _furnish(place: Place) -> tuple[Client, dict[str, Any]]:
    """People, posts, a boost, a list, a filter and whatever else has an address of its own."""
    house = place.exhibition
    alice, bob = await house.person("alice"), await house.person("bob")
    carol = await house.stranger("carol")
    async with house.services.database.write() as tx:
        await follow(tx, house.site, alice, bob)
        await follow(tx, house.site, bob, alice)
    said, painted = await house.say(bob, "hello @alice #sea"), await house.hang(alice, "a boat")
    away = await house.receive(carol, "<p>away</p>", picture="https://away.example/1.jpg")
    async with house.services.database.write() as tx:
        await announce(tx, house.site, alice, said)
    client = await place.client(alice)
    made = {
        name: (await client.post(path, form)).json["id"]
        for name, path, form in (
            ("list_id", "/api/v1/lists", {"title": "friends"}),
            (
                "filter_id",
                "/api/v2/filters",
                {"title": "no", "context[]": "home", "keywords_attributes[][keyword]": "x"},
            ),
        )
    }
    document = (await client.get(openapi.PATH)).json
    known = {
        "post_id": [str(one.id) for one in (said, painted, away)],
        "actor_id": [str(one.id) for one in (alice, bob, carol)],
        "name": ["sea", "a b", "é"],
        **{name: [one] for name, one in made.items()},
    }
    for methods in document["paths"].values():
        for operation in methods.values():
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "path":
                    kinds = known.get(parameter["name"], [str(said.id)])
                    parameter["schema"] = {"type": "string", "enum": [*kinds, "1"]}
    return client, document


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder: Path = tmp_path_factory.mktemp("contract")
    with asyncio.Runner() as runner:
        opened = open_place(folder, QuietPeers())
        place = runner.run(opened.__aenter__())
        client, document = runner.run(_furnish(place))
        yield Bench(runner, place, client, document)
        runner.run(opened.__aexit__(None, None, None))


@pytest.mark.parametrize(("name", "mode"), [(name, mode) for name, _, mode in OPERATIONS])
def test_an_operation_answers_as_it_says(bench: Bench, name: str, mode: GenerationMode) -> None:
    operation = bench.operations[openapi.VARIABLE.sub(r"{\2}", name)]
    answered = 0

    @seed(4)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        nonlocal answered
        case.validate_response(bench.send(case), checks=CHECKS)
        answered += 1

    ask()
    assert answered
