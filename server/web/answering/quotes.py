"""Who quotes my posts: those who ask, to be answered, and those who do, from whom I may take my post back."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from quart import Response

from server.actions.writing.quote import revoke_quote
from server.actions.writing.see import may_see_post
from server.actions.writing.settle import decide
from server.problems import NotFound
from server.store.database import Reader
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.writing import consents, posts, quotes
from server.store.writing.consents import Consent
from server.store.writing.posts import Post
from server.web.gallery.cards import post_path
from server.web.text import plain
from server.web.visit import Route, Visit

PAGE = "/quotes"
SHOWN_AT_MOST = 60
_QUOTE_LINE = re.compile(r'<p class="quote-inline">.*?</p>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Quoting:
    """A post that quotes mine, by whom, and where both are; `number` is that of the question, or of the post.

    `post` and `path` are None where I may not see it: I may still say no.
    """

    number: int
    by: Actor
    post: Post | None
    path: str | None
    quoted: Post
    quoted_path: str

    @property
    def words(self) -> str:
        """What it says beside the line that stands for the quote."""
        return plain(_QUOTE_LINE.sub("", self.post.content_html), 140) if self.post is not None else ""


async def show_quotes(visit: Visit) -> Response:
    """Show who asks, then who quotes."""
    me = visit.me.actor
    async with visit.web.services.database.read() as reader:
        asked = await consents.list_waiting(reader, me.id, limit=SHOWN_AT_MOST)
        waiting = [one for consent in asked if (one := await _of_consent(reader, me, consent)) is not None]
        found = await quotes.list_of_author(reader, me.id, limit=SHOWN_AT_MOST)
        quoting = await _of_posts(reader, me, found)
    return await visit.page("quotes.html", {"waiting": waiting, "quoting": quoting, "noindex": True})


async def allow(visit: Visit, consent_id: int) -> Response:
    """Let somebody quote a post of mine."""
    async with visit.web.services.database.write() as tx:
        await decide(tx, visit.site, visit.me.actor, consent_id, yes=True)
    return visit.go(PAGE)


async def refuse(visit: Visit, consent_id: int) -> Response:
    """Do not let somebody quote a post of mine."""
    async with visit.web.services.database.write() as tx:
        await decide(tx, visit.site, visit.me.actor, consent_id, yes=False)
    return visit.go(PAGE)


async def take_back(visit: Visit, post_id: int) -> Response:
    """Take my post out of one that quotes it."""
    async with visit.web.services.database.write() as tx:
        quoting, quote = await posts.find(tx, post_id), await quotes.find(tx, post_id)
        quoted = await posts.find(tx, quote.quoted_id) if quote is not None and quote.quoted_id is not None else None
        if quoting is None or quoted is None:
            raise NotFound("There is no such quote.")
        await revoke_quote(tx, visit.site, visit.me.actor, quoted, quoting)
    return visit.go(PAGE)


async def _of_consent(reader: Reader, me: Actor, consent: Consent) -> Quoting | None:
    by, quoted = await actors.find(reader, consent.asker_id), await posts.find(reader, consent.post_id)
    post = await posts.find_by_uri(reader, consent.interacting_uri)
    if by is None or quoted is None:
        return None
    return await _seen(reader, me, Quoting(consent.id, by, post, None, quoted, post_path(me, quoted)))


async def _of_posts(reader: Reader, me: Actor, found: Sequence[Post]) -> list[Quoting]:
    made = await quotes.list_of_posts(reader, [post.id for post in found])
    people = await actors.find_many(reader, [post.actor_id for post in found])
    quoted = await posts.find_many(reader, [one.quoted_id for one in made.values() if one.quoted_id is not None])
    return [
        await _seen(reader, me, Quoting(post.id, by, post, None, mine, post_path(me, mine)))
        for post in found
        if (by := people.get(post.actor_id)) is not None
        and (mine := quoted.get(made[post.id].quoted_id or 0)) is not None
    ]


async def _seen(reader: Reader, me: Actor, one: Quoting) -> Quoting:
    if one.post is None or one.post.deleted_at is not None or not await may_see_post(reader, one.post, one.by, me):
        return replace(one, post=None)
    return replace(one, path=post_path(one.by, one.post))


ROUTES = (
    Route("GET", PAGE, show_quotes, "person"),
    Route("POST", "/quotes/asked/<id:consent_id>/allow", allow, "person"),
    Route("POST", "/quotes/asked/<id:consent_id>/refuse", refuse, "person"),
    Route("POST", "/quotes/<id:post_id>/take-back", take_back, "person"),
)
