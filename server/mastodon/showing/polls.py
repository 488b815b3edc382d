"""Shows polls as clients know them. It must not look anything up."""

from collections.abc import Sequence

from server.mastodon.entities.basics import Poll, PollOption
from server.mastodon.words import show_time
from server.store.writing import polls


def show_poll(poll: polls.Poll, *, choices: Sequence[int], mine: bool, now: int) -> Poll:
    """Return a poll for who chose `choices`, or wrote it (`mine`: its author counts as having voted)."""
    over = poll.is_over(now)
    hidden = poll.hide_totals and not over
    return Poll(
        id=str(poll.post_id),
        expires_at=show_time(poll.expires_at),
        expired=over,
        multiple=poll.multiple,
        votes_count=poll.votes_count,
        voters_count=poll.voters_count if poll.multiple else poll.votes_count,
        options=[
            PollOption(title=option.title, votes_count=None if hidden else option.votes_count)
            for option in poll.options
        ],
        emojis=[],
        voted=mine or bool(choices),
        own_votes=list(choices),
    )
