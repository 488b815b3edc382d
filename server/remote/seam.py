"""The seam to other servers: what can be asked of them, and how it fails. It must not open a connection.

Living implementations: `server.remote.peers.HttpPeers`, and the one in `tests/fakes.py` that joins instances.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from activitypub.keys import Signer
from activitypub.verified import Form
from server.site import Site
from server.store.database import Database

NOTHING: Mapping[str, str] = MappingProxyType({})
# Asked before a redirect is followed to an address; what it raises ends the question.
Onward = Callable[[str], Awaitable[object]]


class FetchFailed(Exception):
    """A peer did not give what was asked for. `status` is its answer, None when none came or none was sought."""

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status

    @property
    def gone(self) -> bool:
        """Whether the peer says that the thing was deleted for good. A 404 proves nothing (statement 160)."""
        return self.status == 410

    @property
    def passing(self) -> bool:
        """Whether the same question may succeed later."""
        return self.status is None or self.status in (401, 408, 429) or self.status >= 500


class Refused(FetchFailed):
    """We do not go there: the address breaks a rule of ours. Asking again changes nothing."""

    @property
    def passing(self) -> bool:
        """Never."""
        return False


@dataclass(frozen=True, slots=True)
class Document:
    """A fetched JSON object and the address that finally answered; who may be believed is for `authority`.

    `form` is the one in which the request was signed that got it.
    """

    url: str
    value: dict[str, object]
    form: Form | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a POST. `headers` have lower-case names; `error` says why there is no `status`.

    `hopeless`: the address itself breaks a rule of ours, so that another try changes nothing.
    """

    status: int | None
    headers: Mapping[str, str] = field(default_factory=dict)
    error: str | None = None
    hopeless: bool = False


class Peers(Protocol):
    """Other servers. Every method ends within the configured time and reads no more than the configured size."""

    async def fetch(
        self, url: str, *, signer: Signer | None = None, form: Form = "cavage", onward: Onward | None = None
    ) -> Document:
        """Get an ActivityStreams document; raises FetchFailed, or Malformed for what cannot be relied on.

        Where it is signed, it is signed in this form, and in the other one when that is refused. Who is asked must not
        choose whom we ask next: each address that it sends us to is put to `onward` first.
        """
        ...

    async def fetch_json(self, url: str, accept: str, *, onward: Onward | None = None) -> Document:
        """Get a JSON document of one of the media types in `accept`, unsigned; raises like `fetch`."""
        ...

    async def download(self, url: str, max_bytes: int, *, onward: Onward | None = None) -> tuple[bytes, str]:
        """Get a file and its media type; raises FetchFailed. `onward` is as of `fetch`."""
        ...

    async def post(
        self, inbox: str, body: bytes, *, signer: Signer, form: Form, beside: Mapping[str, str] = NOTHING
    ) -> Sent:
        """Sign and send an activity once, with the headers `beside`; never raises for what a peer or the network does.

        What of these is to be signed is (`SIGNED_IF_SENT`).
        """
        ...

    async def push(self, endpoint: str, body: bytes, headers: Mapping[str, str]) -> Sent:
        """Hand a sealed message to a push service once; never raises for what it or the network does."""
        ...


class SigningKeys(Protocol):
    """Where the keys of our own actors are had."""

    async def of(self, actor_id: int) -> Signer | None:
        """Return the key of one of our actors, None if it has none."""
        ...

    async def instance(self) -> Signer:
        """Return the key that signs what we fetch."""
        ...


class Reach(Protocol):
    """What a look-up needs; `server.services.Services` is one."""

    @property
    def site(self) -> Site:
        """Who we are."""
        ...

    @property
    def database(self) -> Database:
        """Where what was learnt is kept."""
        ...

    @property
    def peers(self) -> Peers:
        """Whom to ask."""
        ...

    @property
    def signers(self) -> SigningKeys:
        """Our own keys."""
        ...
