"""Somebody else's server, as a script: it shows documents, takes and checks signed posts, says what it is told."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx

from activitypub import signatures
from activitypub.cavage import CavageSignature
from activitypub.errors import ProtocolError
from activitypub.keys import OwnedKey, Signer, public_pem
from activitypub.reading import read_actor
from activitypub.requests import SignedRequest, from_asgi
from activitypub.verified import Form, Verified
from activitypub.vocabulary import ACCEPT, AS2, LD_MEDIA_TYPE, MEDIA_TYPE, PUBLIC, SECURITY
from server.ids import Clock, iso
from tests.fakes import Network, key_of

Document = dict[str, Any]


@dataclass(frozen=True)
class Arrived:
    """A post to one of the host's inboxes; `verified` is None where the signature did not hold."""

    path: str
    document: Document
    headers: Mapping[str, str]
    verified: Verified | None


@dataclass(frozen=True)
class Shown:
    """What is shown at one path."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Person:
    """Somebody on that host."""

    host: "RemoteHost"
    name: str
    uri: str
    signer: Signer
    document: Document
    _numbers: Any = field(default_factory=lambda: count(1))

    @property
    def inbox(self) -> str:
        return str(self.document["inbox"])

    @property
    def followers(self) -> str:
        return str(self.document.get("followers") or f"{self.uri}/followers")

    def activity(self, type: str, object: object, *, id: str | None = None, **more: object) -> Document:
        """An activity of theirs, under a fresh id unless one is given."""
        uri = id or f"{self.uri}#{type.lower()}/{next(self._numbers)}"
        return {"@context": AS2, "id": uri, "type": type, "actor": self.uri, "object": object} | more

    def note(self, content: str = "<p>hello</p>", *, id: str | None = None, **more: object) -> Document:
        """A public Note of theirs, shown by their host."""
        uri = id or f"{self.uri}/notes/{next(self._numbers)}"
        document = {
            "@context": AS2,
            "id": uri,
            "type": "Note",
            "attributedTo": self.uri,
            "content": content,
            "published": iso(self.host.clock.now()),
            "to": [PUBLIC],
            "cc": [self.followers],
        } | more
        self.host.show(httpx.URL(uri).path, document)
        return document

    def create(self, note: Document, *, id: str | None = None) -> Document:
        """The Create of a Note."""
        return self.activity("Create", note, id=id, to=note.get("to", []), cc=note.get("cc", []))

    async def send(self, document: Document, inbox: str, *, form: Form = "cavage") -> int:
        """Sign and post to an inbox, through its real door; return the status."""
        body = json.dumps(document).encode()
        address = httpx.URL(inbox)
        headers = {"content-type": LD_MEDIA_TYPE}
        origin = f"{address.scheme}://{address.netloc.decode()}"
        request = SignedRequest("POST", origin, address.raw_path.decode(), headers, body)
        headers |= signatures.sign(request, self.signer, form, now=self.host.clock.now())
        return (await self.host.network.send("POST", inbox, headers, body)).status_code


class RemoteHost:
    """An ASGI application. `inbox` holds what arrived; `answers` are given to posts in turn, then 202 for ever."""

    def __init__(self, network: Network, clock: Clock, *, origin: str = "https://remote.example") -> None:
        self.network = network
        self.clock = clock
        self.origin = origin
        self.inbox: list[Arrived] = []
        self.answers: list[Shown] = []
        self.trusted: dict[str, OwnedKey] = {}
        self.gets: list[SignedRequest] = []
        self._shown: dict[str, Shown] = {}
        self._fingers: dict[str, tuple[str, str]] = {}
        network.connect(origin, self)

    @property
    def domain(self) -> str:
        return self.origin.partition("://")[2]

    def show(self, path: str, document: object, *, status: int = 200, media_type: str = MEDIA_TYPE) -> None:
        """Show a JSON document at a path."""
        self._shown[path] = Shown(json.dumps(document).encode(), status, {"content-type": media_type})

    def show_raw(self, path: str, shown: Shown) -> None:
        """Show anything at a path."""
        self._shown[path] = shown

    def person(self, name: str, /, **changes: object) -> Person:
        """Let somebody live here, with an actor document and a WebFinger answer."""
        uri = f"{self.origin}/users/{name}"
        signer = Signer(f"{uri}#main-key", key_of(f"{name} at {self.domain}"))
        document = {
            "@context": [AS2, SECURITY],
            "id": uri,
            "type": "Person",
            "preferredUsername": name,
            "inbox": f"{uri}/inbox",
            "outbox": f"{uri}/outbox",
            "followers": f"{uri}/followers",
            "endpoints": {"sharedInbox": f"{self.origin}/inbox"},
            "publicKey": {"id": signer.key_id, "owner": uri, "publicKeyPem": public_pem(signer.key)},
        } | changes
        self.show(f"/users/{name}", document)
        self._fingers[f"acct:{name}@{self.domain}"] = (uri, MEDIA_TYPE)
        return Person(self, name, uri, signer, document)

    def settle(self, document: Document, *, link_type: str = MEDIA_TYPE, media_type: str = MEDIA_TYPE) -> Person:
        """Let an actor of any shape live here, with a key that we have in the place of its own.

        `link_type` is written in its WebFinger answer, `media_type` on its document.
        """
        uri, name = str(document["id"]), str(document["preferredUsername"])
        signer = Signer(document["publicKey"]["id"], key_of(f"{name} at {self.domain}"))
        document = document | {"publicKey": document["publicKey"] | {"publicKeyPem": public_pem(signer.key)}}
        # The same key as a Multikey would be another one now.
        methods = [one for one in document.get("assertionMethod", []) if one["id"] != signer.key_id]
        document |= {"assertionMethod": methods} if methods else {}
        if "#" not in signer.key_id:
            stub = {one: document[one] for one in ("@context", "id", "type", "preferredUsername", "publicKey")}
            self.show(httpx.URL(signer.key_id).raw_path.decode(), stub)
        self.show(httpx.URL(uri).raw_path.decode(), document, media_type=media_type)
        self._fingers[f"acct:{name}@{self.domain}"] = (uri, link_type)
        return Person(self, name, uri, signer, document)

    def lend_name(self, name: str, uri: str) -> None:
        """Answer WebFinger for somebody who lives elsewhere."""
        self._fingers[f"acct:{name}@{self.domain}"] = (uri, MEDIA_TYPE)

    def received(self, type: str) -> list[Document]:
        """The activities of one type that arrived under a signature that held, in order."""
        return [one.document for one in self.inbox if one.verified is not None and one.document.get("type") == type]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = b""
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        target = scope["raw_path"] + (b"?" + scope["query_string"] if scope["query_string"] else b"")
        request = from_asgi(scope["method"], self.origin, target.decode(), scope["headers"], body)
        shown = await self._take(request) if request.method == "POST" else await self._look(request, scope)
        headers = [(name.encode(), value.encode()) for name, value in shown.headers.items()]
        await send({"type": "http.response.start", "status": shown.status, "headers": headers})
        await send({"type": "http.response.body", "body": shown.body})

    async def _look(self, request: SignedRequest, scope: Any) -> Shown:
        self.gets.append(request)
        if scope["path"] == "/.well-known/webfinger":
            return self._finger(httpx.QueryParams(scope["query_string"].decode())["resource"])
        return self._shown.get(request.target) or self._shown.get(scope["path"], Shown(b"", 404))

    def _finger(self, resource: str) -> Shown:
        if resource not in self._fingers:
            return Shown(b"", 404)
        uri, kind = self._fingers[resource]
        links = [{"rel": "self", "type": kind, "href": uri}]
        body = json.dumps({"subject": resource, "links": links}).encode()
        return Shown(body, 200, {"content-type": "application/jrd+json"})

    async def _take(self, request: SignedRequest) -> Shown:
        verified = await self.verify(request)
        self.inbox.append(Arrived(request.target, json.loads(request.body), request.headers, verified))
        return self.answers.pop(0) if self.answers else Shown(b"", 202)

    async def verify(self, request: SignedRequest) -> Verified | None:
        """Whose signature a request bears, with a key that is trusted or that its owner's server shows."""
        try:
            signature = signatures.read(request)
            key_id = signature.key_id if isinstance(signature, CavageSignature) else signature.key_ids[0]
            key = self.trusted.get(key_id) or await self._ask_for(key_id)
            return signatures.verify(request, signature, key, now=self.clock.now()) if key else None
        except ProtocolError:
            return None

    async def _ask_for(self, key_id: str) -> OwnedKey | None:
        try:
            answer = await self.network.send("GET", key_id.partition("#")[0], {"accept": ACCEPT})
        except ConnectionError:
            return None
        if answer.status_code != 200:
            return None
        keys = read_actor(answer.json()).keys
        return next((key for key in keys if key.key_id == key_id), None)
