"""Another server for tests: a real one on loopback that answers what it was told and remembers what it was asked."""

import contextlib
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.web_request import BaseRequest

from activitypub.keys import PublicKey, public_pem
from activitypub.requests import SignedRequest
from activitypub.vocabulary import AS2, MEDIA_TYPE, SECURITY
from tests.fakes import key_of

JRD = "application/jrd+json"
Answering = Callable[[BaseRequest], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Answer:
    """What is answered at one address."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class Neighbour:
    """The other server. `asked` holds every request in order of arrival."""

    def __init__(self) -> None:
        self.origin = ""
        self.asked: list[SignedRequest] = []
        self._answers: dict[str, list[Answer] | Answering] = {}

    @property
    def host(self) -> str:
        return self.origin.partition("://")[2]

    def answer(self, target: str, *answers: Answer) -> None:
        """Give these answers at `target`, one after the other, the last one for ever."""
        self._answers[target] = list(answers)

    def answer_with(self, target: str, answering: Answering) -> None:
        """Let a handler answer at `target`."""
        self._answers[target] = answering

    def serve(self, target: str, document: object, *, media_type: str = MEDIA_TYPE) -> None:
        """Serve a JSON document at `target`."""
        self.answer(target, Answer(json.dumps(document).encode(), 200, {"Content-Type": media_type}))

    def serve_person(self, name: str, /, *, key: PublicKey | None = None, **changes: object) -> str:
        """Serve an actor with its WebFinger answer; return its id."""
        document = self.person(name, key=key) | changes
        self.serve(f"/users/{name}", document)
        self.finger(f"{name}@{self.host}", str(document["id"]))
        return str(document["id"])

    def finger(self, handle: str, uri: str, *, subject: str | None = None) -> None:
        """Answer WebFinger about `handle`."""
        links = [{"rel": "self", "type": MEDIA_TYPE, "href": uri}]
        self.serve(
            f"/.well-known/webfinger?resource=acct:{handle}",
            {"subject": f"acct:{subject or handle}", "links": links},
            media_type=JRD,
        )

    def person(self, name: str, *, key: PublicKey | None = None) -> dict[str, object]:
        """An actor's document."""
        uri = f"{self.origin}/users/{name}"
        pem = public_pem(key or key_of(name).public_key())
        return {
            "@context": [AS2, SECURITY],
            "id": uri,
            "type": "Person",
            "preferredUsername": name,
            "inbox": f"{uri}/inbox",
            "outbox": f"{uri}/outbox",
            "followers": f"{uri}/followers",
            "endpoints": {"sharedInbox": f"{self.origin}/inbox"},
            "publicKey": {"id": f"{uri}#main-key", "owner": uri, "publicKeyPem": pem},
        }

    def targets(self, method: str = "GET") -> list[str]:
        """What was asked for, in order."""
        return [request.target for request in self.asked if request.method == method]

    async def handle(self, request: BaseRequest) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        body = await request.read()
        self.asked.append(SignedRequest(request.method, self.origin, request.raw_path, headers, body))
        answers = self._answers.get(request.raw_path)
        if answers is None:
            return web.Response(status=202 if request.method == "POST" else 404)
        if not isinstance(answers, list):
            return await answers(request)
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        return web.Response(body=answer.body, status=answer.status, headers=dict(answer.headers))


@contextlib.asynccontextmanager
async def open_neighbour(*, tls: ssl.SSLContext | None = None, name: str = "127.0.0.1") -> AsyncIterator[Neighbour]:
    """Start a neighbour on a free port of 127.0.0.1; `name` is what its addresses call it."""
    neighbour = Neighbour()
    runner = web.ServerRunner(web.Server(neighbour.handle), shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    port = runner.addresses[0][1]
    neighbour.origin = f"{'https' if tls else 'http'}://{name}:{port}"
    try:
        yield neighbour
    finally:
        await runner.cleanup()
