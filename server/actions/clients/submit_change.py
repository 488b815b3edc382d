"""A client changes or deletes what its owner made, or changes its owner's profile. It must not touch others' things.

An Update in this direction is partial: the keys that are given replace, null removes, absent ones stay (ActivityPub
6.3). What is delivered is the whole new object.
"""

from dataclasses import replace

import msgspec

from activitypub import fields
from activitypub.activities import Document, without_context
from activitypub.audience import visibility_of
from activitypub.languages import MAPS
from activitypub.submission import Addressed, Submission, read_addressed
from activitypub.vocabulary import as_list, types_of
from server.actions.clients import recording
from server.actions.clients.change_given import change_given
from server.actions.clients.read_given import Read, read_object
from server.actions.clients.submit_create import QUOTE_NAMES, describe
from server.actions.clients.submit_react import find_visible
from server.actions.network.represent import represent_post
from server.actions.network.represent_collection import represent_collection
from server.actions.painting.promise import take_back
from server.actions.people.profile import ProfileChange, change_profile
from server.actions.writing.remove import remove_post
from server.html import plain_text
from server.problems import Conflict, Forbidden, Invalid, NotFound
from server.site import Site
from server.store.database import Reader, Transaction
from server.store.network.activities import Activity
from server.store.people.actors import Actor
from server.store.writing import collections, posts, promises
from server.store.writing.collections import Collection
from server.store.writing.posts import Post
from server.store.writing.promises import Promise

ABSENT = "There is no such object of yours."
# These are ours to say, whatever a client sends back of what it once read.
_FIXED = frozenset(
    {"@context", "id", "type", "actor", "attributedTo", "published", "updated", "inReplyTo", "url", "to", "cc", "bto"}
    | {"bcc", "audience", "replies", "likes", "shares", "totalItems", "first", "last", "genAI", "interactionPolicy"}
    | frozenset(QUOTE_NAMES)
)
# What of a post as we show it its client wrote. The rest is ours, and true only now: a quote may be revoked.
_WRITTEN = frozenset(
    {"content", "summary", *MAPS.values(), "sensitive", "source", "tag", "attachment", "oneOf", "anyOf", "endTime"}
    | {"closed", "votersCount"}
)
# Of these we show the client's own together with ours.
_SHARED = frozenset({"attachment", "tag", "type", "audience"})


async def submit_update(tx: Transaction, site: Site, author: Actor, submission: Submission) -> Activity:
    """Change a post, a collection or the profile.

    Raises:
        Forbidden: it is somebody else's.
        Invalid: it would become another thing, or be for other people.
        NotFound: there is none.
    """
    partial = submission.embedded
    if submission.object_id == author.uri:
        return await _update_profile(tx, site, author, submission, partial)
    collection = await _find_collection(tx, author, submission)
    if collection is not None:
        return await _update_collection(tx, site, author, submission, collection, partial)
    post = await _find_post(tx, author, submission)
    if post is None or post.deleted_at is not None:
        raise NotFound(ABSENT)
    return await _update_post(tx, site, author, submission, post, partial)


async def submit_delete(tx: Transaction, site: Site, author: Actor, submission: Submission) -> Activity:
    """Delete a post or a collection; a tombstone stays.

    Raises:
        Forbidden: it is somebody else's.
        Invalid: it is the account itself.
        NotFound: there is none, or it was deleted.
    """
    if submission.object_id == author.uri:
        raise Invalid("An account is not deleted here.", field="object")
    collection = await _find_collection(tx, author, submission)
    if collection is not None:
        return await _delete_collection(tx, site, author, submission, collection)
    promise = await _find_promise(tx, site, author, submission)
    if promise is not None:
        return await _take_back(tx, site, author, submission, promise)
    post = await _find_post(tx, author, submission)
    if post is None or post.deleted_at is not None:
        raise NotFound(ABSENT)
    before = site.ids.new()
    await remove_post(tx, site, author, post)
    sent = await recording.find_sent(tx, author, "Delete", after=before, object_uri=post.uri)
    if sent is None:
        raise Conflict("The post was not deleted.")
    return await recording.enrich(tx, author, sent, submission, _addressed(post).joined(submission.addressed))


