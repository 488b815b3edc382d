"""A peer reports some of our people and posts. It must not act on it; the operator does."""

from activitypub import fields
from server.actions.network.receive import Received
from server.actions.telling.report import COMMENT_AT_MOST, receive_report
from server.html import plain_text
from server.inbox.ending import Ignored, end
from server.remote.people import find_actor
from server.services import Services
from server.store.network import domain_rules


async def handle(received: Received, services: Services) -> None:
    """Keep the report for the operator. Mastodon sends it in its server's name, so that the teller stays unnamed."""
    activity = received.activity
    if not any(services.site.is_ours(uri) for uri in activity.object_ids):
        raise Ignored("it names nobody here")
    teller = await find_actor(services, activity.actor)
    comment = plain_text(fields.text(activity.raw, "content", COMMENT_AT_MOST * 4) or "")
    async with services.database.write() as tx:
        rule = await domain_rules.find_strictest(tx, (teller.host, received.host))
        if rule is not None and rule.reject_reports:
            raise Ignored("reports of this server are not taken")
        kept = await receive_report(tx, services.site, teller, activity.id, activity.object_ids, comment)
        await end(tx, services.site, received, "reported" if kept else "known")
