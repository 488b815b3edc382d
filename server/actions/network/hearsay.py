"""Has looked up at its origin what somebody says that another did, without anything that vouches for it.

It must not believe a word of it, beyond which question is worth asking.
"""

from activitypub.fields import first, uri
from activitypub.reading import Activity
from activitypub.vocabulary import same_origin
from server.site import Site
from server.store.database import Reader, Transaction
from server.store.people import actors
from server.store.ties import follows
from server.store.writing import posts


async def is_worth_asking(reader: Reader, site: Site, activity: Activity) -> bool:
    """Whether the origin's answer could change anything here: a post that we have, or one that we would keep."""
    object_id = activity.object_id
    if object_id is None or site.is_ours(object_id) or not same_origin(object_id, activity.actor):
        return False
    known = await posts.find_by_uri(reader, object_id)
    if known is not None or activity.type != "Create":
        return known is not None and known.deleted_at is None and activity.type != "Create"
    author = await actors.find_by_uri(reader, activity.actor)
    if author is not None and await follows.has_local_follower(reader, author.id):
        return True
    return await _is_told(reader, site, activity) or await _is_answer(reader, activity)


async def _is_told(reader: Reader, site: Site, activity: Activity) -> bool:
    """Whether it names somebody here."""
    for named in (*activity.to, *activity.cc):
        if site.is_ours(named) and await actors.find_by_uri(reader, named) is not None:
            return True
    return False


async def _is_answer(reader: Reader, activity: Activity) -> bool:
    document = first(activity.object)
    answered = uri(document, "inReplyTo") if isinstance(document, dict) else None
    return answered is not None and await posts.find_by_uri(reader, answered) is not None


async def ask_origin(tx: Transaction, site: Site, activity: Activity) -> None:
    """Have the object of a Create, Update or Delete looked up where it lives."""
    payload = {"uri": str(activity.object_id), "type": activity.type}
    await site.queue.enqueue(tx, "hearsay", payload, unique=f"hearsay:{activity.type}:{activity.object_id}")
