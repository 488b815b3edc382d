"""Votes in polls, ours and others', and telling how they ended. It must not fetch; a peer's poll arrives read."""

from collections.abc import Sequence

from activitypub import activities as build
from activitypub.questions import QuestionFields
from server.actions.network.outgoing import mint, send
from server.actions.network.represent import represent_post
from server.actions.telling.notify import notify
from server.actions.writing.ask import plan_end
from server.ids import MICROSECONDS, iso, parse_iso
from server.problems import Invalid, NotFound
from server.site import Site
from server.store.database import Transaction
from server.store.people.actors import Actor
from server.store.ties import follows
from server.store.writing import polls
from server.store.writing.polls import Option, Poll
from server.store.writing.posts import Post

# New counts go out together after this time (Mastodon's three minutes), not one Update for each vote.
COUNTS_SECONDS = 180
NO_POLL = "This post asks nothing."


async def vote(tx: Transaction, site: Site, voter: Actor, post: Post, author: Actor, choices: Sequence[int]) -> None:
    """Have one of our people vote; `choices` are positions of options. The caller has seen that they may see the post.

    Raises:
        NotFound: the post has no poll.
        Invalid: it is over, their own, answered already, or there is no such option.
    """
    poll = await polls.find(tx, post.id)
    if poll is None:
        raise NotFound(NO_POLL)
    wanted = sorted(set(choices))
    known = (await polls.list_choices(tx, voter.id, [post.id])).get(post.id, [])
    _check(poll, wanted, known, own=voter.id == author.id, now=site.clock.now())
    for position in wanted:
        await polls.vote(tx, post.id, voter.id, position, at=site.clock.now())
    if author.local:
        await _count(tx, site, post)
        return
    if not known:
        await polls.count_voter(tx, post.id)
    for position in wanted:
        await _send_vote(tx, site, voter, post, author, poll.options[position].title)
    await plan_end(tx, site, poll)


async def receive_vote(tx: Transaction, site: Site, voter: Actor, post: Post, title: str) -> str:
    """Count a peer's vote in a poll of ours; return what became of it. The caller has seen that they see the post."""
    poll = await polls.find(tx, post.id)
    position = next((place for place, one in enumerate(poll.options) if one.title == title), None) if poll else None
    if poll is None or position is None:
        return "there is no such option"
    if poll.is_over(site.clock.now()):
        return "the poll is over"
    if await follows.is_blocked(tx, by=post.actor_id, actor_id=voter.id):
        return "the author blocks the voter"
    known = (await polls.list_choices(tx, voter.id, [post.id])).get(post.id, [])
    if position in known or (known and not poll.multiple):
        return "they have voted"
    await polls.vote(tx, post.id, voter.id, position, at=site.clock.now())
    await _count(tx, site, post)
    return "voted"


async def keep_question(tx: Transaction, site: Site, post: Post, question: QuestionFields) -> None:
    """Store the poll of a peer's post, or take its new counts over; other options make it a new poll without votes."""
    known = await polls.find(tx, post.id)
    poll = _read(site, post, question, known)
    if known is not None and _is_same(known, poll):
        await polls.take_over(tx, poll)
        return
    await polls.drop_of_post(tx, post.id)
    await polls.add(tx, poll)


async def tell_counts(tx: Transaction, site: Site, author: Actor, post: Post) -> None:
    """Send how a poll of ours stands to everybody who got it. It is no edit, so its time stays."""
    activity_id, uri = mint(site, author)
    document = build.update(uri, author.uri, await represent_post(tx, site, author, post))
    await send(tx, site, author, activity_id, document, object_uri=post.uri)


async def tell_end(tx: Transaction, site: Site, author: Actor, post: Post) -> None:
    """Tell our people who voted, and the author, that a poll is over; once."""
    if not await polls.mark_told(tx, post.id, at=site.clock.now()):
        return
    voters = await polls.list_local_voters(tx, post.id)
    for told in [author, *voters]:
        await notify(tx, site, told, "poll", by=author, post_id=post.id)


def _check(poll: Poll, wanted: Sequence[int], known: Sequence[int], *, own: bool, now: int) -> None:
    if own:
        raise Invalid("You cannot vote in your own polls.")
    if poll.is_over(now):
        raise Invalid("The poll has already ended.")
    if not wanted or not all(0 <= choice < len(poll.options) for choice in wanted):
        raise Invalid("The chosen vote option does not exist.", field="choices")
    if len(wanted) > 1 and not poll.multiple:
        raise Invalid("This poll takes one choice.", field="choices")
    if set(wanted) & set(known) or (known and not poll.multiple):
        raise Invalid("You have already voted on this poll.")


async def _count(tx: Transaction, site: Site, post: Post) -> None:
    await polls.recount_voters(tx, post.id)
    not_before = site.clock.now() + COUNTS_SECONDS * MICROSECONDS
    await site.queue.enqueue(tx, "poll", {"post": post.id}, not_before=not_before, unique=f"poll_counts:{post.id}")


async def _send_vote(tx: Transaction, site: Site, voter: Actor, post: Post, author: Actor, title: str) -> None:
    activity_id, uri = mint(site, voter)
    note = {
        "id": f"{voter.uri}#votes/{activity_id}",
        "type": "Note",
        "name": title,
        "attributedTo": voter.uri,
        "inReplyTo": post.uri,
        "published": iso(site.clock.now()),
        "to": [author.uri],
    }
    document = build.create(uri, voter.uri, note)
    await send(tx, site, voter, activity_id, document, object_uri=str(note["id"]))


def _read(site: Site, post: Post, question: QuestionFields, known: Poll | None) -> Poll:
    now = site.clock.now()
    ends = parse_iso(question.closed) or parse_iso(question.ends)
    if question.is_closed and (ends is None or ends > now):
        ends = now
    return Poll(
        post_id=post.id,
        multiple=question.multiple,
        hide_totals=any(one.votes is None for one in question.options),
        expires_at=ends,
        voters_count=question.voters,
        checked_at=now,
        told_at=known.told_at if known else None,
        options=tuple(Option(one.title, one.votes or 0) for one in question.options),
    )


def _is_same(known: Poll, poll: Poll) -> bool:
    one, other = ([option.title for option in each.options] for each in (known, poll))
    return one == other and known.multiple == poll.multiple
