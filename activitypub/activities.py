"""Builders of the activities we send: one function for each kind.

They must not decide anything: who it goes to and what it is about are the caller's.
Recipients are always written as lists, references always as plain strings.
"""

from collections.abc import Iterable, Mapping

from activitypub.context import REACTION_TERMS
from activitypub.emoji import Emoji, build_tag
from activitypub.vocabulary import AS2, as_list

Document = dict[str, object]

# What an activity that is taken back is known by; of an emoji given, which one it was.
UNDONE = ("id", "type", "actor", "object", "content", "tag", "target")


def create(id: str, actor: str, object: Mapping[str, object]) -> Document:
    """A Create around a whole object, whose addressing and date it takes over."""
    return _around(id, "Create", actor, object, published=object.get("published"))


def update(id: str, actor: str, object: Mapping[str, object], *, to: Iterable[str] = ()) -> Document:
    """An Update around a whole object (peers refuse partial ones); `to` is for actors, which address nobody."""
    activity = _around(id, "Update", actor, object, published=object.get("updated"))
    if recipients := list(to):
        activity["to"] = recipients
    return activity


def delete(id: str, actor: str, object_id: str, *, to: Iterable[str], cc: Iterable[str] = ()) -> Document:
    """A Delete of an object, as the Tombstone that Pixelfed needs to see."""
    tombstone = {"id": object_id, "type": "Tombstone"}
    return _plain(id, "Delete", actor, tombstone) | _addressed(to, cc)


def delete_actor(id: str, actor: str, *, to: Iterable[str]) -> Document:
    """A Delete of the actor itself, named by its plain id."""
    return _plain(id, "Delete", actor, actor) | _addressed(to)


def follow(id: str, actor: str, object: str) -> Document:
    """A request to follow."""
    return _plain(id, "Follow", actor, object) | _addressed([object])


def accept(id: str, actor: str, *, follow_id: str, follower: str) -> Document:
    """The answer to a Follow of `actor` that lets the follower in."""
    return _answer(id, "Accept", actor, follow_id, follower)


def reject(id: str, actor: str, *, follow_id: str, follower: str) -> Document:
    """The answer to a Follow of `actor` that refuses, or ends, it."""
    return _answer(id, "Reject", actor, follow_id, follower)


def undo(id: str, actor: str, undone: Mapping[str, object]) -> Document:
    """The reversal of an earlier activity, embedded (GoToSocial skips bare ids), sent to those who got it."""
    inner = {name: undone[name] for name in UNDONE if name in undone}
    context = {"@context": undone.get("@context", AS2)}
    return _plain(id, "Undo", actor, inner) | context | _addressing_of(undone)


def like(id: str, actor: str, object_id: str, *, author: str) -> Document:
    """A Like, told to the author alone."""
    return _plain(id, "Like", actor, object_id) | _addressed([author])


def emoji_react(id: str, actor: str, object_id: str, emoji: Emoji, *, author: str) -> Document:
    """An emoji given to somebody's object, told to the author alone; a custom one brings its picture."""
    tag: Document = {"tag": [build_tag(emoji)]} if emoji.icon_url else {}
    plain = _plain(id, "EmojiReact", actor, object_id) | {"@context": [AS2, REACTION_TERMS], "content": emoji.text}
    return plain | tag | _addressed([author])


def announce(id: str, actor: str, object_id: str, *, published: str, to: Iterable[str], cc: Iterable[str]) -> Document:
    """A share of somebody's object, by reference only."""
    return _plain(id, "Announce", actor, object_id) | {"published": published} | _addressed(to, cc)


def block(id: str, actor: str, object: str) -> Document:
    """A Block. It is never delivered to its object (ActivityPub 6.9); an Undo of it follows the same rule."""
    return _plain(id, "Block", actor, object) | _addressed([object])


def add(id: str, actor: str, object_id: str, *, target: str, to: Iterable[str]) -> Document:
    """An entry put into a collection of the actor's, such as `featured`."""
    return _plain(id, "Add", actor, object_id) | {"target": target} | _addressed(to)


def remove(id: str, actor: str, object_id: str, *, target: str, to: Iterable[str]) -> Document:
    """An entry taken out of a collection of the actor's."""
    return _plain(id, "Remove", actor, object_id) | {"target": target} | _addressed(to)


def feature_hashtag(
    id: str, actor: str, hashtag: Mapping[str, object], *, target: str, to: Iterable[str], out: bool = False
) -> Document:
    """A hashtag put on the profile, or taken from there (`out`); it has no id, so it stands whole (Mastodon)."""
    plain = _plain(id, "Remove" if out else "Add", actor, dict(hashtag)) | _addressed(to)
    return plain | {"@context": [AS2, {"Hashtag": "as:Hashtag"}], "target": target}


def move(id: str, actor: str, *, target: str, followers_uri: str) -> Document:
    """The actor's word that it lives at `target` now; the target names it in alsoKnownAs."""
    return _plain(id, "Move", actor, actor) | {"target": target} | _addressed([followers_uri])


def flag(id: str, instance_actor: str, objects: Iterable[str], *, content: str, to: str) -> Document:
    """A report, sent in the instance's name so that the reporter stays unnamed; the reported actor comes first."""
    return _plain(id, "Flag", instance_actor, list(objects)) | {"content": content} | _addressed([to])


def without_context(document: Mapping[str, object]) -> Document:
    """The document as it stands inside another one, which carries the context for both."""
    return {name: value for name, value in document.items() if name != "@context"}


def _plain(id: str, type: str, actor: str, object: object) -> Document:
    return {"@context": AS2, "id": id, "type": type, "actor": actor, "object": object}


def _around(id: str, type: str, actor: str, object: Mapping[str, object], *, published: object) -> Document:
    activity = _plain(id, type, actor, without_context(object))
    activity["@context"] = object.get("@context", AS2)
    if published is not None:
        activity["published"] = published
    return activity | _addressing_of(object)


def _answer(id: str, type: str, actor: str, follow_id: str, follower: str) -> Document:
    # Pixelfed drops an answer whose inner actor or object is anything but a string, and says nothing.
    inner = {"id": follow_id, "type": "Follow", "actor": follower, "object": actor}
    return _plain(id, type, actor, inner) | _addressed([follower])


def _addressed(to: Iterable[str], cc: Iterable[str] = ()) -> Document:
    second = list(cc)
    return {"to": list(to), "cc": second} if second else {"to": list(to)}


def _addressing_of(document: Mapping[str, object]) -> Document:
    return {name: as_list(document[name]) for name in ("to", "cc") if name in document}
