"""Who waits to like, answer or boost a post of mine, and my answers, as GoToSocial's clients ask for them."""

from collections.abc import Sequence

from server.actions.writing.settle import decide, take_back
from server.ids import iso
from server.mastodon.answers import Page, page_of
from server.mastodon.call import Call
from server.mastodon.entities.posts import InteractionRequest
from server.mastodon.ids import NOT_FOUND, Paging, read_id, read_span
from server.mastodon.route import Route
from server.mastodon.showing.accounts import show_by_id
from server.mastodon.showing.statuses import show_statuses
from server.problems import Invalid, NotFound
from server.store.database import Reader
from server.store.people import actors
from server.store.writing import consents, posts
from server.store.writing.consents import ACCEPTED, PENDING, Consent

# GoToSocial's numbers.
PER_PAGE, AT_MOST = 40, 80
_TYPES = {"like": "favourite", "reply": "reply", "announce": "reblog"}


class Choice(Paging, kw_only=True):
    """Which: about one post, and of these kinds, of which one at least has to be wanted."""

    status_id: str | None = None
    favourites: bool = True
    replies: bool = True
    reblogs: bool = True


async def list_requests(call: Call, choice: Choice) -> Page:
    """Return what waits for my answer, newest first. Who wants to quote is answered on a page."""
    wanted = {"like": choice.favourites, "reply": choice.replies, "announce": choice.reblogs}
    kinds = [kind for kind, yes in wanted.items() if yes]
    if not kinds:
        raise Invalid("At least one of favourites, replies and reblogs is to be true.", field="favourites")
    post_id = read_id(choice.status_id) if choice.status_id else 0
    span = read_span(choice, default=PER_PAGE, most=AT_MOST)
    async with call.database.read() as reader:
        found = await consents.list_page(reader, call.me.id, kinds, span.stretch, post_id=post_id)
        shown = await _show(reader, call, found)
    return page_of(shown, [one.id for one in found], full=len(found) == span.limit)


async def show_request(call: Call, request_id: int) -> InteractionRequest:
    """Return one that waits."""
    async with call.database.read() as reader:
        return await _show_one(reader, call, await _find(reader, call, request_id, PENDING))


async def authorize(call: Call, request_id: int) -> InteractionRequest:
    """Agree to it."""
    async with call.database.write() as tx:
        found = await _find(tx, call, request_id, PENDING)
        await decide(tx, call.site, call.me, found.id, yes=True)
        return await _show_one(tx, call, await _find(tx, call, request_id, ACCEPTED), accepted_at=_now(call))


async def reject(call: Call, request_id: int) -> InteractionRequest:
    """Do not agree; or take back what I agreed to."""
    async with call.database.write() as tx:
        found = await _find(tx, call, request_id, PENDING, ACCEPTED)
        shown = await _show_one(tx, call, found, rejected_at=_now(call))
        if found.state == ACCEPTED:
            await take_back(tx, call.site, call.me, found.id)
        else:
            await decide(tx, call.site, call.me, found.id, yes=False)
        return shown


def _now(call: Call) -> str:
    return iso(call.site.clock.now())


async def _find(reader: Reader, call: Call, request_id: int, *states: str) -> Consent:
    found = await consents.find(reader, request_id)
    if found is None or found.asked_id != call.me.id or found.kind not in _TYPES or found.state not in states:
        raise NotFound(NOT_FOUND)
    return found


async def _show_one(
    reader: Reader, call: Call, consent: Consent, *, accepted_at: str | None = None, rejected_at: str | None = None
) -> InteractionRequest:
    shown = await _show(reader, call, [consent], accepted_at=accepted_at, rejected_at=rejected_at)
    if not shown:
        raise NotFound(NOT_FOUND)
    return shown[0]


async def _show(
    reader: Reader,
    call: Call,
    found: Sequence[Consent],
    *,
    accepted_at: str | None = None,
    rejected_at: str | None = None,
) -> list[InteractionRequest]:
    """Without those whose asker or post is gone."""
    there = await actors.find_many(reader, [one.asker_id for one in found])
    people = await show_by_id(reader, call.site, list(there.values()))
    deeds = [await posts.find_by_uri(reader, one.interacting_uri) for one in found if one.kind == "reply"]
    mine = await posts.find_many(reader, [one.post_id for one in found])
    every = [*mine.values(), *(post for post in deeds if post is not None)]
    statuses = {one.uri: one for one in await show_statuses(reader, call.site, every, call.me)}
    return [
        InteractionRequest(
            id=str(one.id),
            type=_TYPES[one.kind],
            created_at=iso(one.created_at),
            account=people[one.asker_id],
            status=statuses[mine[one.post_id].uri],
            reply=statuses.get(one.interacting_uri),
            accepted_at=accepted_at,
            rejected_at=rejected_at,
            uri=one.stamp_uri if accepted_at else None,
        )
        for one in found
        if one.asker_id in people and one.post_id in mine and mine[one.post_id].uri in statuses
    ]


_PATH = "/api/v1/interaction_requests"
_ONE = f"{_PATH}/<id:request_id>"

ROUTES = (
    Route("GET", _PATH, list_requests, "read:notifications", "person", Choice, gives=list[InteractionRequest]),
    Route("GET", _ONE, show_request, "read:notifications", "person", gives=InteractionRequest),
    Route("POST", f"{_ONE}/authorize", authorize, "write:statuses", "person", gives=InteractionRequest),
    Route("POST", f"{_ONE}/reject", reject, "write:statuses", "person", gives=InteractionRequest),
)
