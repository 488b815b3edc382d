"""The shapes of what is around a post: its source, its history, its time of later. They must not do anything."""

from server.mastodon.entities.basics import Account, Emoji, Entity, MediaAttachment, Quote, Status


class InteractionRequest(Entity, kw_only=True, frozen=True):
    """Somebody waits to like (`favourite`), answer (`reply`) or boost (`reblog`) a post; `reply` is what they say.

    `uri` proves that it was accepted.
    """

    id: str
    type: str
    created_at: str
    account: Account
    status: Status
    reply: Status | None = None
    accepted_at: str | None = None
    rejected_at: str | None = None
    uri: str | None = None


class StatusSource(Entity, kw_only=True, frozen=True):
    """What an author typed."""

    id: str
    text: str
    spoiler_text: str


class EditedOption(Entity, kw_only=True, frozen=True):
    """A poll's choice as it was."""

    title: str


class EditedPoll(Entity, kw_only=True, frozen=True):
    """A poll as it was, without votes."""

    options: list[EditedOption]


class StatusEdit(Entity, kw_only=True, frozen=True):
    """A post as it was at one time."""

    content: str
    spoiler_text: str
    sensitive: bool
    created_at: str
    account: Account
    poll: EditedPoll | None
    quote: Quote | None
    media_attachments: list[MediaAttachment]
    emojis: list[Emoji]


class ScheduledPoll(Entity, kw_only=True, frozen=True):
    """A poll that is to be asked."""

    options: list[str]
    expires_in: int
    multiple: bool
    hide_totals: bool


class ScheduledParams(Entity, kw_only=True, frozen=True):
    """What a post of later was asked for with."""

    text: str
    poll: ScheduledPoll | None
    media_ids: list[str] | None
    sensitive: bool | None
    spoiler_text: str | None
    visibility: str | None
    in_reply_to_id: str | None
    language: str | None
    quoted_status_id: str | None
    quote_approval_policy: str | None
    application_id: int = 0
    scheduled_at: str | None = None
    idempotency: str | None = None
    with_rate_limit: bool = False


class ScheduledStatus(Entity, kw_only=True, frozen=True):
    """A post of later."""

    id: str
    scheduled_at: str
    params: ScheduledParams
    media_attachments: list[MediaAttachment]
