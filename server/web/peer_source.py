"""Finds the peer's file that an address of ours stands for, if it may be shown. It must not fetch it."""

import hmac
from dataclasses import dataclass

from activitypub.vocabulary import host_of
from server.actions.network.shown_files import AVATAR, EMOJI, HEADER, MEDIA
from server.services import Services
from server.store.database import Reader
from server.store.network import domain_rules
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.reading import emoji_reactions
from server.store.writing import media

# The longest sides of what is kept of each kind: of pictures as they are and as a preview; of the others as Mastodon
# shows them at most (account/avatar.rb, account/header.rb; its emoji are smaller still).
SIDES: dict[str, tuple[int, ...]] = {MEDIA: (4096, 400), AVATAR: (400,), HEADER: (1500,), EMOJI: (128,)}


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
        url, owner = found
        if not hmac.compare_digest(services.site.peer_file_name(kind, number, url).encode(), name.encode()):
            return None
        if owner.local or owner.suspended_at is not None or owner.gone_at is not None:
            return None
        rules = await domain_rules.find_for_many(reader, {owner.host, host_of(url)})
    if any(rule.reject_media or rule.suspends for rule in rules.values()):
        return None
    return Source(url, kind, owner.host)


async def _find_row(reader: Reader, kind: str, number: int) -> tuple[str, Actor] | None:
    """Return the address that a row has, and whose it is."""
    if kind == MEDIA:
        picture = await media.find(reader, number)
        return await _with_owner(reader, picture.remote_url, picture.actor_id) if picture else None
    if kind == EMOJI:
        given = await emoji_reactions.find_by_id(reader, number)
        return await _with_owner(reader, given.icon_url, given.actor_id) if given else None
    if kind not in (AVATAR, HEADER):
        return None
    actor = await actors.find(reader, number)
    url = None if actor is None else actor.icon_url if kind == AVATAR else actor.image_url
    return (url, actor) if url and actor is not None else None


async def _with_owner(reader: Reader, url: str | None, actor_id: int) -> tuple[str, Actor] | None:
    owner = await actors.find(reader, actor_id) if url else None
    return (url, owner) if url and owner is not None else None
