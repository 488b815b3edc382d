"""Shows emoji as clients know them. It must not decide who may give one."""

from collections.abc import Sequence

from server.mastodon.entities.basics import EmojiReaction
from server.store.reading.emoji_reactions import Tally

# What a screen can show; whoever wants to flood a post would have to be shown all they gave.
KINDS = 40


def show_tally(tallies: Sequence[Tally]) -> list[EmojiReaction]:
    """Return the emoji of a post, the first given first."""
    return [
        EmojiReaction(name=emoji_name(one.emoji), count=one.count, me=one.mine, url=one.icon_url)
        for one in tallies[:KINDS]
    ]


def emoji_name(emoji: str) -> str:
    """Return what clients call an emoji: a custom one has no colons."""
    return emoji.strip(":") if len(emoji) > 2 else emoji
