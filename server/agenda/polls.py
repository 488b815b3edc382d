"""Job `poll`: sends how a poll of ours stands, and tells our people when one is over, ours or a peer's.

It must not count votes. Run twice, it says the same twice to peers, and to people once.
"""

from activitypub.authority import check_note
from activitypub.errors import ProtocolError
from activitypub.questions import QuestionFields
from server.actions.writing.ask import plan_end
from server.actions.writing.vote import keep_question, tell_counts, tell_end
from server.jobs.queue import Discard, Job, Retry
from server.remote.notes import fetch_note
from server.remote.seam import FetchFailed
from server.services import Services
from server.store.database import Transaction
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.writing import polls, posts
from server.store.writing.posts import Post

# The last counts of a peer's poll, which may count for some minutes itself; then ours have to do.
FETCH_ATTEMPTS = 3
FETCH_SECONDS = 120


async def handle(job: Job, services: Services) -> None:
    """Do what is due for one poll."""
    post_id = job.number("post")
    async with services.database.read() as reader:
        post = await posts.find(reader, post_id)
        author = await actors.find(reader, post.actor_id) if post is not None else None
    if post is None or author is None or post.deleted_at is not None:
        raise Discard("there is no such post any more")
    question = None if author.local else await _fetch(job, services, post, author)
    async with services.database.write() as tx:
        await _settle(tx, services, post, author, question)


async def _fetch(job: Job, services: Services, post: Post, author: Actor) -> QuestionFields | None:
    """How a peer's poll stands; None where it cannot be had."""
    try:
        note = await fetch_note(services, post.uri)
        check_note(author.uri, note, services.site.origin)
    except FetchFailed as failure:
        if failure.passing and job.attempt < FETCH_ATTEMPTS:
            raise Retry(FETCH_SECONDS * job.attempt, str(failure)) from None
        return None
    except ProtocolError:
        return None
    return note.question


async def _settle(
    tx: Transaction, services: Services, post: Post, author: Actor, question: QuestionFields | None
) -> None:
    site = services.site
    if question is not None:
        await keep_question(tx, site, post, question)
    poll = await polls.find(tx, post.id)
    if poll is None:
        return
    over = poll.is_over(site.clock.now())
    if author.local and (over or not poll.hide_totals):
        await tell_counts(tx, site, author, post)
    if over:
        await tell_end(tx, site, author, post)
    elif not author.local:
        # Its author has given it more time.
        await plan_end(tx, site, poll)
