"""Builds what an actor of ours did as it would be told today, with the post as it is now. It shows it to nobody."""

import msgspec

from activitypub.activities import Document, without_context
from server.actions.network.represent import represent_post
from server.actions.network.represent_picture import represent_promised_create
from server.site import Site
from server.store.database import Reader
from server.store.network.activities import Activity
from server.store.people.actors import Actor
from server.store.writing import posts, promises

# These carry the whole post.
_WITH_POST = ("Create", "Update")


async def current_document(reader: Reader, site: Site, author: Actor, activity: Activity) -> Document | None:
    """Return an activity's document with the post in it as it is now; None when the post was deleted."""
    document = msgspec.json.decode(activity.document, type=dict[str, object])
    if activity.type not in _WITH_POST or activity.object_uri is None:
        return document
    post = await posts.find_by_uri(reader, activity.object_uri)
    if post is None:
        promise = await promises.find_by_activity(reader, activity.id)
        return document if promise is None else await represent_promised_create(reader, site, author, promise)
    if post.deleted_at is not None:
        return None
    if post.updated_at is None:
        return document
    return {**document, "object": without_context(await represent_post(reader, site, author, post))}
