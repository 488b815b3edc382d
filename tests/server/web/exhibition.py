"""An instance for the pages: people, pictures made by the real actions, and a visitor who reads and sends forms."""

import contextlib
import io
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import sqlalchemy
from argon2 import PasswordHasher
from PIL import Image
from quart import Quart

from activitypub.audience import Visibility
from activitypub.keys import Signer, private_pem, public_pem
from activitypub.verified import Form
from generator.messages import Manifest
from server.actions.painting.deliver_picture import StoredPicture, deliver_picture
from server.actions.painting.request_picture import Wish, request_picture
from server.actions.people.login import log_in
from server.actions.people.register import KeyPair, ensure_instance_actor, register
from server.actions.writing.publish import Draft, publish
from server.config import Config, FederationConfig, PostingConfig, SiteConfig
from server.ids import Clock, Ids
from server.jobs.sqlite import SqliteQueue
from server.media.storage import MediaStorage
from server.oauth.sessions import cookie_name
from server.remote.seam import NOTHING, Document, FetchFailed, Onward, Peers, Sent
from server.services import Services
from server.site import Site
from server.store import settings
from server.store.database import SqliteDatabase
from server.store.network import activities, deliveries, peers
from server.store.people import accounts, actors
from server.store.people.actors import Actor
from server.store.reading import reactions
from server.store.schema import metadata
from server.store.telling import notifications
from server.store.ties import follows
from server.store.writing import generations, media, posts
from server.store.writing.generations import Generation
from server.store.writing.media import Media
from server.store.writing.posts import Post
from server.web import door
from tests.fakes import FakeClock, key_of

# Imported so that their tables are made.
TABLES = (
    accounts,
    activities,
    actors,
    deliveries,
    follows,
    generations,
    media,
    notifications,
    peers,
    posts,
    reactions,
    settings,
)
PASSWORD = "correct horse battery"
# Weak on purpose: the strength of a hash is written in the hash, and tests log in often.
HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


class QuietPeers:
    """Other servers, which answer at the addresses in `json` and `files` alone. `asked` holds what was asked for."""

    def __init__(self) -> None:
        self.json: dict[str, dict[str, object]] = {}
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []

    async def fetch(
        self, url: str, *, signer: Signer | None = None, form: Form = "cavage", onward: Onward | None = None
    ) -> Document:
        return self._answer(url)

    async def fetch_json(self, url: str, accept: str, *, onward: Onward | None = None) -> Document:
        return self._answer(url)

    async def download(self, url: str, max_bytes: int, *, onward: Onward | None = None) -> tuple[bytes, str]:
        self.asked.append(url)
        if url not in self.files:
            raise FetchFailed("nobody is there")
        return self.files[url], "image/png"

    async def post(
        self, inbox: str, body: bytes, *, signer: Signer, form: Form, beside: Mapping[str, str] = NOTHING
    ) -> Sent:
        return Sent(None, error="nobody is there")

    async def push(self, endpoint: str, body: bytes, headers: Mapping[str, str]) -> Sent:
        return Sent(None, error="nobody is there")

    def _answer(self, url: str) -> Document:
        self.asked.append(url)
        if url not in self.json:
            raise FetchFailed("nobody is there", 404)
        return Document(url, self.json[url])