async def _find_promise(reader: Reader, site: Site, author: Actor, submission: Submission) -> Promise | None:
    """A post whose pictures are still painted."""
    number = (submission.object_id or "").rpartition("/")[2]
    promise = await promises.find(reader, int(number)) if number.isdecimal() and len(number) < 19 else None
    if promise is None or site.post_uri(author.username, promise.post_id) != submission.object_id:
        return None
    return promise if promise.actor_id == author.id else None


async def _take_back(tx: Transaction, site: Site, author: Actor, submission: Submission, promise: Promise) -> Activity:
    """Nobody has heard of it, so nobody is told that it is gone."""
    await take_back(tx, site, promise)
    nobody = submission.addressed.everybody
    uri = submission.object_id
    return await recording.store(tx, site, author, submission, object=uri, object_uri=uri, never_to=nobody)


async def _find_post(reader: Reader, author: Actor, submission: Submission) -> Post | None:
    post = await posts.find_by_uri(reader, submission.object_id) if submission.object_id else None
    if post is None or post.actor_id == author.id:
        return post
    await find_visible(reader, author, submission)
    raise Forbidden("This post is not yours.")


async def _find_collection(reader: Reader, author: Actor, submission: Submission) -> Collection | None:
    found = await collections.find_by_uri(reader, submission.object_id) if submission.object_id else None
    if found is None:
        return None
    if found.actor_id != author.id:
        raise Forbidden("This collection is not yours.")
    if found.deleted_at is not None:
        raise NotFound(ABSENT)
    return found


async def _update_post(
    tx: Transaction, site: Site, author: Actor, submission: Submission, post: Post, partial: Document
) -> Activity:
    _check_type(partial, (post.type, *types_of(post.more)))
    addressed = _addressed(post).joined(submission.addressed).joined(read_addressed(partial))
    visibility = visibility_of(
        addressed.to, (*addressed.cc, *addressed.audience, *addressed.blind), author.followers_uri
    )
    if visibility != post.visibility:
        raise Invalid("Who may see a post cannot be changed.", field="to")
    merged = _merge(await _as_written(tx, site, author, post), partial)
    read = await read_object(tx, site, author, merged, addressed, submission=submission, post_id=post.id)
    if read.wished:
        raise Invalid("A prompt is sent with a Create or to uploadMedia.", field="attachment")
    before = site.ids.new()
    await change_given(tx, site, author, post, _keep_unchanged(read, post, partial))
    sent = await recording.find_sent(tx, author, "Update", after=before, object_uri=post.uri)
    if sent is None:
        raise Conflict("The post was not changed.")
    return await recording.enrich(tx, author, sent, submission, addressed)


def _check_type(partial: Document, allowed: tuple[str, ...]) -> None:
    if not set(types_of(partial)).issubset(allowed):
        raise Invalid("The type of an object cannot be changed.", field="type")


def _addressed(post: Post) -> Addressed:
    """To whom a post goes. Who was named in bto and who in bcc is not known any more, and makes no difference."""
    audience = tuple(uri for uri in as_list(post.more.get("audience")) if isinstance(uri, str))
    blind = tuple(uri for uri in post.blind if uri not in audience)
    return Addressed(to=post.to, cc=post.cc, audience=audience, bcc=blind)


async def _as_written(reader: Reader, site: Site, author: Actor, post: Post) -> Document:
    """A post in the words of its client: as it is shown, without what we say about it."""
    shown = await represent_post(reader, site, author, post)
    written = {name: value for name, value in shown.items() if name in _WRITTEN}
    own = {name: value for name, value in post.more.items() if name not in _SHARED and name not in MAPS.values()}
    return written | own | {"type": shown["type"], "inReplyTo": shown.get("inReplyTo"), "genAI": post.generated}


