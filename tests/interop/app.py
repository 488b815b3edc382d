"""Somebody's app on a running server of ours: the client API as the interop tests use it."""

from typing import Any

import httpx

from tests.interop.instance import Instance

EVERYTHING = "read write follow profile"


class App:
    """Speaks for one person; every answer must be a success."""

    def __init__(self, instance: Instance, name: str) -> None:
        self.origin = instance.origin
        self.headers = {"authorization": f"Bearer {instance.create_token(name, EVERYTHING)}"}

    def get(self, path: str, **query: str) -> Any:
        return self._ask("GET", path, params=query)

    def post(self, path: str, **fields: Any) -> Any:
        return self._ask("POST", path, json=fields)

    def patch(self, path: str, **fields: Any) -> Any:
        return self._ask("PATCH", path, json=fields)

    def put(self, path: str) -> Any:
        return self._ask("PUT", path)

    def delete(self, path: str) -> Any:
        return self._ask("DELETE", path)

    def find_post(self, address: str) -> dict[str, Any]:
        """A post by its address, fetched if it is not here."""
        return self._find("statuses", address)

    def find_account(self, handle: str) -> dict[str, Any]:
        return self._find("accounts", handle)

    def _find(self, kind: str, words: str) -> dict[str, Any]:
        found = self.get("/api/v2/search", q=words, type=kind, resolve="true")[kind]
        assert found, f"{words} is not found"
        first = found[0]
        assert isinstance(first, dict)
        return first

    def _ask(self, method: str, path: str, **how: Any) -> Any:
        answer = httpx.request(method, f"{self.origin}{path}", headers=self.headers, timeout=30, trust_env=False, **how)
        assert answer.status_code == 200, f"{method} {path}: {answer.status_code} {answer.text[:300]}"
        return answer.json()
