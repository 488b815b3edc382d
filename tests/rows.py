"""Rows for tests of the store: a test says what matters, and all else is as plain as it may be."""

from dataclasses import fields
from itertools import count
from typing import Any, TypeVar

from server.store.network.deliveries import Delivery
from server.store.people.actors import Actor
from server.store.writing.generations import WAITING, Generation
from server.store.writing.posts import Post

Record = TypeVar("Record")
_PLAIN: dict[str, object] = {"int": 0, "str": "", "bool": False, "bytes": b"", "float": 0.0}
_numbers = count(1000)


def make(kind: type[Record], **given: Any) -> Record:
    """A record with what is given, nothing where there may be nothing, and zero, empty or false for the rest."""
    plain = {
        field.name: None if "None" in str(field.type) else _PLAIN[str(getattr(field.type, "__name__", field.type))]
        for field in fields(kind)  # type: ignore[arg-type]
    }
    return kind(**plain | given)


def make_actor(name: str, *, host: str = "remote.example", **given: Any) -> Actor:
    """Somebody, elsewhere unless `local`."""
    uri = f"https://{host}/users/{name}"
    plain = {
        "id": next(_numbers),
        "uri": uri,
        "type": "Person",
        "username": name,
        "host": host,
        "inbox": f"{uri}/inbox",
        "followers_uri": f"{uri}/followers",
        "also_known_as": "[]",
    }
    return make(Actor, **plain | given)


def make_post(author: Actor, **given: Any) -> Post:
    """A public post."""
    post_id = given.get("id", next(_numbers))
    plain = {
        "id": post_id,
        "uri": f"{author.uri}/posts/{post_id}",
        "actor_id": author.id,
        "local": author.local,
        "type": "Note",
        "visibility": "public",
        "to_uris": "[]",
        "cc_uris": "[]",
    }
    return make(Post, **plain | given)


def make_generation(author: Actor, **given: Any) -> Generation:
    """A wish that waits."""
    plain = {
        "id": next(_numbers),
        "actor_id": author.id,
        "state": WAITING,
        "prompt": "a boat",
        "model": "fake",
        "visibility": "public",
    }
    return make(Generation, **plain | given)


def make_delivery(activity_id: int, inbox: str, *, batch: int, **given: Any) -> Delivery:
    """A delivery that waits."""
    plain = {
        "id": next(_numbers),
        "activity_id": activity_id,
        "inbox": inbox,
        "host": inbox.split("/")[2],
        "batch": batch,
        "state": "waiting",
    }
    return make(Delivery, **plain | given)
