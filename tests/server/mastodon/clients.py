"""Apps that speak to a whole instance through its real door, with tokens of people and without."""

import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
from quart import Quart
from quart.datastructures import FileStorage

from server.app import create_app
from server.passwords import hash_token
from server.store.clients import tokens
from server.store.clients.tokens import AccessToken
from server.store.people.actors import Actor
from tests.server.web.exhibition import Exhibition, QuietPeers, open_exhibition

EVERYTHING = "read write follow push profile"


@dataclass(frozen=True)
class Answer:
    """What came back; `json` is None where the body is empty or no JSON."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.body) if self.body else None

    @property
    def links(self) -> dict[str, str]:
        """The addresses of the Link header by their relation."""
        parts = [part.strip() for part in self.headers.get("Link", "").split(", ") if part]
        return {part.partition('rel="')[2].rstrip('"'): part[1 : part.index(">")] for part in parts}


class Client:
    """An app. `token` is sent with every request where there is one."""

    def __init__(self, app: Quart, token: str | None = None) -> None:
        self._client = app.test_client()
        self.token = token

    async def get(self, path: str, query: Any = None, **more: Any) -> Answer:
        return await self.ask("GET", path, query_string=query, **more)

    async def post(self, path: str, form: Any = None, **more: Any) -> Answer:
        return await self.ask("POST", path, form=form, **more)

    async def put(self, path: str, form: Any = None, **more: Any) -> Answer:
        return await self.ask("PUT", path, form=form, **more)

    async def patch(self, path: str, form: Any = None, **more: Any) -> Answer:
        return await self.ask("PATCH", path, form=form, **more)

    async def delete(self, path: str, form: Any = None, **more: Any) -> Answer:
        return await self.ask("DELETE", path, form=form, **more)

    async def ask(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        form: Any = None,
        query_string: Any = None,
        json: Any = None,
        data: bytes | None = None,
        files: Mapping[str, FileStorage] | None = None,
    ) -> Answer:
        """Send one request. `form` is a mapping, or pairs where a name stands there twice."""
        sent = dict(headers or {})
        if self.token is not None:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        body: dict[str, Any] = {"data": data} if data is not None else {}
        if isinstance(form, Sequence):
            sent["Content-Type"] = "application/x-www-form-urlencoded"
            body = {"data": urlencode(form)}
        elif form is not None:
            body = {"form": dict(form)}
        if json is not None:
            body = {"json": json}
        if files is not None:
            body["files"] = dict(files)
        query = {} if query_string is None else {"query_string": query_string}
        answer = await self._client.open(path, method=method, headers=sent, **body, **query)  # type: ignore[arg-type]
        return Answer(answer.status_code, await answer.get_data(as_text=False), answer.headers)


@dataclass
class Place:
    """A whole instance with people, and apps for them."""

    exhibition: Exhibition

    @property
    def stranger(self) -> Client:
        """An app without a token."""
        return Client(self.exhibition.app)

    async def client(self, actor: Actor, scopes: str = EVERYTHING) -> Client:
        """An app that speaks for somebody."""
        site = self.exhibition.site
        token = f"token-{site.ids.new()}"
        async with self.exhibition.services.database.write() as tx:
            row = AccessToken(hash_token(token), actor.id, scopes, "test", site.clock.now())
            await tokens.add(tx, row)
        return Client(self.exhibition.app, token)


@contextlib.asynccontextmanager
async def open_place(folder: Path, outside: QuietPeers) -> AsyncIterator[Place]:
    """Open an instance with every door."""
    async with open_exhibition(folder, outside, build=create_app) as exhibition:
        yield Place(exhibition)
