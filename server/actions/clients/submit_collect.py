"""A client puts something into a collection of its own, or takes it out: the featured posts, or one it made.

It must not change what keeps itself: followers, likes and the like are no lists that anybody writes.
"""

from activitypub.hashtags import read_hashtag
from activitypub.submission import Submission
from server.actions.clients import recording
from server.actions.clients.submit_react import find_visible
from server.actions.ties.follow_tag import feature_tag, featured_tags_uri, read_tag, unfeature_tag
from server.actions.writing.pin import featured_uri, pin, unpin
from server.problems import Forbidden, Invalid, NotFound
from server.site import Site
from server.store.database import Reader, Transaction
from server.store.network.activities import Activity
from server.store.people.actors import Actor
from server.store.writing import collections
from server.store.writing.collections import Collection

# Each is a row that stays; who sorts more has found another use for it.
ITEMS_AT_MOST = 100_000


async def submit_add(tx: Transaction, site: Site, author: Actor, submission: Submission) -> Activity:
    """Put the object into the target.

    Raises:
        Forbidden: the target is somebody else's, or cannot be added to.
        NotFound: there is no such target or post.
        Invalid: there is too much in it.
    """
    if submission.target == featured_uri(author):
        return await _feature(tx, site, author, submission)
    if submission.target == featured_tags_uri(author):
        return await _feature_tag(tx, site, author, submission)
    collection = await _find_target(tx, author, submission)
    if await collections.count_items(tx, collection.id) >= ITEMS_AT_MOST:
        raise Invalid(f"A collection holds {ITEMS_AT_MOST} items.", field="target")
    await collections.put(tx, collection.id, submission.object_id or "", id=site.ids.new())
    return await _record(tx, site, author, submission)


async def submit_remove(tx: Transaction, site: Site, author: Actor, submission: Submission) -> Activity:
    """Take the object out of the target; raises like `submit_add`."""
    if submission.target == featured_uri(author):
        return await _feature(tx, site, author, submission)
    if submission.target == featured_tags_uri(author):
        return await _feature_tag(tx, site, author, submission)
    collection = await _find_target(tx, author, submission)
    await collections.take(tx, collection.id, submission.object_id or "")
    return await _record(tx, site, author, submission)


async def _feature(tx: Transaction, site: Site, author: Actor, submission: Submission) -> Activity:
    """Pin a post of one's own, or unpin it."""
    post, _ = await find_visible(tx, author, submission)
    before = site.ids.new()
    await (pin if submission.type == "Add" else unpin)(tx, site, author, post)
    sent = await recording.find_sent(tx, author, submission.type, after=before, object_uri=post.uri)
    if sent is not None:
        return await recording.enrich(tx, author, sent, submission)
    return await _record(tx, site, author, submission)


async def _feature_tag(tx: Transaction, site: Site, author: Actor, submission: Submission) -> Activity:
    """Show a hashtag on the profile, or no more."""
    name = read_tag(read_hashtag(submission.object) or "")
    before = site.ids.new()
    if submission.type == "Add":
        await feature_tag(tx, site, author, name)
    else:
        await unfeature_tag(tx, site, author, name=name)
    sent = await recording.find_sent(tx, author, submission.type, after=before)
    if sent is not None:
        return await recording.enrich(tx, author, sent, submission)
    return await _record(tx, site, author, submission)


async def _find_target(reader: Reader, author: Actor, submission: Submission) -> Collection:
    found = await collections.find_by_uri(reader, submission.target) if submission.target else None
    if found is not None and found.actor_id == author.id:
        if found.deleted_at is not None:
            raise NotFound("This collection is gone.")
        return found
    if found is None and (submission.target or "").startswith(f"{author.uri}/collections/"):
        raise NotFound("There is no such collection.")
    raise Forbidden("The target is no collection that you may change.")


async def _record(tx: Transaction, site: Site, author: Actor, submission: Submission) -> Activity:
    return await recording.store(
        tx, site, author, submission, object=submission.object, object_uri=submission.object_id
    )
