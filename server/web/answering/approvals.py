"""What others want to do with my posts, to be answered; what I allowed, and who quotes me, to be taken back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from quart import Response

from activitypub.consent import Kind
from server.actions.writing.quote import revoke_quote
from server.actions.writing.quote_line import without_line
from server.actions.writing.see import may_see_post
from server.actions.writing.settle import decide, take_back
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

PAGE = "/approvals"
SHOWN_AT_MOST = 60


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that `by` does, or wants to do, with a post of mine; `number` is that of the question, or of the quote.

    `post` is what quotes or answers mine, None for a like or boost; it and `path` are None too where I may not see it:
    I may still say no.
    """

    number: int
    kind: str
    by: Actor
    post: Post | None
    path: str | None
    mine: Post
    my_path: str

    @property
    def words(self) -> str:
        """What it says beside the line that stands for the quote."""
        return plain(without_line(self.post.content_html), 140) if self.post is not None else ""


async def show_approvals(visit: Visit) -> Response:
    """Show who asks, then what I allowed, then who quotes."""
    me = visit.me.actor
    async with visit.web.services.database.read() as reader:
        waiting = await _of_consents(reader, me, await consents.list_waiting(reader, me.id, limit=SHOWN_AT_MOST))
        allowed = await _of_consents(reader, me, await consents.list_allowed(reader, me.id, limit=SHOWN_AT_MOST))
        quoting = await _of_posts(reader, me, await quotes.list_of_author(reader, me.id, limit=SHOWN_AT_MOST))
    found = {"waiting": waiting, "allowed": allowed, "quoting": quoting, "noindex": True}
    return await visit.page("approvals.html", found)


async def allow(visit: Visit, consent_id: int) -> Response:
    """Let somebody do what they want to do with a post of mine."""
    async with visit.web.services.database.write() as tx:
        await decide(tx, visit.site, visit.me.actor, consent_id, yes=True)
    return visit.go(PAGE)


async def refuse(visit: Visit, consent_id: int) -> Response:
    """Do not let somebody do it."""
    async with visit.web.services.database.write() as tx:
        await decide(tx, visit.site, visit.me.actor, consent_id, yes=False)
    return visit.go(PAGE)


async def withdraw(visit: Visit, consent_id: int) -> Response:
    """Take back that somebody might like, answer or boost a post of mine."""
    async with visit.web.services.database.write() as tx:
        await take_back(tx, visit.site, visit.me.actor, consent_id)
    return visit.go(PAGE)


async def take_out(visit: Visit, post_id: int) -> Response:
    """Take my post out of one that quotes it."""
    async with visit.web.services.database.write() as tx:
        quoting, quote = await posts.find(tx, post_id), await quotes.find(tx, post_id)
        quoted = await posts.find(tx, quote.quoted_id) if quote is not None and quote.quoted_id is not None else None
        if quoting is None or quoted is None:
            raise NotFound("There is no such quote.")
        await revoke_quote(tx, visit.site, visit.me.actor, quoted, quoting)
    return visit.go(PAGE)


async def _of_consents(reader: Reader, me: Actor, found: Sequence[Consent]) -> list[Deed]:
    people = await actors.find_many(reader, [one.asker_id for one in found])
    mine = await posts.find_many(reader, [one.post_id for one in found])
    return [
        await _of_consent(reader, me, one, people[one.asker_id], mine[one.post_id])
        for one in found
        if one.asker_id in people and one.post_id in mine
    ]


async def _of_consent(reader: Reader, me: Actor, consent: Consent, by: Actor, mine: Post) -> Deed:
    post = await posts.find_by_uri(reader, consent.interacting_uri)
    return await _seen(reader, me, Deed(consent.id, consent.kind, by, post, None, mine, post_path(me, mine)))


async def _of_posts(reader: Reader, me: Actor, found: Sequence[Post]) -> list[Deed]:
    made = await quotes.list_of_posts(reader, [post.id for post in found])
    people = await actors.find_many(reader, [post.actor_id for post in found])
    quoted = await posts.find_many(reader, [one.quoted_id for one in made.values() if one.quoted_id is not None])
    return [
        await _seen(reader, me, Deed(post.id, Kind.QUOTE, by, post, None, mine, post_path(me, mine)))
        for post in found
        if (by := people.get(post.actor_id)) is not None
        and (mine := quoted.get(made[post.id].quoted_id or 0)) is not None
    ]


async def _seen(reader: Reader, me: Actor, one: Deed) -> Deed:
    if one.post is None or one.post.deleted_at is not None or not await may_see_post(reader, one.post, one.by, me):
        return replace(one, post=None)
    return replace(one, path=post_path(one.by, one.post))


ROUTES = (
    Route("GET", PAGE, show_approvals, "person"),
    Route("POST", "/approvals/<id:consent_id>/allow", allow, "person"),
    Route("POST", "/approvals/<id:consent_id>/refuse", refuse, "person"),
    Route("POST", "/approvals/<id:consent_id>/take-back", withdraw, "person"),
    Route("POST", "/quotes/<id:post_id>/take-back", take_out, "person"),
)
