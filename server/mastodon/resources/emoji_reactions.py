"""Emoji given to posts, at the addresses that Pleroma gave them."""

from server.actions.network.shown_files import emoji_url
from server.actions.writing.react_emoji import choose_emoji, give_emoji, take_emoji_back
from server.mastodon.call import Call
from server.mastodon.entities.basics import EmojiGivers, Status
from server.mastodon.found import find_post
from server.mastodon.ids import NOT_FOUND
from server.mastodon.route import Route
from server.mastodon.showing.accounts import show_by_id
from server.mastodon.showing.emoji import KINDS, emoji_name
from server.mastodon.showing.statuses import show_status
from server.problems import NotFound
from server.store.reading import emoji_reactions
from server.store.writing.posts import Post

# Givers that are looked at; more would make one answer of megabytes.
GIVERS_AT_MOST = 200


async def give(call: Call, post_id: int, emoji: str) -> Status:
    """Give an emoji to a post."""
    async with call.database.write() as tx:
        post = (await find_post(tx, post_id, call.me)).post
        await give_emoji(tx, call.site, call.me, post, await choose_emoji(tx, call.site, post, emoji))
    return await _show(call, post)


async def take_back(call: Call, post_id: int, emoji: str) -> Status:
    """Take an emoji back."""
    async with call.database.write() as tx:
        post = (await find_post(tx, post_id, call.me)).post
        await take_emoji_back(tx, call.site, call.me, post, emoji)
    return await _show(call, post)


async def list_given(call: Call, post_id: int) -> list[EmojiGivers]:
    """Return the emoji on a post with who gave them."""
    return await _list(call, post_id, None)


async def list_givers(call: Call, post_id: int, emoji: str) -> list[EmojiGivers]:
    """Return who gave one emoji."""
    return await _list(call, post_id, emoji_name(emoji.strip()).partition("@")[0])


async def _list(call: Call, post_id: int, name: str | None) -> list[EmojiGivers]:
    async with call.database.read() as reader:
        post = (await find_post(reader, post_id, call.viewer)).post
        tallies = (await emoji_reactions.tally(reader, [post.id], call.viewer.id if call.viewer else None)).get(post.id)
        given = await emoji_reactions.list_of_post(reader, post.id, limit=GIVERS_AT_MOST)
        people = await show_by_id(reader, call.site, [one for _, one in given if one.gone_at is None])
    return [
        EmojiGivers(
            name=emoji_name(one.emoji),
            count=one.count,
            me=one.mine,
            url=emoji_url(call.site, one.first_id, one.icon_url),
            accounts=[
                people[by.id]
                for reaction, by in given
                if (reaction.emoji, reaction.icon_url) == (one.emoji, one.icon_url) and by.id in people
            ],
        )
        for one in (tallies or [])[:KINDS]
        if name in (None, emoji_name(one.emoji))
    ]


async def _show(call: Call, post: Post) -> Status:
    async with call.database.read() as reader:
        shown = await show_status(reader, call.site, (await find_post(reader, post.id, call.me)).post, call.me)
    if shown is None:
        raise NotFound(NOT_FOUND)
    return shown


_OF_POST = "/api/v1/pleroma/statuses/<id:post_id>/reactions"
_ONE = f"{_OF_POST}/<emoji>"
_READ, _WRITE = "read:statuses", "write:favourites"

ROUTES = (
    Route("GET", _OF_POST, list_given, _READ, "anyone", gives=list[EmojiGivers]),
    Route("GET", _ONE, list_givers, _READ, "anyone", gives=list[EmojiGivers]),
    Route("PUT", _ONE, give, _WRITE, "person", gives=Status),
    Route("DELETE", _ONE, take_back, _WRITE, "person", gives=Status),
)
