"""Shows posts of later as clients know them."""

from collections.abc import Mapping, Sequence

from server.actions.writing.schedule import Later
from server.ids import iso
from server.mastodon.entities.posts import ScheduledParams, ScheduledPoll, ScheduledStatus
from server.mastodon.showing.media import show_media
from server.mastodon.words import show_visibility
from server.site import Site
from server.store.database import Reader
from server.store.writing import media
from server.store.writing.media import Media


async def show_scheduled(reader: Reader, site: Site, found: Sequence[Later]) -> list[ScheduledStatus]:
    """Return posts of later in their order."""
    known = await media.find_many(reader, [one for later in found for one in later.writing.picture_ids])
    return [_show(site, later, known) for later in found]


def _show(site: Site, later: Later, known: Mapping[int, Media]) -> ScheduledStatus:
    pictures = [known[one] for one in later.writing.picture_ids if one in known]
    return ScheduledStatus(
        id=str(later.row.id),
        scheduled_at=iso(later.row.due_at),
        params=_params(later),
        media_attachments=[show_media(site, picture) for picture in pictures],
    )


def _params(later: Later) -> ScheduledParams:
    writing = later.writing
    asked = writing.asked
    return ScheduledParams(
        text=writing.text,
        poll=None
        if asked is None
        else ScheduledPoll(
            options=list(asked.options),
            expires_in=asked.seconds,
            multiple=asked.multiple,
            hide_totals=asked.hide_totals,
        ),
        media_ids=[str(one) for one in writing.picture_ids] or None,
        sensitive=writing.sensitive,
        spoiler_text=writing.summary,
        visibility=show_visibility(writing.visibility.value),
        in_reply_to_id=None if writing.in_reply_to_id is None else str(writing.in_reply_to_id),
        language=writing.language,
        quoted_status_id=None if writing.quoted_id is None else str(writing.quoted_id),
        quote_approval_policy=writing.quote_policy,
    )
