"""Shows the hashtags on a profile as clients know them, with how often their owner used them."""

from server.mastodon.entities.people import FeaturedTag
from server.mastodon.words import show_day
from server.site import Site
from server.store.database import Reader
from server.store.people.actors import Actor
from server.store.writing import tags


async def show_featured(reader: Reader, site: Site, owner: Actor) -> list[FeaturedTag]:
    """Return what is on somebody's profile, oldest first."""
    shown = await tags.list_featured(reader, owner.id)
    used = await tags.find_uses(reader, owner.id, [one.name for one in shown])
    return [_show(site, one, used[one.name]) for one in shown]


def _show(site: Site, one: tags.FeaturedTag, used: tags.TagUse) -> FeaturedTag:
    return FeaturedTag(
        id=str(one.id),
        name=one.name,
        url=site.hashtag_url(one.name),
        statuses_count=str(used.count),
        last_status_at=show_day(used.last_at),
    )
