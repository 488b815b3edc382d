"""Makes and fills somebody's lists. It must not fill the feeds of what those on them write."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from server.actions.writing.spread import spread_to_list, unspread_from_list
from server.problems import Invalid, NotFound
from server.site import Site
from server.store.database import Reader, Transaction
from server.store.people.actors import Actor
from server.store.ties import follows, lists
from server.store.ties.lists import List

REPLIES_POLICIES = ("followed", "list", "none")
# Mastodon's limit (list.rb); more is a sign of a program gone wrong.
LISTS_AT_MOST = 50
TITLE_AT_MOST = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class ListChange:
    """What a list is to be; None leaves it as it is."""

    title: str | None = None
    replies_policy: str | None = None
    exclusive: bool | None = None


async def make_list(tx: Transaction, site: Site, actor: Actor, change: ListChange) -> List:
    """Make a list.

    Raises:
        Invalid: there is no title, no such policy, or there are too many lists.
    """
    if len(await lists.list_of_actor(tx, actor.id)) >= LISTS_AT_MOST:
        raise Invalid("You have too many lists.")
    empty = List(site.ids.new(), actor.id, "", "list", exclusive=False, created_at=site.clock.now())
    made = _apply(empty, change)
    await lists.add(tx, made)
    return made


async def change_list(tx: Transaction, actor: Actor, list_id: int, change: ListChange) -> List:
    """Change a list; raises like `make_list`, and NotFound where it is not one of the actor's."""
    changed = _apply(await find_list(tx, actor, list_id), change)
    await lists.replace(tx, changed)
    return changed


async def remove_list(tx: Transaction, actor: Actor, list_id: int) -> None:
    """Forget a list, and what was in its feed. Raises NotFound."""
    found = await find_list(tx, actor, list_id)
    await take_off_list(tx, actor, list_id, await lists.list_member_ids(tx, found.id))
    await lists.drop(tx, found.id)


async def add_to_list(tx: Transaction, site: Site, actor: Actor, list_id: int, target_ids: Sequence[int]) -> None:
    """Put people on a list.

    Raises:
        NotFound: the list is not the actor's, or somebody is not followed by them.
        Invalid: somebody is on it already.
    """
    found = await find_list(tx, actor, list_id)
    for target_id in target_ids:
        if target_id != actor.id and await follows.find(tx, actor.id, target_id) is None:
            raise NotFound("You have to follow whom you put on a list.")
        if not await lists.add_member(tx, id=site.ids.new(), list_id=found.id, target_id=target_id):
            raise Invalid("This account is on the list already.")
        await spread_to_list(tx, found, target_id)


async def take_off_list(tx: Transaction, actor: Actor, list_id: int, target_ids: Sequence[int]) -> None:
    """Take people off a list. Raises NotFound."""
    found = await find_list(tx, actor, list_id)
    gone = set(target_ids) & set(await lists.list_member_ids(tx, found.id))
    await lists.drop_members(tx, found.id, target_ids)
    for target_id in gone:
        await unspread_from_list(tx, found, target_id)


async def find_list(reader: Reader, actor: Actor, list_id: int) -> List:
    """Find one of an actor's lists. Raises NotFound."""
    found = await lists.find(reader, actor.id, list_id)
    if found is None:
        raise NotFound("There is no such list.")
    return found


def _apply(known: List, change: ListChange) -> List:
    title = known.title if change.title is None else change.title.strip()
    policy = known.replies_policy if change.replies_policy is None else change.replies_policy
    if not title or len(title) > TITLE_AT_MOST:
        raise Invalid(f"A list needs a title of at most {TITLE_AT_MOST} characters.", field="title")
    if policy not in REPLIES_POLICIES:
        raise Invalid(f"The policy for replies is one of {', '.join(REPLIES_POLICIES)}.", field="replies_policy")
    exclusive = known.exclusive if change.exclusive is None else change.exclusive
    return replace(known, title=title, replies_policy=policy, exclusive=exclusive)
