"""A client takes back something that its owner did. It must not undo what another actor did."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

import msgspec

from activitypub.activities import UNDONE, Document
from activitypub.authority import check_undo
from activitypub.emoji import read_reaction
from activitypub.submission import Submission
from activitypub.vocabulary import id_of, types_of
from server.actions.clients import recording
from server.actions.ties.follow import unblock, unfollow
from server.actions.writing.react import take_back
from server.actions.writing.react_emoji import take_emoji_back
from server.problems import Invalid, NotFound
from server.site import Site
from server.store.database import Reader, Transaction
from server.store.network import activities
from server.store.network.activities import Activity
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.reading import emoji_reactions, reactions
from server.store.reading.reactions import ANNOUNCE, LIKE
from server.store.ties import follows
from server.store.writing import posts

NOTHING = "There is no such activity of yours."
# What they did is changed in another way, or not at all.
_FINAL = frozenset({"Accept", "Create", "Delete", "Reject", "Undo", "Update"})
_KINDS = {"Like": LIKE, "Announce": ANNOUNCE}


async def submit_undo(tx: Transaction, site: Site, author: Actor, submission: Submission) -> Activity:
    """Reverse the activity, and tell those who were told of it.

    Raises:
        Forbidden: it is another actor's.
        Invalid: what was done so cannot be undone.
        NotFound: there is none, or it was undone.
    """
    undone = await _find_undone(tx, author, submission)
    if undone.type in _FINAL:
        raise Invalid(f"A {undone.type} cannot be undone.", field="object")
    document = msgspec.json.decode(undone.document, type=Document)
    object_uri = id_of(document.get("object")) or ""
    before = site.ids.new()
    if undone.type == "EmojiReact":
        await _ungive(tx, site, author, undone.uri)
    elif (reverse := _REVERSALS.get(undone.type)) is not None:
        await reverse(tx, site, author, object_uri)
    # Whoever is blocked hears no more of the Undo than of the Block.
    unwanted = [object_uri] if undone.type == "Block" else []
    told = recording.readdress(recording.recipients_of(document).joined(submission.addressed), never_to=unwanted)
    await activities.hide_one(tx, undone.id)
    sent = await recording.find_sent(tx, author, "Undo", after=before)
    if sent is not None:
        return await recording.enrich(tx, author, sent, submission, told)
    inner = {name: document[name] for name in UNDONE if name in document}
    whole = replace(submission, addressed=told)
    return await recording.store(tx, site, author, whole, object=inner, object_uri=undone.object_uri)


async def name_undone(reader: Reader, author: Actor, submission: Submission) -> str | None:
    """Return the type of what an Undo takes back, None where it is no Undo; raises like `submit_undo`."""
    return (await _find_undone(reader, author, submission)).type if submission.type == "Undo" else None


async def _find_undone(reader: Reader, author: Actor, submission: Submission) -> Activity:
    """By its id; else, since clients keep copies, by what the copy says was done to what."""
    found = await activities.find_by_uri(reader, submission.object_id) if submission.object_id else None
    if found is None:
        uri = await _find_by_copy(reader, author, submission.object)
        found = await activities.find_by_uri(reader, uri) if uri else None
    if found is None:
        raise NotFound(NOTHING)
    check_undo(author.uri, found.actor_uri)
    if found.visibility == activities.HIDDEN or not found.outgoing:
        raise NotFound(NOTHING)
    return found


async def _find_by_copy(reader: Reader, author: Actor, copy: object) -> str | None:
    if not isinstance(copy, dict):
        return None
    kind, object_uri = next(iter(types_of(copy)), ""), id_of(copy.get("object"))
    if object_uri is None:
        return None
    if kind in _KINDS:
        post = await posts.find_by_uri(reader, object_uri)
        reaction = (
            await reactions.find(reader, kind=_KINDS[kind], actor_id=author.id, post_id=post.id) if post else None
        )
        return reaction.uri if reaction else None
    if kind == "EmojiReact":
        post, emoji = await posts.find_by_uri(reader, object_uri), read_reaction(copy)
        given = (
            await emoji_reactions.find(reader, actor_id=author.id, post_id=post.id, emoji=emoji.text)
            if post and emoji
            else None
        )
        return given.uri if given else None
    target = await actors.find_by_uri(reader, object_uri)
    if target is not None and kind == "Follow":
        followed = await follows.find(reader, author.id, target.id)
        return followed.uri if followed else None
    if target is not None and kind == "Block":
        return await follows.find_block_uri(reader, author.id, target.id)
    return None


async def _unreact(tx: Transaction, site: Site, author: Actor, kind: str, object_uri: str) -> None:
    post = await posts.find_by_uri(tx, object_uri)
    if post is not None:
        await take_back(tx, site, kind, author, post)


async def _ungive(tx: Transaction, site: Site, author: Actor, uri: str) -> None:
    given = await emoji_reactions.find_by_uri(tx, uri)
    post = await posts.find(tx, given.post_id) if given else None
    if given is not None and post is not None:
        await take_emoji_back(tx, site, author, post, given.emoji)


async def _unlike(tx: Transaction, site: Site, author: Actor, object_uri: str) -> None:
    await _unreact(tx, site, author, LIKE, object_uri)


async def _unannounce(tx: Transaction, site: Site, author: Actor, object_uri: str) -> None:
    await _unreact(tx, site, author, ANNOUNCE, object_uri)


async def _unfollow(tx: Transaction, site: Site, author: Actor, object_uri: str) -> None:
    target = await actors.find_by_uri(tx, object_uri)
    if target is not None:
        await unfollow(tx, site, author, target)


async def _unblock(tx: Transaction, site: Site, author: Actor, object_uri: str) -> None:
    target = await actors.find_by_uri(tx, object_uri)
    if target is not None:
        await unblock(tx, author, target)


_REVERSALS: Mapping[str, Callable[[Transaction, Site, Actor, str], Awaitable[None]]] = {
    "Announce": _unannounce,
    "Block": _unblock,
    "Follow": _unfollow,
    "Like": _unlike,
}
