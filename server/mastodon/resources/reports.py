"""Reports to the operator. Answers never say who else reported whom."""

import msgspec

from server.actions.telling.report import Complaint, report
from server.mastodon.call import Call
from server.mastodon.entities.people import Report
from server.mastodon.ids import read_id, read_ids
from server.mastodon.people_pages import find_target
from server.mastodon.route import Route
from server.mastodon.showing.reports import show_reports

POSTS_AT_MOST, RULES_AT_MOST = 100, 50


class ReportFields(msgspec.Struct, kw_only=True):
    """Whom, what for, and whether their own server is told."""

    account_id: str
    status_ids: list[str] = msgspec.field(default_factory=list)
    comment: str | None = None
    forward: bool = False
    category: str | None = None
    rule_ids: list[str] = msgspec.field(default_factory=list)


async def make(call: Call, fields: ReportFields) -> Report:
    """Tell the operator about somebody."""
    complaint = Complaint(
        comment=fields.comment or "",
        # Mastodon takes a rule that is named for the reason.
        category=fields.category or ("violation" if fields.rule_ids else "other"),
        post_ids=read_ids(fields.status_ids, most=POSTS_AT_MOST),
        rule_ids=tuple(fields.rule_ids[:RULES_AT_MOST]),
        forward=fields.forward,
    )
    async with call.database.write() as tx:
        target = await find_target(tx, read_id(fields.account_id))
        stored = await report(tx, call.site, call.me, target, complaint)
        (shown,) = await show_reports(tx, call.site, [stored])
    return shown


ROUTES = (Route("POST", "/api/v1/reports", make, "write:reports", "person", ReportFields, gives=Report),)
