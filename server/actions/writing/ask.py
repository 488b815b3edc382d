"""Makes a poll of one of our posts, and says how it stands for its document. It must not count votes; `vote` does."""

from dataclasses import dataclass

from activitypub.questions import OptionFields, QuestionFields
from server.ids import MICROSECONDS, iso
from server.problems import Invalid
from server.site import Site
from server.store.database import Reader, Transaction
from server.store.writing import polls
from server.store.writing.polls import Option, Poll
from server.store.writing.posts import Post

# Mastodon's, which clients have built in where they do not ask (app/validators/poll_options_validator.rb).
OPTIONS_AT_LEAST, OPTIONS_AT_MOST = 2, 4
TITLE_AT_MOST = 50
SECONDS_AT_LEAST, SECONDS_AT_MOST = 300, 2_629_746


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A poll as its author wants it."""

    options: tuple[str, ...]
    seconds: int
    multiple: bool = False
    hide_totals: bool = False


def check_poll(asked: Asked) -> None:
    """See that a poll can be asked.

    Raises:
        Invalid: too few or too many options, one too long or twice, or a time out of bounds.
    """
    if not OPTIONS_AT_LEAST <= len(asked.options) <= OPTIONS_AT_MOST:
        raise Invalid(f"A poll needs {OPTIONS_AT_LEAST} to {OPTIONS_AT_MOST} options.", field="poll[options]")
    if not all(option.strip() for option in asked.options):
        raise Invalid("An option of the poll is empty.", field="poll[options]")
    if any(len(option) > TITLE_AT_MOST for option in asked.options):
        raise Invalid(f"An option of a poll may have {TITLE_AT_MOST} characters.", field="poll[options]")
    if len(set(asked.options)) < len(asked.options):
        raise Invalid("Two options of the poll are the same.", field="poll[options]")
    if not SECONDS_AT_LEAST <= asked.seconds <= SECONDS_AT_MOST:
        raise Invalid(
            f"A poll lasts between {SECONDS_AT_LEAST} and {SECONDS_AT_MOST} seconds.", field="poll[expires_in]"
        )


async def ask(tx: Transaction, site: Site, post: Post, asked: Asked) -> None:
    """Give a stored post of ours its poll, in place of one that it had."""
    check_poll(asked)
    now = site.clock.now()
    await polls.drop_of_post(tx, post.id)
    poll = Poll(
        post_id=post.id,
        multiple=asked.multiple,
        hide_totals=asked.hide_totals,
        expires_at=now + asked.seconds * MICROSECONDS,
        voters_count=0,
        checked_at=now,
        told_at=None,
        options=tuple(Option(title.strip(), 0) for title in asked.options),
    )
    await polls.add(tx, poll)
    await plan_end(tx, site, poll)


async def plan_end(tx: Transaction, site: Site, poll: Poll) -> None:
    """Have the end of a poll told when it comes."""
    if poll.expires_at is not None:
        name = f"poll_end:{poll.post_id}:{poll.expires_at}"
        await site.queue.enqueue(tx, "poll", {"post": poll.post_id}, not_before=poll.expires_at, unique=name)


async def represent_poll(reader: Reader, site: Site, post: Post) -> QuestionFields | None:
    """Return the poll of one of our posts as it stands; what is hidden until the end is left out."""
    poll = await polls.find(reader, post.id)
    if poll is None:
        return None
    over = poll.is_over(site.clock.now())
    hidden = poll.hide_totals and not over
    ends = iso(poll.expires_at) if poll.expires_at is not None else None
    return QuestionFields(
        options=tuple(OptionFields(one.title, None if hidden else one.votes_count) for one in poll.options),
        multiple=poll.multiple,
        ends=ends,
        closed=ends if over else None,
        is_closed=over,
        voters=None if hidden else poll.voters_count,
    )
