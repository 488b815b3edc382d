"""Likes, boosts and emoji from the page."""

from quart import Response

from activitypub.emoji import MAX_CONTENT
from server.actions.writing import react
from server.actions.writing.react_emoji import choose_emoji, give_emoji, take_emoji_back
from server.problems import NotFound
from server.store.reading.reactions import ANNOUNCE, LIKE
from server.web.gallery.cards import post_path
from server.web.gallery.seen import find_seen
from server.web.visit import Route, Visit


async def change_reaction(visit: Visit, post_id: int, verb: str) -> Response:
    """Like, unlike, boost or unboost a post that I may see."""
    me = visit.me.actor
    async with visit.web.services.database.write() as tx:
        post, author = await find_seen(tx, visit, post_id)
        if verb == "like":
            await react.like(tx, visit.site, me, post)
        elif verb == "boost":
            await react.announce(tx, visit.site, me, post)
        elif verb in ("unlike", "unboost"):
            await react.take_back(tx, visit.site, LIKE if verb == "unlike" else ANNOUNCE, me, post)
        else:
            raise NotFound("That cannot be done with a post.")
    return visit.go_back(post_path(author, post))


async def give(visit: Visit, post_id: int) -> Response:
    """Give an emoji to a post that I may see."""
    async with visit.web.services.database.write() as tx:
        post, author = await find_seen(tx, visit, post_id)
        emoji = await choose_emoji(tx, visit.site, post, visit.field("emoji", MAX_CONTENT))
        await give_emoji(tx, visit.site, visit.me.actor, post, emoji)
    return visit.go_back(f"{post_path(author, post)}#reactions")


async def take_back(visit: Visit, post_id: int) -> Response:
    """Take an emoji of mine back."""
    async with visit.web.services.database.write() as tx:
        post, author = await find_seen(tx, visit, post_id)
        await take_emoji_back(tx, visit.site, visit.me.actor, post, visit.field("emoji", MAX_CONTENT))
    return visit.go_back(f"{post_path(author, post)}#reactions")


ROUTES = (
    Route("POST", "/posts/<id:post_id>/<any(like, unlike, boost, unboost):verb>", change_reaction, "person"),
    Route("POST", "/posts/<id:post_id>/react", give, "person"),
    Route("POST", "/posts/<id:post_id>/unreact", take_back, "person"),
)
