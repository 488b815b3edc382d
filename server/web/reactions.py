"""Likes and boosts from the page."""

from quart import Response

from server.actions.writing import react
from server.problems import NotFound
from server.store.reading.reactions import ANNOUNCE, LIKE
from server.web.cards import post_path
from server.web.picture import find_seen
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


ROUTES = (Route("POST", "/posts/<id:post_id>/<any(like, unlike, boost, unboost):verb>", change_reaction, "person"),)
