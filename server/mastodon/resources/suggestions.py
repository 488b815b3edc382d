"""People to find: suggestions, the directory, endorsements, and followers that one knows."""

import msgspec

from server.mastodon.answers import Page
from server.mastodon.call import Call
from server.mastodon.entities.basics import Account
from server.mastodon.entities.people import FamiliarFollowers, Suggestion
from server.mastodon.ids import Paging, read_ids, read_limit
from server.mastodon.people_pages import PEOPLE_AT_MOST, PEOPLE_PER_PAGE, find_living, people_page, read_stretch
from server.mastodon.route import Empty, Route
from server.mastodon.showing.accounts import show_accounts, show_by_id
from server.store.people import actors, endorsements, suggestions
from server.store.people.actors import Actor

# Who goes deeper into the directory than this copies it.
OFFSET_AT_MOST = 10_000
ASKED_AT_MOST = 40


class Limit(msgspec.Struct, kw_only=True):
    """How many."""

    limit: int | None = None


class DirectoryParams(msgspec.Struct, kw_only=True):
    """Which part of the directory: `order` is active or new."""

    offset: int = 0
    limit: int | None = None
    order: str = "active"
    local: bool = False


class Whom(msgspec.Struct, kw_only=True):
    """Whose followers are meant."""

    id: list[str] = msgspec.field(default_factory=list)


async def suggest(call: Call, params: Limit) -> list[Suggestion]:
    """Return whom one may want to follow, and why."""
    async with call.database.read() as reader:
        found = await suggestions.suggest(reader, call.me.id, limit=_limit(params.limit), now=call.site.clock.now())
        shown = await show_accounts(reader, call.site, [one.actor for one in found])
    return [
        Suggestion(source="past_interactions", sources=["friends_of_friends"], account=account)
        if one.friends
        else Suggestion(source="global", sources=["most_interactions"], account=account)
        for one, account in zip(found, shown, strict=True)
    ]


async def suggest_plainly(call: Call, params: Limit) -> list[Account]:
    """Return the same without the reasons, as the first version did."""
    return [one.account for one in await suggest(call, params)]


async def dismiss(call: Call, actor_id: int) -> Empty:
    """Never see somebody among the suggestions again."""
    async with call.database.write() as tx:
        await suggestions.dismiss(tx, call.me.id, (await find_living(tx, actor_id)).id)
    return Empty()


async def list_directory(call: Call, params: DirectoryParams) -> list[Account]:
    """Return who wants to be found."""
    async with call.database.read() as reader:
        found = await suggestions.list_directory(
            reader,
            local=params.local,
            newest=params.order == "new",
            skipped=max(0, min(params.offset, OFFSET_AT_MOST)),
            limit=_limit(params.limit),
        )
        return await show_accounts(reader, call.site, found)


async def list_my_endorsements(call: Call, paging: Paging) -> Page:
    """Return whom one recommends."""
    return await _list_endorsed(call, call.me, paging)


async def list_endorsements(call: Call, paging: Paging, actor_id: int) -> Page:
    """Return whom somebody recommends."""
    async with call.database.read() as reader:
        owner = await find_living(reader, actor_id)
    return await _list_endorsed(call, owner, paging)


async def list_familiar(call: Call, whom: Whom) -> list[FamiliarFollowers]:
    """Return, of the followers of some, those whom one follows; of those who hide their followers none."""
    wanted = read_ids(whom.id, most=ASKED_AT_MOST)
    async with call.database.read() as reader:
        known = await actors.find_many(reader, wanted)
        open_ones = [one for one in wanted if one in known and not known[one].hides_collections]
        found = await suggestions.find_familiar(reader, call.me.id, open_ones)
        shown = await show_by_id(reader, call.site, [one for people in found.values() for one in people])
    return [
        FamiliarFollowers(id=str(one), accounts=[shown[friend.id] for friend in found.get(one, [])]) for one in wanted
    ]


async def _list_endorsed(call: Call, owner: Actor, paging: Paging) -> Page:
    stretch = read_stretch(paging)
    async with call.database.read() as reader:
        found = await endorsements.list_endorsed(reader, owner.id, stretch)
        return await people_page(call, reader, found, stretch)


def _limit(limit: int | None) -> int:
    return read_limit(limit, default=PEOPLE_PER_PAGE, most=PEOPLE_AT_MOST)


ROUTES = (
    Route("GET", "/api/v2/suggestions", suggest, "read", "person", Limit, gives=list[Suggestion]),
    Route("GET", "/api/v1/suggestions", suggest_plainly, "read", "person", Limit, gives=list[Account]),
    Route("DELETE", "/api/v1/suggestions/<id:actor_id>", dismiss, "read", "person"),
    Route("GET", "/api/v1/directory", list_directory, None, "anyone", DirectoryParams, gives=list[Account]),
    Route("GET", "/api/v1/endorsements", list_my_endorsements, "read:accounts", "person", Paging, gives=list[Account]),
    Route(
        "GET",
        "/api/v1/accounts/<id:actor_id>/endorsements",
        list_endorsements,
        "read:accounts",
        "anyone",
        Paging,
        gives=list[Account],
    ),
    Route(
        "GET",
        "/api/v1/accounts/familiar_followers",
        list_familiar,
        "read:follows",
        "person",
        Whom,
        gives=list[FamiliarFollowers],
    ),
)