@dataclass
class Exhibition:
    """The instance. Everything is made by the actions that the program itself uses."""

    services: Services
    app: Quart

    @property
    def site(self) -> Site:
        return self.services.site

    async def person(self, username: str, /, *, admin: bool = False, **changes: object) -> Actor:
        """Add somebody of ours with a password."""
        key = key_of("anybody")
        keys = KeyPair(private_pem(key), public_pem(key.public_key()))
        async with self.services.database.write() as tx:
            actor = await register(tx, self.site, username, password_hash=HASH, keys=keys, admin=admin)
            actor = replace(actor, **changes)  # type: ignore[arg-type]
            await actors.replace(tx, actor)
        return actor

    async def stranger(self, username: str, host: str = "away.example", /, **changes: object) -> Actor:
        """Add somebody of another server, as if fetched."""
        uri = f"https://{host}/users/{username}"
        async with self.services.database.write() as tx:
            local = await actors.find_by_uri(tx, self.site.actor_uri("alice"))
            assert local is not None
            fresh = {
                "id": self.site.ids.new(),
                "uri": uri,
                "local": False,
                "locked": False,
                "username": username,
                "host": host,
                "name": None,
                "summary_html": None,
                "url": f"https://{host}/@{username}",
                "inbox": f"{uri}/inbox",
                "followers_uri": f"{uri}/followers",
            }
            actor = replace(local, **(fresh | changes))
            await actors.add(tx, actor)
        return actor

    async def tell_models(self, models: list[dict[str, object]]) -> None:
        """Say what can be painted, as the worker does when its generator is up."""
        async with self.services.database.write() as tx:
            await settings.put(tx, settings.MODELS, msgspec.json.encode(models).decode())

    async def wish(self, author: Actor, prompt: str, **wishes: object) -> Generation:
        """Put a wish in the queue."""
        async with self.services.database.write() as tx:
            wish = Wish(prompt=prompt, **wishes)  # type: ignore[arg-type]
            return await request_picture(tx, self.site, author, wish)

    async def paint(
        self,
        generation: Generation,
        *,
        pixels: bytes | None = None,
        size: tuple[int, int] = (96, 64),
        **manifest: object,
    ) -> Post | None:
        """Have a wish painted: one colour, or `pixels`."""
        stored, width, height = await self._store(pixels, size)
        facts = {
            "engine": "drawing",
            "model": "drawing",
            "revision": None,
            "license": "AGPL-3.0-or-later",
            "license_class": "own",
            "seed": generation.seed,
            "steps": 1,
            "guidance": 0.0,
            "width": width,
            "height": height,
            "prompt": generation.prompt,
            "negative": None,
            "unknown_words": (),
            "drawn_by_rules": True,
            "library_versions": {},
            "seconds": 0.1,
            "dtype": "float64",
            "device": "cpu",
        } | manifest
        painted = Manifest(**facts)  # type: ignore[arg-type]
        async with self.services.database.write() as tx:
            await generations.begin(tx, generation.id, at=self.site.clock.now())
            return await deliver_picture(
                tx,
                self.site,
                generation.id,
                stored,
                manifest=msgspec.json.encode(painted).decode(),
                model=painted.model,
                drawn_by_rules=painted.drawn_by_rules,
            )

    async def hang(
        self, author: Actor, prompt: str, visibility: Visibility = Visibility.PUBLIC, **wishes: object
    ) -> Post:
        """Have a picture painted and posted."""
        post = await self.paint(await self.wish(author, prompt, visibility=visibility, **wishes))
        assert post is not None
        return post

    async def say(self, author: Actor, text: str, **draft: object) -> Post:
        """Post words."""
        values = {"visibility": Visibility.PUBLIC} | draft
        async with self.services.database.write() as tx:
            return await publish(tx, self.site, author, Draft(text=text, **values))  # type: ignore[arg-type]

    async def receive(self, author: Actor, content_html: str, *, picture: str | None = None, **changes: object) -> Post:
        """Store a peer's post, as if it had come in; `picture` is the address of its picture."""
        post_id = self.site.ids.new()
        post = Post(
            id=post_id,
            uri=f"{author.uri}/posts/{post_id}",
            actor_id=author.id,
            local=False,
            type="Note",
            url=f"{author.url}/{post_id}",
            in_reply_to_uri=None,
            in_reply_to_id=None,
            content_html=content_html,
            source=None,
            summary=None,
            sensitive=False,
            language=None,
            visibility="public",
            to_uris="[]",
            cc_uris="[]",
            generated=False,
            generation_id=None,
            published_at=self.site.clock.now(),
            updated_at=None,
            deleted_at=None,
            replies_count=0,
            likes_count=0,
            shares_count=0,
        )
        async with self.services.database.write() as tx:
            await posts.add(tx, replace(post, **changes))  # type: ignore[arg-type]
            if picture:
                await media.add(tx, _foreign_picture(self.site.ids.new(), author, post_id, picture))
        return replace(post, **changes)  # type: ignore[arg-type]

    async def _store(self, pixels: bytes | None, size: tuple[int, int]) -> tuple[StoredPicture, int, int]:
        width, height = size
        picture = Image.frombytes("RGB", size, pixels) if pixels else Image.new("RGB", size, (152, 48, 29))
        keys = {}
        for suffix, form in (("jpg", "JPEG"), ("webp", "WEBP")):
            buffer = io.BytesIO()
            picture.save(buffer, form, quality=90)
            keys[suffix] = await self.services.storage.put(buffer.getvalue(), suffix)
        stored = StoredPicture(
            file_key=keys["jpg"],
            media_type="image/jpeg",
            web_key=keys["webp"],
            thumbnail_key=keys["webp"],
            width=width,
            height=height,
            bytes=1,
            blurhash="LKO2?U%2Tw=w]~RBVZRi};RPxuwH",
            digest_multibase="z1",
        )
        return stored, width, height


