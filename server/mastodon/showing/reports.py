"""Shows reports as clients know them. It must not decide who may read one."""

from collections.abc import Sequence

from server.ids import iso
from server.mastodon.entities.basics import Account
from server.mastodon.entities.people import Report
from server.mastodon.showing.accounts import show_by_id
from server.mastodon.words import show_time
from server.site import Site
from server.store.database import Reader
from server.store.people import actors
from server.store.telling.reports import Report as Stored


async def show_reports(reader: Reader, site: Site, found: Sequence[Stored]) -> list[Report]:
    """Return reports in their order."""
    if not found:
        return []
    targets = await actors.find_many(reader, [one.target_id for one in found])
    people = await show_by_id(reader, site, list(targets.values()))
    return [_show(one, people[one.target_id]) for one in found if one.target_id in people]


def _show(stored: Stored, account: Account) -> Report:
    return Report(
        id=str(stored.id),
        action_taken=stored.resolved_at is not None,
        action_taken_at=show_time(stored.resolved_at),
        category=stored.category,
        comment=stored.comment,
        forwarded=stored.forwarded,
        created_at=iso(stored.created_at),
        status_ids=[str(post_id) for post_id in stored.posts],
        rule_ids=list(stored.rules),
        collection_ids=[],
        target_account=account,
    )
