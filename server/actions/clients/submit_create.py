"""A client creates a post of any type, a vote, or a collection of its own. It must not fetch what is answered."""

from dataclasses import replace

import msgspec

from activitypub.extras import take_extras
from activitypub.fields import uri_of
from activitypub.submission import Submission
from activitypub.vocabulary import ACTOR_TYPES, COLLECTION_TYPES, as_list, types_of
from server.actions.clients import recording
from server.actions.clients.given import Given
from server.actions.clients.read_given import read_given
from server.actions.clients.submit_vote import submit_vote
from server.actions.network.represent_collection import represent_collection
from server.actions.painting.promise import is_waiting, promise_post
from server.actions.painting.wished import reserve_all
from server.actions.writing.publish import Draft, publish
from server.actions.writing.see import may_see_post
from server.problems import Conflict, Invalid
from server.site import Site
from server.store.database import Reader, Transaction
from server.store.network.activities import Activity
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.writing import collections, media, posts
from server.store.writing.collections import Collection
from server.store.writing.posts import Post

QUOTE_NAMES = ("quote", "quoteUri", "quoteUrl", "_misskey_quote")
_PAGES = frozenset({"CollectionPage", "OrderedCollectionPage"})
# What somebody sorts by hand; each is a row that stays.
COLLECTIONS_AT_MOST = 1000
ITEMS_AT_MOST = 1000
# What of a collection is ours to say.
_OURS = frozenset({"items", "orderedItems", "totalItems", "first", "last", "current", "next", "prev", "partOf"})
_WRITTEN = ("summary", "content", "tag", "attachment", "sensitive")


async def submit_create(tx: Transaction, site: Site, author: Actor, submission: Submission) -> Activity:
    """Create the object.

    Raises:
        Forbidden: it uses somebody else's upload.
        Invalid: it is a thing that is not created here.
        Malformed: it cannot be read.
    """
    types = types_of(submission.embedded)
    if ACTOR_TYPES.intersection(types):
        raise Invalid("An actor is made by registering.", field="object")
    if COLLECTION_TYPES.intersection(types):
        return await _create_collection(tx, site, author, submission)
    voted = await submit_vote(tx, site, author, submission)
    return voted or await _create_post(tx, site, author, submission)


async def _create_post(tx: Transaction, site: Site, author: Actor, submission: Submission) -> Activity:
    read = await read_given(tx, site, author, submission)
    picture_ids = await reserve_all(tx, site, author, read.picture_ids, read.wished)
    quoted = await _find_quoted(tx, author, read.given)
    before = site.ids.new()
    draft = Draft(
        text=read.source,
        visibility=read.given.visibility(author),
        people=read.people,
        picture_ids=picture_ids,
        summary=read.summary,
        sensitive=read.sensitive,
        language=read.language,
        in_reply_to=await _find_parent(tx, author, read.in_reply_to),
        given=_without_quote(read.given) if quoted is not None else read.given,
        asked=read.asked,
        quoted=quoted,
    )
    for picture_id, alt in read.alts:
        await media.describe(tx, picture_id, alt)
    if await is_waiting(tx, draft):
        return (await promise_post(tx, site, author, draft)).activity
    post = await publish(tx, site, author, draft)
    sent = await recording.find_sent(tx, author, "Create", after=before, object_uri=post.uri)
    if sent is None:
        raise Conflict("The post was not published.")
    return sent


async def _find_quoted(reader: Reader, author: Actor, given: Given) -> Post | None:
    """What is quoted, under any of the names in use; what we do not know is only passed on."""
    named = [uri for name in QUOTE_NAMES if (uri := uri_of(given.extra.get(name))) is not None]
    return await _find_parent(reader, author, named[0]) if named else None


def _without_quote(given: Given) -> Given:
    """Who may quote is settled here, and written anew each time."""
    return replace(given, extra={name: value for name, value in given.extra.items() if name not in QUOTE_NAMES})


async def _find_parent(reader: Reader, author: Actor, uri: str | None) -> Post | None:
    """What is answered, if the author may see it: an address can be guessed."""
    parent = await posts.find_by_uri(reader, uri) if uri else None
    asked = await actors.find(reader, parent.actor_id) if parent is not None else None
    if parent is None or asked is None or parent.deleted_at is not None:
        return None
    return parent if await may_see_post(reader, parent, asked, author) else None


async def _create_collection(tx: Transaction, site: Site, author: Actor, submission: Submission) -> Activity:
    document = submission.embedded
    types = types_of(document)
    if _PAGES.intersection(types):
        raise Invalid("A page is no collection.", field="object")
    if await collections.count_of_actor(tx, author.id) >= COLLECTIONS_AT_MOST:
        raise Invalid(f"One may keep {COLLECTIONS_AT_MOST} collections.")
    listed = [uri_of(value) for name in ("orderedItems", "items") for value in as_list(document.get(name))]
    if len(listed) > ITEMS_AT_MOST:
        raise Invalid(f"A collection may begin with {ITEMS_AT_MOST} items.", field="object")
    collection = _collection(site, author, submission, ordered="OrderedCollection" in types)
    await collections.add(tx, collection)
    for uri in reversed([uri for uri in listed if uri is not None]):
        await collections.put(tx, collection.id, uri, id=site.ids.new())
    total = await collections.count_items(tx, collection.id)
    shown = represent_collection(author, collection, total=total)
    return await recording.store(tx, site, author, submission, object=_bare(shown), object_uri=collection.uri)


def _collection(site: Site, author: Actor, submission: Submission, *, ordered: bool) -> Collection:
    document = submission.embedded
    addressed = submission.addressed
    collection_id = site.ids.new()
    return Collection(
        id=collection_id,
        uri=site.collection_uri(author.username, collection_id),
        actor_id=author.id,
        ordered=ordered,
        extra=msgspec.json.encode(describe(document)).decode(),
        to_uris=msgspec.json.encode(addressed.to).decode(),
        cc_uris=msgspec.json.encode(addressed.cc).decode(),
        blind_uris=msgspec.json.encode((*addressed.blind, *addressed.audience)).decode(),
        created_at=site.clock.now(),
        updated_at=None,
        deleted_at=None,
    )


def describe(document: dict[str, object]) -> dict[str, object]:
    """What an owner says about a collection, without what we say."""
    written = {name: document[name] for name in _WRITTEN if document.get(name) is not None}
    return take_extras(document, known=_OURS) | written


def _bare(document: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in document.items() if name != "@context"}
