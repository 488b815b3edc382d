"""Keeps a post for later, moves it, gives it up, and publishes it at its time. It must not look anybody up."""

from dataclasses import dataclass, replace

import msgspec

from server.actions.writing.compose import Person
from server.actions.writing.publish import check_draft
from server.actions.writing.write_post import Writing, make_draft, write_post
from server.ids import MICROSECONDS
from server.problems import Invalid, NotFound
from server.site import Site
from server.store.database import Reader, Transaction
from server.store.people.actors import Actor
from server.store.writing import media, scheduled
from server.store.writing.posts import Post
from server.store.writing.scheduled import ScheduledPost

# Mastodon's (app/models/scheduled_status.rb): before that one can as well wait.
AHEAD_SECONDS = 300
IN_ALL_AT_MOST, A_DAY_AT_MOST = 300, 25
# What is meant for the next century is a mistake, and its time must still be a row's.
AHEAD_AT_MOST_SECONDS = 10 * 366 * 86_400
DAY = 86_400 * MICROSECONDS
ABSENT = "There is no such scheduled post."


@dataclass(frozen=True, slots=True)
class Later:
    """A post of later, read."""

    row: ScheduledPost
    writing: Writing


async def schedule_post(tx: Transaction, site: Site, author: Actor, writing: Writing, due_at: int) -> Later:
    """Keep `writing` until `due_at`; its pictures wait with it.

    Raises:
        Invalid: too soon or too late, too many, or it could not be published now either.
        NotFound, Forbidden: what it answers or quotes cannot be answered or quoted.
    """
    await _check_time(tx, site, author, due_at)
    check_draft(await make_draft(tx, author, writing))
    row = ScheduledPost(
        id=site.ids.new(),
        actor_id=author.id,
        due_at=due_at,
        wish=msgspec.json.encode(writing).decode(),
        created_at=site.clock.now(),
    )
    await scheduled.add(tx, row)
    await media.hold(tx, writing.picture_ids, row.id)
    await _plan(tx, site, row)
    return Later(row, writing)


async def move_scheduled(tx: Transaction, site: Site, author: Actor, later: Later, due_at: int) -> Later:
    """Give a post of later another time. Raises Invalid where that is too soon or too late."""
    await _check_time(tx, site, author, due_at, moved=later.row)
    row = replace(later.row, due_at=due_at)
    await scheduled.move(tx, row.id, due_at=due_at)
    await _plan(tx, site, row)
    return Later(row, later.writing)


async def cancel_scheduled(tx: Transaction, later: Later) -> None:
    """Give a post of later up; its pictures are like uploads that are not posted yet."""
    await scheduled.drop(tx, later.row.id)
    for picture_id in later.writing.picture_ids:
        await media.release(tx, picture_id)


async def find_scheduled(reader: Reader, author: Actor, scheduled_id: int) -> Later:
    """Return a post of later of `author`; raises NotFound."""
    row = await scheduled.find(reader, scheduled_id)
    if row is None or row.actor_id != author.id:
        raise NotFound(ABSENT)
    return read_scheduled(row)


def read_scheduled(row: ScheduledPost) -> Later:
    """Read a post of later."""
    return Later(row, msgspec.json.decode(row.wish, type=Writing))


async def publish_scheduled(
    tx: Transaction, site: Site, author: Actor, later: Later, people: tuple[Person, ...]
) -> Post:
    """Publish a post of later now; raises what `write_post` raises, and then it stays where it is."""
    post = await write_post(tx, site, author, later.writing, people=people, scheduled_id=later.row.id)
    await scheduled.drop(tx, later.row.id)
    return post


async def _check_time(
    tx: Transaction, site: Site, author: Actor, due_at: int, *, moved: ScheduledPost | None = None
) -> None:
    ahead = due_at - site.clock.now()
    if ahead < AHEAD_SECONDS * MICROSECONDS:
        raise Invalid("Validation failed: Scheduled at must be at least five minutes ahead", field="scheduled_at")
    if ahead > AHEAD_AT_MOST_SECONDS * MICROSECONDS:
        raise Invalid("Validation failed: Scheduled at is too far away", field="scheduled_at")
    start = due_at - due_at % DAY
    if moved is not None and start <= moved.due_at < start + DAY:
        return
    if moved is None and await scheduled.count(tx, author.id) >= IN_ALL_AT_MOST:
        raise Invalid(f"You have exceeded the limit of {IN_ALL_AT_MOST} scheduled posts")
    if await scheduled.count_within(tx, author.id, start=start, finish=start + DAY) >= A_DAY_AT_MOST:
        raise Invalid(f"You have exceeded the limit of {A_DAY_AT_MOST} scheduled posts for that day")


async def _plan(tx: Transaction, site: Site, row: ScheduledPost) -> None:
    name = f"publish_later:{row.id}:{row.due_at}"
    await site.queue.enqueue(tx, "publish_later", {"scheduled": row.id}, not_before=row.due_at, unique=name)