def _merge(written: Document, partial: Document) -> Document:
    merged = {name: value for name, value in written.items() if not (name in partial and partial[name] is None)}
    merged |= {name: value for name, value in partial.items() if name not in _FIXED and value is not None}
    if "content" in partial and "contentMap" not in partial:
        spoken = written.get("contentMap")
        language = next(iter(spoken), None) if isinstance(spoken, dict) else None
        merged["contentMap"] = {language: partial["content"]} if language and partial["content"] else None
    for name in ("summary", "name"):
        if name in partial and MAPS[name] not in partial:
            # The old words in other languages.
            merged.pop(MAPS[name], None)
    if "content" in partial and "source" not in partial:
        # The text that the old words were made from.
        merged.pop("source", None)
    return merged


def _keep_unchanged(read: Read, post: Post, partial: Document) -> Read:
    """What the client did not write stays letter by letter: reading it once more would not leave it the same."""
    extra = dict(read.given.extra)
    if "name" not in partial and "name" in post.more:
        extra["name"] = post.more["name"]
    for name, spoken in MAPS.items():
        if name not in partial and spoken not in partial and spoken in post.more:
            extra[spoken] = post.more[spoken]
    given = replace(read.given, extra=extra)
    if "content" not in partial and "contentMap" not in partial:
        given = replace(given, content_html=post.content_html)
        read = replace(read, source=read.source or post.source or "", language=post.language)
    if "summary" not in partial:
        read = replace(read, summary=post.summary)
    return replace(read, given=given)


async def _update_collection(
    tx: Transaction, site: Site, author: Actor, submission: Submission, known: Collection, partial: Document
) -> Activity:
    _check_type(partial, (known.type, *types_of(known.more)))
    merged = {name: value for name, value in known.more.items() if not (name in partial and partial[name] is None)}
    merged |= describe({name: value for name, value in partial.items() if name not in _FIXED and value is not None})
    changed = replace(known, extra=msgspec.json.encode(merged).decode(), updated_at=site.clock.now())
    await collections.edit(tx, known.id, extra=changed.extra, at=site.clock.now())
    total = await collections.count_items(tx, known.id)
    shown = without_context(represent_collection(author, changed, total=total))
    whole = replace(submission, addressed=_collection_addressed(known).joined(submission.addressed))
    return await recording.store(tx, site, author, whole, object=shown, object_uri=known.uri)


async def _delete_collection(
    tx: Transaction, site: Site, author: Actor, submission: Submission, known: Collection
) -> Activity:
    await collections.bury(tx, known.id, at=site.clock.now())
    tombstone = {"id": known.uri, "type": "Tombstone", "formerType": known.type}
    whole = replace(submission, addressed=_collection_addressed(known).joined(submission.addressed))
    return await recording.store(tx, site, author, whole, object=tombstone, object_uri=known.uri)


def _collection_addressed(collection: Collection) -> Addressed:
    return Addressed(to=collection.to, cc=collection.cc, bcc=collection.blind)


async def _update_profile(
    tx: Transaction, site: Site, author: Actor, submission: Submission, partial: Document
) -> Activity:
    _check_type(partial, (author.type,))
    before = site.ids.new()
    await change_profile(tx, site, author, _profile_change(partial))
    sent = await recording.find_sent(tx, author, "Update", after=before, object_uri=author.uri)
    if sent is None:
        raise Conflict("The profile was not changed.")
    return await recording.enrich(tx, author, sent, submission)


def _profile_change(partial: Document) -> ProfileChange:
    return ProfileChange(
        name=_text(partial, "name"),
        summary=_text(partial, "summary"),
        locked=_flag(partial, "manuallyApprovesFollowers"),
        discoverable=_flag(partial, "discoverable"),
        indexable=_flag(partial, "indexable"),
        drops_icon="icon" in partial and partial["icon"] is None,
        drops_image="image" in partial and partial["image"] is None,
    )


def _text(partial: Document, name: str) -> str | None:
    """None where it is absent, and empty where it is to be removed."""
    if name not in partial:
        return None
    return plain_text(fields.text(partial, name, 10_000) or "")


def _flag(partial: Document, name: str) -> bool | None:
    return fields.boolean(partial, name) if name in partial else None
