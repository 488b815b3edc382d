"""A client votes: it creates a Note that names an option of the poll it answers (FEP-9967).

It must not make that a post.
"""

from dataclasses import replace

from activitypub.reading import RemoteNote, read_note
from activitypub.submission import Addressed, Submission
from activitypub.vocabulary import types_of
from server.actions.clients import recording
from server.actions.writing.see import may_see_post
from server.actions.writing.vote import vote
from server.ids import iso
from server.problems import Conflict, Invalid
from server.site import Site
from server.store.database import Transaction
from server.store.network.activities import Activity
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.writing import polls, posts
from server.store.writing.posts import Post


async def submit_vote(tx: Transaction, site: Site, author: Actor, submission: Submission) -> Activity | None:
    """Vote; None where the object answers no poll that its author may see.

    Raises:
        Invalid: there is no such option, the poll is over, their own, or was answered already.
    """
    note = _read(author, submission)
    post = await posts.find_by_uri(tx, note.in_reply_to) if note is not None and note.in_reply_to else None
    asker = await actors.find(tx, post.actor_id) if post is not None and post.deleted_at is None else None
    poll = await polls.find(tx, post.id) if post is not None else None
    if note is None or post is None or asker is None or poll is None:
        return None
    if not await may_see_post(tx, post, asker, author):
        return None
    position = next((place for place, one in enumerate(poll.options) if one.title == note.name), None)
    if position is None:
        raise Invalid("The chosen vote option does not exist.", field="object")
    before = site.ids.new()
    await vote(tx, site, author, post, asker, [position])
    if asker.local:
        return await _record(tx, site, author, submission, post, note)
    sent = await recording.find_sent(tx, author, "Create", after=before)
    if sent is None:
        raise Conflict("The vote was not sent.")
    return sent


def _read(author: Actor, submission: Submission) -> RemoteNote | None:
    document = submission.embedded
    if "Note" not in types_of(document):
        return None
    note = read_note({**document, "id": author.uri, "attributedTo": author.uri})
    return note if note.is_vote else None


async def _record(
    tx: Transaction, site: Site, author: Actor, submission: Submission, post: Post, note: RemoteNote
) -> Activity:
    """Counted here; nobody has to be told what was chosen."""
    number = site.ids.new()
    chosen = {
        "id": f"{author.uri}#votes/{number}",
        "type": "Note",
        "name": note.name,
        "attributedTo": author.uri,
        "inReplyTo": post.uri,
        "published": iso(site.clock.now()),
    }
    alone = replace(submission, addressed=Addressed())
    return await recording.store(tx, site, author, alone, object=chosen, object_uri=str(chosen["id"]))
