"""Remote actors that an instance knows already, and the signed activities they send. It must not measure anything."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import msgspec

from activitypub import activities as build
from activitypub import keys, signatures
from activitypub.audience import Visibility
from activitypub.keys import Signer
from activitypub.requests import SignedRequest
from activitypub.vocabulary import MEDIA_TYPE, PUBLIC
from server.actions.writing.publish import Draft, publish
from server.config import load
from server.opening import open_services
from server.services import Services
from server.store.people import actors
from server.store.people.actors import Actor, ActorKey
from server.store.writing.posts import Post

CONNECTIONS = 32


@dataclass(frozen=True, slots=True)
class Sender:
    """Somebody elsewhere with a key."""

    actor: Actor
    signer: Signer


@dataclass(frozen=True, slots=True)
class Letter:
    """A signed request, ready to be sent."""

    url: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Scene:
    """Who sends, about which posts."""

    origin: str
    senders: tuple[Sender, ...]
    posts: tuple[Post, ...]


def prepare(folder: Path, *, name: str, senders: int, posts: int) -> Scene:
    """Make known senders and published posts of `name` in the instance at `folder`, which must not be serving."""
    return asyncio.run(_prepare(folder, name, senders, posts))


async def _prepare(folder: Path, name: str, senders: int, count: int) -> Scene:
    async with open_services(folder, load(folder, {})) as services:
        site = services.site
        made = [await _make_sender(services, number) for number in range(senders)]
        async with services.database.write() as tx:
            author = await actors.find_by_uri(tx, site.actor_uri(name))
            assert author is not None
            draft = Draft(text="A post to be liked.", visibility=Visibility.PUBLIC)
            posts = [await publish(tx, site, author, draft) for _ in range(count)]
        return Scene(site.origin, tuple(made), tuple(posts))


async def _make_sender(services: Services, number: int) -> Sender:
    now = services.site.clock.now()
    uri = f"https://peer{number}.example/users/sender"
    key = keys.generate_rsa()
    actor = Actor(
        id=services.site.ids.new(),
        uri=uri,
        local=False,
        type="Person",
        username="sender",
        host=f"peer{number}.example",
        name=f"Sender {number}",
        summary_html=None,
        url=uri,
        inbox=f"{uri}/inbox",
        shared_inbox=f"https://peer{number}.example/inbox",
        outbox=f"{uri}/outbox",
        followers_uri=f"{uri}/followers",
        following_uri=f"{uri}/following",
        featured_uri=None,
        icon_url=None,
        image_url=None,
        locked=False,
        discoverable=True,
        indexable=True,
        moved_to=None,
        also_known_as="[]",
        created_at=now,
        fetched_at=now,
        gone_at=None,
        suspended_at=None,
    )
    async with services.database.write() as tx:
        await actors.add(tx, actor)
        public = keys.public_pem(key.public_key())
        await actors.replace_keys(tx, actor.id, [ActorKey(f"{uri}#main-key", actor.id, "rsa", public, None, now)])
    return Sender(actor, Signer(f"{uri}#main-key", key))


def write_letters(scene: Scene, count: int) -> list[Letter]:
    """Sign `count` activities: half likes, a quarter replies, a quarter boosts, each of another post or sender."""
    kinds = (_like, _reply, _like, _boost)
    pairs = [(sender, post) for post in scene.posts for sender in scene.senders]
    letters = []
    for number in range(count):
        sender, post = pairs[number % len(pairs)]
        kind = kinds[(number + number // len(pairs)) % len(kinds)]
        letters.append(sign(scene, sender, msgspec.json.encode(kind(sender, post, number))))
    return letters


def _like(sender: Sender, post: Post, number: int) -> build.Document:
    uri = sender.actor.uri
    return build.like(f"{uri}/likes/{number}", uri, post.uri, author=post.uri.partition("/posts/")[0])


def _boost(sender: Sender, post: Post, number: int) -> build.Document:
    uri = sender.actor.uri
    published = "2026-01-01T00:00:00Z"
    return build.announce(f"{uri}/boosts/{number}", uri, post.uri, published=published, to=[PUBLIC], cc=[])


def _reply(sender: Sender, post: Post, number: int) -> build.Document:
    uri = sender.actor.uri
    author = post.uri.partition("/posts/")[0]
    note: build.Document = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": f"{uri}/notes/{number}",
        "type": "Note",
        "attributedTo": uri,
        "content": f"<p>What a calm picture, the {number}th that I like this morning.</p>" * 3,
        "published": "2026-01-01T00:00:00Z",
        "inReplyTo": post.uri,
        "to": [PUBLIC],
        "cc": [author, f"{uri}/followers"],
        "tag": [{"type": "Mention", "href": author, "name": "@alice"}],
        "url": f"{uri}/notes/{number}",
    }
    return build.create(f"{uri}/notes/{number}/activity", uri, note)


def sign(scene: Scene, sender: Sender, body: bytes) -> Letter:
    """A signed request with any body to the shared inbox."""
    headers = {"content-type": MEDIA_TYPE}
    request = SignedRequest("POST", scene.origin, "/inbox", headers, body)
    signed = signatures.sign(request, sender.signer, "cavage", now=time.time_ns() // 1000)
    return Letter(f"{scene.origin}/inbox", headers | signed, body)


def send(letters: Sequence[Letter]) -> dict[int, int]:
    """Send them over 32 connections; return how many got which status."""
    return asyncio.run(_send(letters))


async def _send(letters: Sequence[Letter]) -> dict[int, int]:
    waiting = iter(letters)
    counts: dict[int, int] = {}
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS)) as session:
        await asyncio.gather(*(_send_some(session, waiting, counts) for _ in range(CONNECTIONS)))
    return counts


async def _send_some(session: aiohttp.ClientSession, waiting: Iterator[Letter], counts: dict[int, int]) -> None:
    for letter in waiting:
        async with session.post(letter.url, data=letter.body, headers=letter.headers) as response:
            await response.read()
            counts[response.status] = counts.get(response.status, 0) + 1
