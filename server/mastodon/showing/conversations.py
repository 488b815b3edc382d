"""Shows conversations as clients know them. It must not decide who is in one."""

from collections.abc import Sequence

from server.mastodon.entities.notices import Conversation
from server.mastodon.showing.accounts import show_by_id
from server.mastodon.showing.statuses import show_statuses
from server.site import Site
from server.store.database import Reader
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.writing import posts
from server.store.writing.conversations import Conversation as Kept


async def show_conversations(reader: Reader, site: Site, found: Sequence[Kept], viewer: Actor) -> list[Conversation]:
    """Return conversations in their order. Whoever speaks to themselves is all there is in it."""
    if not found:
        return []
    ids = [actor_id for one in found for actor_id in (*one.participant_ids, one.actor_id)]
    people = await actors.find_many(reader, ids)
    shown = await show_by_id(reader, site, [one for one in people.values() if one.gone_at is None])
    last = await posts.find_many(reader, [one.last_post_id for one in found])
    living = [post for post in last.values() if post.deleted_at is None]
    statuses = {one.id: one for one in await show_statuses(reader, site, living, viewer)}
    return [
        Conversation(
            id=str(one.id),
            unread=one.unread,
            accounts=[shown[other] for other in one.participant_ids or (one.actor_id,) if other in shown],
            last_status=statuses.get(str(one.last_post_id)),
        )
        for one in found
    ]
