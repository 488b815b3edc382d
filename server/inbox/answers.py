"""Finds which Follow of ours an Accept or Reject answers. It must not believe anybody but who was asked."""

from activitypub.authority import check_answer
from activitypub.reading import Activity
from activitypub.vocabulary import id_of, types_of
from server.inbox.ending import Ignored
from server.site import Site
from server.store.database import Reader
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.ties import follows


async def find_answered(reader: Reader, site: Site, activity: Activity) -> tuple[Actor, Actor]:
    """Return (our follower, the followed) of the Follow that is answered.

    By the id of our Follow; else, since peers rewrite ids, by the embedded Follow's actor, when that is one of ours.

    Raises:
        Ignored: we never asked.
        Forbidden: somebody else was asked.
    """
    follow = await follows.find_by_uri(reader, activity.object_id) if activity.object_id else None
    if follow is not None:
        follower = await actors.find(reader, follow.follower_id)
        followed = await actors.find(reader, follow.followed_id)
    else:
        follower, followed = await _by_actors(reader, site, activity)
    if follower is None or followed is None or not follower.local:
        raise Ignored("it answers no Follow of ours")
    check_answer(activity.actor, followed.uri)
    return follower, followed


async def _by_actors(reader: Reader, site: Site, activity: Activity) -> tuple[Actor | None, Actor | None]:
    inner = activity.object
    if not isinstance(inner, dict) or "Follow" not in types_of(inner):
        return None, None
    follower_uri, followed_uri = id_of(inner.get("actor")), id_of(inner.get("object"))
    if follower_uri is None or not site.is_ours(follower_uri) or followed_uri != activity.actor:
        return None, None
    follower = await actors.find_by_uri(reader, follower_uri)
    followed = await actors.find_by_uri(reader, followed_uri)
    if follower is None or followed is None or await follows.find(reader, follower.id, followed.id) is None:
        return None, None
    return follower, followed
