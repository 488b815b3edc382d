"""Shows emoji as clients know them. It must not decide who may give one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from activitypub.emoji import find_names
from server.actions.network.shown_files import STILL, custom_emoji_url, emoji_url
from server.mastodon.entities.basics import Emoji, EmojiReaction
from server.site import Site
from server.store.database import Reader
from server.store.people.actors import Actor
from server.store.reading.emoji_reactions import Tally
from server.store.writing import emojis
from server.store.writing.emojis import OURS, CustomEmoji

# What a screen can show; whoever wants to flood a post would have to be shown all they gave.
KINDS = 40


@dataclass(frozen=True, slots=True)
class Shelf:
    """The custom emoji that some texts may have, by host and name."""

    known: Mapping[tuple[str, str], Emoji] = field(default_factory=dict)

    def pick(self, host: str, *texts: str | None) -> list[Emoji]:
        """Return those in texts that somebody of `host` wrote."""
        if not self.known:
            return []
        return [self.known[host, name] for name in find_names(*texts) if (host, name) in self.known]


async def stock(reader: Reader, site: Site, written: Iterable[tuple[str, Sequence[str | None]]]) -> Shelf:
    """Return the emoji for texts, each with the host (`host_of`) of who wrote it."""
    wanted = {(host, name) for host, texts in written for name in find_names(*texts)}
    if not wanted:
        return Shelf()
    found = await emojis.find_many(reader, {host for host, _ in wanted}, {name for _, name in wanted})
    return Shelf({(one.host, one.name): shown for one in found if (shown := show_emoji(site, one)) is not None})


def host_of(actor: Actor) -> str:
    """Return under which host the emoji of what somebody wrote are kept."""
    return OURS if actor.local else actor.host


def show_emoji(site: Site, one: CustomEmoji) -> Emoji | None:
    """Return a custom emoji; None for one without a picture."""
    url = custom_emoji_url(site, one)
    if url is None:
        return None
    ours, still = one.host == OURS, custom_emoji_url(site, one, STILL) or url
    return Emoji(shortcode=one.name, url=url, static_url=still, visible_in_picker=ours, category=one.category)


def show_tally(site: Site, tallies: Sequence[Tally]) -> list[EmojiReaction]:
    """Return the emoji of a post, the first given first."""
    return [
        EmojiReaction(
            name=emoji_name(one.emoji), count=one.count, me=one.mine, url=emoji_url(site, one.first_id, one.icon_url)
        )
        for one in tallies[:KINDS]
    ]


def emoji_name(emoji: str) -> str:
    """Return what clients call an emoji: a custom one has no colons."""
    return emoji.strip(":") if len(emoji) > 2 else emoji
