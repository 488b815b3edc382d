"""Hashtags: read by somebody, and shown on their profile."""

import msgspec

from server.actions.ties.follow_tag import feature_tag, follow_tag, read_tag, unfeature_tag, unfollow_tag
from server.mastodon.answers import Page, page_of
from server.mastodon.call import Call
from server.mastodon.entities.basics import Tag
from server.mastodon.entities.people import FeaturedTag
from server.mastodon.ids import Paging
from server.mastodon.people_pages import find_living, read_stretch
from server.mastodon.route import Empty, Route
from server.mastodon.showing.featured import show_featured
from server.mastodon.showing.tags import show_tags
from server.store.database import Reader
from server.store.writing import tags

# Mastodon's numbers for followed hashtags, and how many are proposed for the profile.
TAGS_PER_PAGE, TAGS_AT_MOST = 100, 200
PROPOSED = 10


class Name(msgspec.Struct, kw_only=True):
    """A hashtag, with its sign or without."""

    name: str = ""


async def show(call: Call, name: str) -> Tag:
    """Return a hashtag."""
    async with call.database.read() as reader:
        return await _show(reader, call, read_tag(name))


async def follow(call: Call, name: str) -> Tag:
    """Read a hashtag from now on."""
    async with call.database.write() as tx:
        await follow_tag(tx, call.site, call.me, read_tag(name))
        return await _show(tx, call, read_tag(name))


async def unfollow(call: Call, name: str) -> Tag:
    """Read it no more."""
    async with call.database.write() as tx:
        await unfollow_tag(tx, call.me, read_tag(name))
        return await _show(tx, call, read_tag(name))


async def feature(call: Call, name: str) -> Tag:
    """Show a hashtag on one's profile."""
    async with call.database.write() as tx:
        await feature_tag(tx, call.site, call.me, read_tag(name))
        return await _show(tx, call, read_tag(name))


async def unfeature(call: Call, name: str) -> Tag:
    """Show it no more."""
    async with call.database.write() as tx:
        await unfeature_tag(tx, call.site, call.me, name=read_tag(name))
        return await _show(tx, call, read_tag(name))


async def list_followed(call: Call, paging: Paging) -> Page:
    """Return the hashtags that who asks reads."""
    stretch = read_stretch(paging, default=TAGS_PER_PAGE, most=TAGS_AT_MOST)
    async with call.database.read() as reader:
        found = await tags.list_followed(reader, call.me.id, stretch)
        shown = await show_tags(reader, call.site, [name for _, name in found], call.me)
    return page_of(shown, [cursor for cursor, _ in found], full=len(found) == stretch.limit)


async def list_mine(call: Call) -> list[FeaturedTag]:
    """Return the hashtags on one's own profile."""
    async with call.database.read() as reader:
        return await show_featured(reader, call.site, call.me)


async def list_of(call: Call, actor_id: int) -> list[FeaturedTag]:
    """Return the hashtags on somebody's profile."""
    async with call.database.read() as reader:
        return await show_featured(reader, call.site, await find_living(reader, actor_id))


async def add_mine(call: Call, wanted: Name) -> FeaturedTag:
    """Show a hashtag on one's profile."""
    name = read_tag(wanted.name)
    async with call.database.write() as tx:
        await feature_tag(tx, call.site, call.me, name)
        return next(one for one in await show_featured(tx, call.site, call.me) if one.name == name)


async def drop_mine(call: Call, tag_id: int) -> Empty:
    """Show it no more."""
    async with call.database.write() as tx:
        await unfeature_tag(tx, call.site, call.me, tag_id=tag_id)
    return Empty()


async def propose(call: Call) -> list[Tag]:
    """Return the hashtags that who asks uses most."""
    async with call.database.read() as reader:
        shown = {one.name for one in await tags.list_featured(reader, call.me.id)}
        used = await tags.list_most_used(reader, call.me.id, limit=PROPOSED + len(shown))
        names = [one.name for one in used if one.name not in shown][:PROPOSED]
        return await show_tags(reader, call.site, names, call.me)


async def _show(reader: Reader, call: Call, name: str) -> Tag:
    return (await show_tags(reader, call.site, [name], call.viewer))[0]


_TAG, _MINE = "/api/v1/tags/<name>", "/api/v1/featured_tags"

ROUTES = (
    Route("GET", _TAG, show, None, "anyone", gives=Tag),
    Route("POST", f"{_TAG}/follow", follow, "write:follows", "person", gives=Tag),
    Route("POST", f"{_TAG}/unfollow", unfollow, "write:follows", "person", gives=Tag),
    Route("POST", f"{_TAG}/feature", feature, "write:accounts", "person", gives=Tag),
    Route("POST", f"{_TAG}/unfeature", unfeature, "write:accounts", "person", gives=Tag),
    Route("GET", "/api/v1/followed_tags", list_followed, "read:follows", "person", Paging, gives=list[Tag]),
    Route("GET", _MINE, list_mine, "read:accounts", "person", gives=list[FeaturedTag]),
    Route("POST", _MINE, add_mine, "write:accounts", "person", Name, gives=FeaturedTag),
    Route("GET", f"{_MINE}/suggestions", propose, "read:accounts", "person", gives=list[Tag]),
    Route("DELETE", f"{_MINE}/<id:tag_id>", drop_mine, "write:accounts", "person"),
    Route("GET", "/api/v1/accounts/<id:actor_id>/featured_tags", list_of, None, "anyone", gives=list[FeaturedTag]),
)
