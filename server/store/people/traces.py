"""Drops where our people's rows name an actor that was deleted. It must not drop blocks and mutes, should it return."""

from sqlalchemy import bindparam, delete, literal, select, update

from server.store.database import Transaction
from server.store.people.accounts import accounts
from server.store.people.actors import actors
from server.store.people.endorsements import endorsements
from server.store.people.private_notes import private_notes
from server.store.people.suggestions import dismissed_suggestions
from server.store.schema import Id
from server.store.telling.notice_policy import notification_permissions, notification_requests
from server.store.telling.notifications import KINDS, notifications
from server.store.ties.lists import list_members
from server.store.writing.consents import PENDING, consents
from server.store.writing.tags import featured_tags

_ACTOR = bindparam("actor", type_=Id)
_drops = (
    delete(list_members).where(list_members.c.target_id == _ACTOR),
    delete(featured_tags).where(featured_tags.c.actor_id == _ACTOR),
    delete(endorsements).where(endorsements.c.target_id == _ACTOR),
    delete(private_notes).where(private_notes.c.target_id == _ACTOR),
    delete(dismissed_suggestions).where(dismissed_suggestions.c.target_id == _ACTOR),
    delete(notification_requests).where(notification_requests.c.from_id == _ACTOR),
    delete(notification_permissions).where(notification_permissions.c.from_id == _ACTOR),
    # Nobody is left to hear an answer; what was allowed shows that what they did was theirs to do.
    delete(consents).where(consents.c.asker_id == _ACTOR, consents.c.state == literal(PENDING)),
    # By whom and of what kind, as the index has it: a look through all of them would hold everybody up.
    delete(notifications).where(
        notifications.c.actor_id.in_(select(accounts.c.actor_id)),
        notifications.c.kind.in_([literal(kind) for kind in sorted(KINDS)]),
        notifications.c.from_id == _ACTOR,
    ),
)
_blank = (
    update(actors)
    .where(actors.c.id == _ACTOR)
    .values(name=None, summary_html=None, icon_url=None, image_url=None, fields="[]")
)


async def drop_traces(tx: Transaction, actor_id: int) -> None:
    """Forget what our people kept of an actor or were told of it, and what it said of itself."""
    for statement in (*_drops, _blank):
        await tx.run(statement, actor=actor_id)
