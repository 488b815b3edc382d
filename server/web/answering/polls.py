"""Polls on the pages: how one stands, and voting in it. It must not count; the store does."""

from dataclasses import dataclass

from quart import Response

from server.actions.network.look_up import ask_poll
from server.actions.writing.vote import NO_POLL, vote
from server.problems import Invalid, NotFound
from server.store.database import Reader
from server.store.writing import polls
from server.store.writing.polls import Poll
from server.store.writing.posts import Post
from server.web.gallery.cards import post_path
from server.web.gallery.seen import find_seen
from server.web.visit import Route, Visit


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer that a poll offers. `percent` of those who voted chose it; None where that is not told."""

    position: int
    title: str
    votes: int
    percent: int | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class ShownPoll:
    """A poll for one reader. `asks`: they may vote; `tells`: they may see how it stands."""

    answers: tuple[Answer, ...]
    multiple: bool
    over: bool
    asks: bool
    tells: bool
    voters: int
    ends_at: int | None


async def find_poll(reader: Reader, visit: Visit, post: Post) -> ShownPoll | None:
    """Return the poll of a post as the visitor is shown it."""
    poll = await polls.find(reader, post.id)
    if poll is None:
        return None
    viewer_id = visit.viewer_id
    choices = (await polls.list_choices(reader, viewer_id, [post.id])).get(post.id, []) if viewer_id else []
    may_answer = viewer_id is not None and post.actor_id != viewer_id
    return show_poll(poll, choices=frozenset(choices), may_answer=may_answer, now=visit.site.clock.now())


def show_poll(poll: Poll, *, choices: frozenset[int], may_answer: bool, now: int) -> ShownPoll:
    """Return a poll for who chose `choices`."""
    over = poll.is_over(now)
    tells = over or not poll.hide_totals
    # Of one answer each, votes and voters are the same; some peers tell only the one.
    voters = poll.voters_count or 0 if poll.multiple else poll.votes_count
    whole = max(voters, max((one.votes_count for one in poll.options), default=0))
    return ShownPoll(
        answers=tuple(
            Answer(
                position=position,
                title=one.title,
                votes=one.votes_count,
                percent=(round(100 * one.votes_count / whole) if whole else 0) if tells else None,
                chosen=position in choices,
            )
            for position, one in enumerate(poll.options)
        ),
        multiple=poll.multiple,
        over=over,
        asks=may_answer and not over and not choices,
        tells=tells,
        voters=voters,
        ends_at=poll.expires_at,
    )


async def cast(visit: Visit, post_id: int) -> Response:
    """Vote in the poll of a post that I may see."""
    choices = _read_choices(visit)
    async with visit.web.services.database.write() as tx:
        post, author = await find_seen(tx, visit, post_id)
        await vote(tx, visit.site, visit.me.actor, post, author, choices)
    return visit.go(f"{post_path(author, post)}#poll")


async def refresh(visit: Visit, post_id: int) -> Response:
    """Have a peer asked how its poll stands."""
    async with visit.web.services.database.write() as tx:
        post, author = await find_seen(tx, visit, post_id)
        if await polls.find(tx, post.id) is None:
            raise NotFound(NO_POLL)
        if not post.local:
            await ask_poll(tx, visit.site, post)
    return visit.go(f"{post_path(author, post)}#poll")


def _read_choices(visit: Visit) -> list[int]:
    """The positions chosen: `choice` has the one, `choice-2` is there for each of several."""
    texts = [value for name, value in visit.form.items() if name == "choice" or name.startswith("choice-")]
    if not texts:
        raise Invalid("Choose an answer first.", field="choice")
    if not all(text.isascii() and text.isdigit() and len(text) < 4 for text in texts):
        raise Invalid("There is no such answer.", field="choice")
    return [int(text) for text in texts]


ROUTES = (
    Route("POST", "/posts/<id:post_id>/vote", cast, "person"),
    Route("POST", "/posts/<id:post_id>/refresh", refresh, "person"),
)
