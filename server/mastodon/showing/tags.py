"""Shows hashtags as clients know them, with a week of their use."""

from collections.abc import Sequence

from server.ids import MICROSECONDS, first_at
from server.mastodon.entities.basics import Tag, TagHistory
from server.mastodon.words import DAY_SECONDS
from server.site import Site
from server.store.database import Reader
from server.store.people.actors import Actor
from server.store.writing import tags, uses

DAYS = 7


async def show_tags(reader: Reader, site: Site, names: Sequence[str], viewer: Actor | None) -> list[Tag]:
    """Return hashtags (lower-case, without the sign) in their order."""
    if not names:
        return []
    found = await uses.read_history(reader, names, first_id=first_of_days(site, DAYS))
    used = {(one.name, one.day): one for one in found}
    followed = await tags.find_followed(reader, viewer.id, names) if viewer else set()
    featured = {one.name for one in await tags.list_featured(reader, viewer.id)} if viewer else set()
    today = _today(site)
    return [
        Tag(
            id=name,
            name=name,
            url=site.hashtag_url(name),
            history=[_show_day(day, used.get((name, day))) for day in range(today, today - DAYS, -1)],
            following=name in followed,
            featuring=name in featured,
        )
        for name in names
    ]


def first_of_days(site: Site, days: int) -> int:
    """Return the smallest id of the last so many days, today among them."""
    return first_at((_today(site) - days + 1) * DAY_SECONDS * MICROSECONDS)


def _today(site: Site) -> int:
    return site.clock.now() // MICROSECONDS // DAY_SECONDS


def _show_day(day: int, use: uses.DayOfUse | None) -> TagHistory:
    return TagHistory(
        day=str(day * DAY_SECONDS),
        uses=str(use.uses if use else 0),
        accounts=str(use.people if use else 0),
    )
