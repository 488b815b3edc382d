"""What clients send to write a post, and what is meant by it. It must not look anything up."""

import re
from collections.abc import Sequence

import msgspec

from activitypub.audience import Visibility
from server.actions.writing.ask import Asked
from server.actions.writing.write_post import PICTURES_AT_MOST, Writing
from server.config import Config
from server.ids import parse_iso
from server.mastodon.ids import NOT_FOUND, read_id
from server.mastodon.policy_params import InteractionPolicyParams, read_rules
from server.mastodon.words import read_visibility
from server.problems import Invalid, NotFound
from server.store.people.preferences import Preferences

KEY_AT_MOST = 255
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{2,8})*\Z")


class PollParams(msgspec.Struct, kw_only=True):
    """A poll to be asked."""

    options: list[str] = msgspec.field(default_factory=list)
    expires_in: int = 0
    multiple: bool = False
    hide_totals: bool = False


class StatusParams(msgspec.Struct, kw_only=True):
    """A post to be written."""

    status: str | None = None
    media_ids: list[str] = msgspec.field(default_factory=list)
    poll: PollParams | None = None
    in_reply_to_id: str | None = None
    sensitive: bool | None = None
    spoiler_text: str | None = None
    visibility: str | None = None
    language: str | None = None
    scheduled_at: str | None = None
    quoted_status_id: str | None = None
    quote_approval_policy: str | None = None
    reply_approval_policy: str | None = None
    interaction_policy: InteractionPolicyParams | None = None


def read_writing(params: StatusParams, chosen: Preferences, config: Config) -> Writing:
    """Return the post that is meant; what is not said is as its author usually has it.

    Raises:
        Invalid: a word or an id that is none.
        NotFound: what it answers or quotes can be nobody's.
    """
    usual = Visibility(chosen.visibility or config.posting.visibility)
    return Writing(
        text=params.status or "",
        visibility=read_visibility(params.visibility) if params.visibility else usual,
        summary=params.spoiler_text or None,
        sensitive=chosen.sensitive if params.sensitive is None else params.sensitive,
        language=read_language(params.language) or chosen.language,
        in_reply_to_id=read_id(params.in_reply_to_id) if params.in_reply_to_id else None,
        picture_ids=read_picture_ids(params.media_ids),
        asked=read_poll(params.poll),
        quoted_id=read_id(params.quoted_status_id) if params.quoted_status_id else None,
        quote_policy=params.quote_approval_policy or None,
        reply_policy=params.reply_approval_policy or None,
        rules=read_rules(params.interaction_policy),
    )


def read_poll(params: PollParams | None) -> Asked | None:
    """Return the poll that is meant; none where nothing can be chosen (forms send all their fields)."""
    if params is None or not any(option.strip() for option in params.options):
        return None
    return Asked(
        options=tuple(params.options),
        seconds=params.expires_in,
        multiple=params.multiple,
        hide_totals=params.hide_totals,
    )


def read_picture_ids(texts: Sequence[str]) -> tuple[int, ...]:
    """Return the ids of pictures, each once. Raises Invalid where there are too many, or one can be nobody's."""
    if len(texts) > PICTURES_AT_MOST:
        raise Invalid(f"Cannot attach more than {PICTURES_AT_MOST} files", field="media_ids")
    try:
        return tuple(dict.fromkeys(read_id(text) for text in texts))
    except NotFound:
        raise Invalid(NOT_FOUND, field="media_ids") from None


def read_language(text: str | None) -> str | None:
    """Return a language, or None for what is none (apps send names of their own making)."""
    return text if text and _LANGUAGE.match(text) else None


def read_time(text: str) -> int:
    """Read the time that a post is meant for. Raises Invalid."""
    due_at = parse_iso(text)
    if due_at is None:
        raise Invalid("Validation failed: Scheduled at is no time", field="scheduled_at")
    return due_at


def read_key(text: str | None) -> str | None:
    """Read the `Idempotency-Key` of a request."""
    return text[:KEY_AT_MOST] if text else None
