"""Finds the peer's file that an address of ours stands for, if it may be shown. It must not fetch it."""

import hmac
from dataclasses import dataclass

from activitypub.vocabulary import host_of
from server.actions.network.shown_files import AVATAR, CUSTOM, EMOJI, HEADER, MEDIA
from server.remote.seam import Onward, Refused
from server.services import Services
from server.store.database import Reader
from server.store.network import domain_rules
from server.store.network.domain_rules import EVERYBODY, Rule
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.reading import emoji_reactions
from server.store.reading.emoji_reactions import EmojiReaction
from server.store.writing import emojis, media

# The longest sides of what is kept of each kind: of pictures as they are and as a preview; of the others as Mastodon
# shows them at most (account/avatar.rb, account/header.rb; its emoji are smaller still).
SIDES: dict[str, tuple[int, ...]] = {MEDIA: (4096, 400), AVATAR: (400,), HEADER: (1500,), EMOJI: (128,), CUSTOM: (128,)}


@dataclass(frozen=True, slots=True)
class Source:
    """A peer's file: its address there, the kind of thing it is, and the host whose actor it belongs to."""

    url: str
    kind: str
    host: str

    @property
    def sides(self) -> tuple[int, ...]:
        """The longest sides of the copies that are kept of it."""
        return SIDES[self.kind]


async def find_source(services: Services, kind: str, number: int, name: str) -> Source | None:
    """Find what stands at `/peers/kind/number/name`.

    Only what stands in a row of ours is found, only under the name that we gave it, and nothing of somebody who is
    suspended or gone, nor where the operator takes no pictures from.
    """
    async with services.database.read() as reader:
        found = await _find_row(reader, kind, number)
        if found is None:
            return None
        if not hmac.compare_digest(services.site.peer_file_name(kind, number, found.url).encode(), name.encode()):
            return None
        owners = {found.host, found.home}
        rules = await domain_rules.find_for_many(reader, owners | {host_of(found.url)})
    if any(_refuses(rule, is_owner=host in owners) for host, rule in rules.items()):
        return None
    return Source(found.url, kind, found.host)


def storing(services: Services) -> Onward:
    """Return the check that each address has to pass to which a peer's file leads on."""

    async def check(url: str) -> None:
        async with services.database.read() as reader:
            rule = await domain_rules.find_for(reader, host_of(url))
        if rule is not None and _refuses(rule, is_owner=False):
            raise Refused("the operator takes no files from where it leads")

    return check


def _refuses(rule: Rule, *, is_owner: bool) -> bool:
    """On a list of allowed servers stand those of people, and not those that keep their files."""
    if rule.domain == EVERYBODY and not is_owner:
        return False
    return rule.reject_media or rule.suspends


@dataclass(frozen=True, slots=True)
class _Row:
    """An address that a row of ours has, the host whose it is by name, and the one where its owner lives."""

    url: str
    host: str
    home: str


async def _find_row(reader: Reader, kind: str, number: int) -> _Row | None:
    """Return what a row has, unless it is of one of ours, or of somebody who is suspended or gone."""
    if kind == CUSTOM:
        emoji = await emojis.find(reader, number)
        return _Row(emoji.icon_url, emoji.host, emoji.host) if emoji and emoji.icon_url else None
    if kind == MEDIA:
        picture = await media.find(reader, number)
        return _of(await actors.find(reader, picture.actor_id), picture.remote_url) if picture else None
    if kind == EMOJI:
        given = await emoji_reactions.find_by_id(reader, number)
        return await _of_reaction(reader, given) if given else None
    actor = await actors.find(reader, number) if kind in (AVATAR, HEADER) else None
    return _of(actor, actor.icon_url if kind == AVATAR else actor.image_url) if actor else None


async def _of_reaction(reader: Reader, given: EmojiReaction) -> _Row | None:
    """Our people give a peer's emoji too, where it stands under a post."""
    giver = await actors.find(reader, given.actor_id)
    if giver is not None and giver.local and given.icon_url:
        host = host_of(given.icon_url)
        return _Row(given.icon_url, host, host)
    return _of(giver, given.icon_url)


def _of(owner: Actor | None, url: str | None) -> _Row | None:
    if owner is None or url is None or owner.local or owner.suspended_at is not None or owner.gone_at is not None:
        return None
    return _Row(url, owner.host, host_of(owner.uri))
