"""The shapes in which an instance describes itself, in both versions. They must not do anything."""

import msgspec

from server.mastodon.entities.basics import Account, Entity


class Rule(Entity, kw_only=True, frozen=True):
    """A rule of the house."""

    id: str
    text: str
    hint: str = ""
    translations: dict[str, dict[str, str]] = msgspec.field(default_factory=dict)


class StatusLimits(Entity, kw_only=True, frozen=True):
    """What fits in a post."""

    max_characters: int
    max_media_attachments: int
    characters_reserved_per_url: int
    supported_mime_types: list[str]


class MediaLimits(Entity, kw_only=True, frozen=True):
    """What may be uploaded. Films are not taken: their limits are zero."""

    supported_mime_types: list[str]
    description_limit: int
    image_size_limit: int
    image_matrix_limit: int
    video_size_limit: int = 0
    video_frame_rate_limit: int = 0
    video_matrix_limit: int = 0


class PollLimits(Entity, kw_only=True, frozen=True):
    """What fits in a poll."""

    max_options: int
    max_characters_per_option: int
    min_expiration: int
    max_expiration: int


class AccountLimits(Entity, kw_only=True, frozen=True):
    """What fits on a profile."""

    max_featured_tags: int
    max_pinned_statuses: int
    max_profile_fields: int
    profile_field_name_limit: int
    profile_field_value_limit: int
    max_display_name_length: int
    max_note_length: int
    max_avatar_description_length: int = 0
    max_header_description_length: int = 0


class Urls(Entity, kw_only=True, frozen=True):
    """Where else to look."""

    streaming: str
    status: str | None
    about: str
    privacy_policy: str | None
    terms_of_service: str | None


class Vapid(Entity, kw_only=True, frozen=True):
    """The key that Web Push subscriptions are bound to."""

    public_key: str


class Translation(Entity, kw_only=True, frozen=True):
    """Whether posts are translated here."""

    enabled: bool


class FeedAccess(Entity, kw_only=True, frozen=True):
    """Who may read feeds of what is from here, and from elsewhere."""

    local: str = "public"
    remote: str = "public"


class TimelinesAccess(Entity, kw_only=True, frozen=True):
    """Who may read which feeds."""

    live_feeds: FeedAccess = FeedAccess()
    hashtag_feeds: FeedAccess = FeedAccess()
    trending_link_feeds: FeedAccess = FeedAccess()


class Configuration(Entity, kw_only=True, frozen=True):
    """Everything that clients adapt to."""

    urls: Urls
    vapid: Vapid
    accounts: AccountLimits
    statuses: StatusLimits
    media_attachments: MediaLimits
    polls: PollLimits
    translation: Translation
    timelines_access: TimelinesAccess
    limited_federation: bool


class ConfigurationV1(Entity, kw_only=True, frozen=True):
    """The same in the older version."""

    accounts: AccountLimits
    statuses: StatusLimits
    media_attachments: MediaLimits
    polls: PollLimits


class Users(Entity, kw_only=True, frozen=True):
    """How many people were active."""

    active_month: int


class Usage(Entity, kw_only=True, frozen=True):
    """How much is going on."""

    users: Users


class Thumbnail(Entity, kw_only=True, frozen=True):
    """A picture of the instance."""

    url: str
    blurhash: str | None
    versions: dict[str, str]
    description: str | None = None


class Icon(Entity, kw_only=True, frozen=True):
    """A small picture of the instance."""

    src: str
    size: str


class Registrations(Entity, kw_only=True, frozen=True):
    """Whether and how one gets an account."""

    enabled: bool
    approval_required: bool
    reason_required: bool
    message: str | None
    min_age: int | None
    url: str | None


class ApiVersions(Entity, kw_only=True, frozen=True):
    """Up to which of Mastodon's versions what clients ask by it is there."""

    mastodon: int


class Contact(Entity, kw_only=True, frozen=True):
    """Whom to write to."""

    email: str
    account: Account | None


class Instance(Entity, kw_only=True, frozen=True):
    """The instance, version 2."""

    domain: str
    title: str
    version: str
    source_url: str
    description: str
    usage: Usage
    thumbnail: Thumbnail
    icon: list[Icon]
    languages: list[str]
    configuration: Configuration
    registrations: Registrations
    api_versions: ApiVersions
    contact: Contact
    rules: list[Rule]


class UrlsV1(Entity, kw_only=True, frozen=True):
    """Where streams are."""

    streaming_api: str


class Stats(Entity, kw_only=True, frozen=True):
    """How much there is."""

    user_count: int
    status_count: int
    domain_count: int


class InstanceV1(Entity, kw_only=True, frozen=True):
    """The instance, version 1."""

    uri: str
    title: str
    short_description: str
    description: str
    email: str
    version: str
    urls: UrlsV1
    stats: Stats
    thumbnail: str | None
    languages: list[str]
    registrations: bool
    approval_required: bool
    invites_enabled: bool
    configuration: ConfigurationV1
    contact_account: Account | None
    rules: list[Rule]


class Text(Entity, kw_only=True, frozen=True):
    """A longer text about the instance, as HTML."""

    updated_at: str
    content: str


class Week(Entity, kw_only=True, frozen=True):
    """A week of the instance; its beginning in seconds since 1970. All numbers are text."""

    week: str
    statuses: str
    logins: str
    registrations: str


class DomainBlock(Entity, kw_only=True, frozen=True):
    """A host from which nothing is taken."""

    domain: str
    digest: str
    severity: str
    comment: str | None