@cache
def empty_database() -> bytes:
    """A database file with every table, made once per run: making the tables takes longer than most tests."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        engine = sqlalchemy.create_engine(f"sqlite:///{path}")
        metadata.create_all(engine)
        engine.dispose()
        return path.read_bytes()


def _foreign_picture(picture_id: int, author: Actor, post_id: int, address: str) -> Media:
    return Media(
        id=picture_id,
        actor_id=author.id,
        post_id=post_id,
        position=0,
        media_type="image/jpeg",
        remote_url=address,
        file_key=None,
        web_key=None,
        thumbnail_key=None,
        width=None,
        height=None,
        bytes=None,
        blurhash=None,
        alt="from away",
        focal_x=None,
        focal_y=None,
        digest_multibase=None,
        generation_id=None,
        created_at=0,
    )


@contextlib.asynccontextmanager
async def open_exhibition(
    folder: Path,
    outside: Peers,
    *,
    domain: str = "pinxit.example",
    clock: Clock | None = None,
    posting: PostingConfig | None = None,
    build: Callable[[Services], Quart] | None = None,
) -> AsyncIterator[Exhibition]:
    """Open an empty instance in `folder`; a domain with a port is plain http. It has the pages alone, or what `build`
    makes."""
    (folder / "pages.db").write_bytes(empty_database())
    local = ":" in domain
    config = Config(
        site=SiteConfig(domain=domain),
        federation=FederationConfig(allow_http=local, allow_private_addresses=local),
        posting=posting or PostingConfig(),
    )
    clock = clock or FakeClock()
    database = await SqliteDatabase.open(folder / "pages.db", readers=2)
    ids = Ids(clock)
    site = Site(config, clock, ids, SqliteQueue(database, clock, ids), b"secret" * 6)
    services = Services(site=site, database=database, peers=outside, storage=MediaStorage.in_memory())
    app = (build or _pages)(services)
    try:
        async with database.write() as tx:
            key = key_of("anybody")
            await ensure_instance_actor(tx, site, KeyPair(private_pem(key), public_pem(key.public_key())))
        async with app.test_app():
            yield Exhibition(services, app)
    finally:
        await database.close()


def _pages(services: Services) -> Quart:
    app = Quart("exhibition", static_folder=None, template_folder=None)
    door.register(app, services)
    return app


@dataclass(frozen=True)
class Page:
    """What came back."""

    status: int
    text: str
    headers: Mapping[str, str]

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")


class Visitor:
    """A browser without script: keeps cookies, and sends the forms it was shown."""

    def __init__(self, exhibition: Exhibition) -> None:
        self.exhibition = exhibition
        self.client = exhibition.app.test_client()
        self.scheme = exhibition.site.origin.partition(":")[0]
        self.page = Page(0, "", {})

    async def get(self, path: str, headers: Mapping[str, str] | None = None) -> Page:
        """Open a page and keep it in view."""
        answer = await self.client.get(path, headers=dict(headers or {}), scheme=self.scheme)
        self.page = Page(answer.status_code, (await answer.get_data()).decode(errors="replace"), answer.headers)
        return self.page

    async def submit(self, action: str, headers: Mapping[str, str] | None = None, **fields: str) -> Page:
        """Send the form of the page in view that leads to `action`, with these fields changed."""
        form = read_forms(self.page.text)[action]
        sent = {"Sec-Fetch-Site": "same-origin"} if headers is None else dict(headers)
        return await self.post(action, {**form, **fields}, sent)

    async def post(self, path: str, fields: Mapping[str, str], headers: Mapping[str, str] | None = None) -> Page:
        """Send a form that nobody was shown."""
        answer = await self.client.post(path, form=dict(fields), headers=dict(headers or {}), scheme=self.scheme)
        page = Page(answer.status_code, await answer.get_data(as_text=True), answer.headers)
        if page.status != 303:
            self.page = page
        return page

    async def enter(self, name: str) -> None:
        """Be logged in, without the form and its slow hash."""
        async with self.exhibition.services.database.write() as tx:
            account = await accounts.find_by_username(tx, name)
            assert account is not None
            token = await log_in(tx, self.exhibition.site, account)
        self.client.set_cookie("localhost", cookie_name(self.exhibition.site), token)

    async def log_in(self, name: str, password: str = PASSWORD) -> Page:
        await self.get("/login")
        return await self.submit("/login", name=name, password=password)


def read_forms(html: str) -> dict[str, dict[str, str]]:
    """Return the fields of every form by its action, as a browser would send them unchanged."""
    reader = _FormReader()
    reader.feed(html)
    return reader.forms


class _FormReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self._form: dict[str, str] | None = None
        self._text: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = self.forms.setdefault(given.get("action", ""), {})
        if self._form is None or "name" not in given:
            return
        if tag == "input" and (given.get("type") not in ("radio", "checkbox") or "checked" in given):
            self._form[given["name"]] = given.get("value", "")
        if tag == "textarea":
            self._text = given["name"]
            self._form[self._text] = ""

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._text is not None:
            self._form[self._text] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._text = None
        if tag == "form":
            self._form = None
