"""Does what a client of one of our people hands in at the outbox, and keeps it as their activity.

It must not fetch anything: what it is about has been looked up by the door, and is found in the store.
"""

from collections.abc import Awaitable, Callable, Mapping

from activitypub import fields
from activitypub.submission import Submission
from activitypub.vocabulary import as_list
from server.actions.clients import recording
from server.actions.clients.submit_change import submit_delete, submit_update
from server.actions.clients.submit_collect import submit_add, submit_remove
from server.actions.clients.submit_create import submit_create
from server.actions.clients.submit_follow import submit_accept, submit_block, submit_follow, submit_reject
from server.actions.clients.submit_react import submit_announce, submit_emoji, submit_like
from server.actions.clients.submit_undo import submit_undo
from server.actions.telling.report import COMMENT_AT_MOST, receive_report
from server.html import plain_text
from server.problems import Invalid
from server.site import Site
from server.store.clients import idempotency
from server.store.database import Reader, Transaction
from server.store.network import activities
from server.store.network.activities import Activity
from server.store.people.actors import Actor

Verb = Callable[[Transaction, Site, Actor, Submission], Awaitable[Activity]]

VERBS: Mapping[str, Verb] = {
    "Accept": submit_accept,
    "Add": submit_add,
    "Announce": submit_announce,
    "Block": submit_block,
    "Create": submit_create,
    "Delete": submit_delete,
    "EmojiReact": submit_emoji,
    "Follow": submit_follow,
    "Like": submit_like,
    "Reject": submit_reject,
    "Remove": submit_remove,
    "Undo": submit_undo,
    "Update": submit_update,
}
# These say something of an account that only its server can say; our followers would be led away.
_OURS_ALONE = frozenset({"Move"})
KEY_AT_MOST = 255
# A client of the other API may use the same words for another request.
_PREFIX = "outbox:"


async def submit(
    tx: Transaction, site: Site, author: Actor, submission: Submission, *, key: str | None = None
) -> Activity:
    """Do what was submitted, once for each `key`, and return the activity as it is stored.

    Raises:
        Problem: it may not be done, or makes no sense.
        ProtocolError: it cannot be read.
    """
    if key is not None and len(key) > KEY_AT_MOST:
        raise Invalid(f"An Idempotency-Key has at most {KEY_AT_MOST} characters.")
    known = await find_submitted(tx, site, author, key)
    if known is not None:
        return known
    stored = await _verb_of(submission.type)(tx, site, author, submission)
    if key is not None:
        await idempotency.put(tx, author.id, _PREFIX + key, made_id=stored.id, at=site.clock.now())
    return stored


def _verb_of(type: str) -> Verb:
    return _flag if type == "Flag" else VERBS.get(type, _distribute)


async def find_submitted(reader: Reader, site: Site, author: Actor, key: str | None) -> Activity | None:
    """Find the activity that the same request made before."""
    if not key:
        return None
    since = site.clock.now() - idempotency.KEPT
    made = await idempotency.find(reader, author.id, _PREFIX + key, since=since)
    return await activities.find(reader, made) if made is not None else None


async def _flag(tx: Transaction, site: Site, author: Actor, submission: Submission) -> Activity:
    """Tell the operator of what the client reports here; what it names elsewhere goes to whom it is for."""
    stored = await _distribute(tx, site, author, submission)
    named = [uri for one in as_list(submission.object) if (uri := fields.uri_of(one)) is not None]
    comment = plain_text(fields.text(submission.more, "content", COMMENT_AT_MOST * 4) or "")
    await receive_report(tx, site, author, stored.uri, named, comment)
    return stored


async def _distribute(tx: Transaction, site: Site, author: Actor, submission: Submission) -> Activity:
    """A type that does nothing here is kept and sent to whom it is for (statement 89)."""
    if submission.type in _OURS_ALONE:
        raise Invalid(f"A {submission.type} is nothing that a client does.", field="type")
    return await recording.store(
        tx, site, author, submission, object=submission.object, object_uri=submission.object_id
    )
