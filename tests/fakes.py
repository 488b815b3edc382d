"""Fakes at the seams: a clock that is set by hand, peers in this process, a painter without a model.

Nothing else of the house is ever faked: what stands here has a contract suite in `tests/contracts/` or is one method.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import httpx
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from activitypub.keys import Signer, generate_rsa
from activitypub.reading import read_json
from activitypub.requests import SignedRequest
from activitypub.signatures import asks_for_messages, other_form, sign
from activitypub.verified import Form
from activitypub.vocabulary import ACCEPT, LD_MEDIA_TYPE, is_as2_media_type
from generator.messages import Manifest, ModelCapabilities, Picture, Request, Step
from server.config import FederationConfig
from server.ids import MICROSECONDS, Clock
from server.remote.guard import Guard
from server.remote.seam import NOTHING, Document, FetchFailed, Onward, Refused, Sent
from server.studio.child import OnEvent, RenderFailed
from tests.mortal import Killed, Life

START = 1_795_000_000 * MICROSECONDS  # a day in November 2026
REDIRECTS = frozenset({301, 302, 303, 307, 308})
REDIRECTS_AT_MOST = 3


class FakeClock:
    """A clock that moves only when told."""

    def __init__(self, moment: int = START) -> None:
        self.moment = moment

    def now(self) -> int:
        return self.moment

    def advance(self, seconds: float) -> None:
        self.moment += int(seconds * MICROSECONDS)


@cache
def key_of(name: str) -> RSAPrivateKey:
    """One RSA key for each name, made once per run: making one takes 50 ms and more."""
    return generate_rsa()


@dataclass(frozen=True)
class Asked:
    """What went over the fake network."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    status: int


class Network:
    """The internet of one test: which ASGI application answers for which origin. `log` holds what was asked."""

    def __init__(self) -> None:
        self._apps: dict[str, object] = {}
        self.log: list[Asked] = []

    def connect(self, origin: str, app: object) -> None:
        self._apps[origin] = app

    def disconnect(self, origin: str) -> None:
        """Nobody answers there any more."""
        self._apps.pop(origin, None)

    async def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> httpx.Response:
        """Ask whoever is there; ConnectionError when nobody is, or it dies while it answers."""
        address = httpx.URL(url)
        app = self._apps.get(f"{address.scheme}://{address.netloc.decode()}")
        if app is None:
            raise ConnectionRefusedError(f"nobody answers at {url}")
        request = httpx.Request(method, address, headers=headers, content=body)
        try:
            response = await httpx.ASGITransport(app).handle_async_request(request)  # type: ignore[arg-type]
            await response.aread()
        except Killed:
            raise ConnectionResetError(f"{url} died") from None
        self.log.append(Asked(method, url, dict(headers), body, response.status_code))
        return response

    def asked(self, method: str, ending: str = "") -> list[Asked]:
        """Return the requests of one method whose address ends so, in order."""
        return [one for one in self.log if one.method == method and one.url.endswith(ending)]


class FakePeers:
    """Other servers, reached inside this process; signs, checks and limits like `HttpPeers`."""

    def __init__(
        self, network: Network, settings: FederationConfig, own_origin: str, clock: Clock, life: Life | None = None
    ) -> None:
        self._network = network
        self._settings = settings
        self._guard = Guard(own_origin, settings.allow_http, settings.allow_private_addresses)
        self._clock = clock
        self._life = life or Life()

    async def fetch(
        self, url: str, *, signer: Signer | None = None, form: Form = "cavage", onward: Onward | None = None
    ) -> Document:
        final, answer, taken = await self._get(url, ACCEPT, signer, form, onward)
        kind = answer.headers.get("content-type", "")
        if not is_as2_media_type(kind):
            raise FetchFailed(f"the peer answered with {kind}", 200)
        return Document(final, read_json(self._bounded(answer, self._settings.max_document_bytes)), taken)

    async def fetch_json(self, url: str, accept: str, *, onward: Onward | None = None) -> Document:
        final, answer, _ = await self._get(url, accept, None, onward=onward)
        if _media_type(answer) not in {name.partition(";")[0].strip() for name in accept.split(",")}:
            raise FetchFailed(f"the peer answered with {_media_type(answer)}", 200)
        return Document(final, read_json(self._bounded(answer, self._settings.max_document_bytes)))

    async def download(self, url: str, max_bytes: int, *, onward: Onward | None = None) -> tuple[bytes, str]:
        _, answer, _ = await self._get(url, "*/*", None, onward=onward)
        return self._bounded(answer, max_bytes), _media_type(answer)

    async def post(
        self, inbox: str, body: bytes, *, signer: Signer, form: Form, beside: Mapping[str, str] = NOTHING
    ) -> Sent:
        self._life.check()
        try:
            origin = self._guard.check_url(inbox)
        except Refused as refusal:
            return Sent(None, error=refusal.reason, hopeless=True)
        headers = {"content-type": LD_MEDIA_TYPE, **beside}
        request = SignedRequest("POST", origin, _target(inbox), headers, body)
        headers |= sign(request, signer, form, now=self._clock.now())
        try:
            answer = await self._network.send("POST", inbox, headers, body)
        except ConnectionError as error:
            self._life.step("after a lost post")
            return Sent(None, error=str(error))
        self._life.step("after a post")
        return Sent(answer.status_code, dict(answer.headers))

    async def push(self, endpoint: str, body: bytes, headers: Mapping[str, str]) -> Sent:
        self._life.check()
        try:
            self._guard.check_url(endpoint)
        except Refused as refusal:
            return Sent(None, error=refusal.reason, hopeless=True)
        try:
            answer = await self._network.send("POST", endpoint, headers, body)
        except ConnectionError as error:
            return Sent(None, error=str(error))
        return Sent(answer.status_code, dict(answer.headers))

    async def _get(
        self, url: str, accept: str, signer: Signer | None, form: Form = "cavage", onward: Onward | None = None
    ) -> tuple[str, httpx.Response, Form | None]:
        for _ in range(REDIRECTS_AT_MOST + 1):
            url = url.partition("#")[0]
            taken = form
            answer = await self._ask(url, accept, signer, form)
            if signer is not None and _may_hear_other_form(answer):
                taken = other_form(form)
                answer = await self._ask(url, accept, signer, taken)
            if answer.status_code in REDIRECTS:
                url = str(httpx.URL(url).join(answer.headers["location"]))
                if onward is not None:
                    await onward(url)
                continue
            if answer.status_code != 200:
                raise FetchFailed(f"the peer answered {answer.status_code}", answer.status_code)
            return url, answer, taken if signer is not None else None
        raise FetchFailed("too many redirects", 302)

    async def _ask(self, url: str, accept: str, signer: Signer | None, form: Form) -> httpx.Response:
        self._life.check()
        origin = self._guard.check_url(url)
        headers = {"accept": accept}
        if signer is not None:
            request = SignedRequest("GET", origin, _target(url), headers, b"")
            headers |= sign(request, signer, form, now=self._clock.now())
        try:
            return await self._network.send("GET", url, headers)
        except ConnectionError as error:
            raise FetchFailed(str(error)) from error

    def _bounded(self, answer: httpx.Response, max_bytes: int) -> bytes:
        if len(answer.content) > max_bytes:
            raise FetchFailed(f"the answer is larger than {max_bytes} bytes", 200)
        return answer.content


def _may_hear_other_form(answer: httpx.Response) -> bool:
    status = answer.status_code
    return status == 401 or (status in (400, 403) and asks_for_messages(answer.headers))


def _target(url: str) -> str:
    return httpx.URL(url).raw_path.decode()


def _media_type(answer: httpx.Response) -> str:
    return str(answer.headers.get("content-type", "")).partition(";")[0].strip().lower()


MODEL = ModelCapabilities(
    name="fake",
    engine="diffusers",
    label="Fake",
    license="CC0-1.0",
    license_class="own",
    sizes=((16, 8),),
    multiple=8,
    min_side=8,
    max_side=64,
    default_steps=2,
    max_steps=10,
    default_guidance=1.0,
    max_guidance=5.0,
    has_negative=True,
    has_progress=True,
    has_previews=False,
    revision="r1",
)


@dataclass
class FakePainter:
    """Stands where the generator's process does: one colour for each prompt and seed, two steps, at once.

    `failures` are raised in turn before anything is painted.
    """

    life: Life = field(default_factory=Life)
    failures: list[RenderFailed] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    capabilities: tuple[ModelCapabilities, ...] = (MODEL,)

    async def render(self, request: Request, on_event: OnEvent) -> Picture:
        self.life.check()
        self.requests.append(request)
        if self.failures:
            raise self.failures.pop(0)
        for step in (1, 2):
            pending = on_event(Step(request.id, step, 2))
            if pending is not None:
                await pending
        self.life.step("after a picture")
        return paint(request)

    def cancel(self, request_id: str) -> None:
        self.cancelled.append(request_id)


def paint(request: Request) -> Picture:
    """The picture that the fake painter makes of a request; the same one every time."""
    width, height = request.width or 16, request.height or 8
    colour = hashlib.sha256(json.dumps([request.prompt, request.seed]).encode()).digest()[:3]
    return Picture(request.id, width, height, colour * width * height, _manifest(request, width, height))


def _manifest(request: Request, width: int, height: int) -> Manifest:
    return Manifest(
        engine="diffusers",
        model=request.model,
        revision="r1",
        license="CC0-1.0",
        license_class="own",
        seed=request.seed,
        steps=request.steps or 2,
        guidance=request.guidance or 1.0,
        width=width,
        height=height,
        prompt=request.prompt,
        negative=request.negative,
        unknown_words=(),
        drawn_by_rules=False,
        library_versions={},
        seconds=0.5,
        dtype="float32",
        device="cpu",
    )
