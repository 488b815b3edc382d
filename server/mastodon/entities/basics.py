"""The shapes that clients know, after Mastodon's documentation. They must not do anything.

Every key is there, null where it is empty: strict clients (Tusky, toot) refuse what lacks one. Ids are strings; times
are UTC with milliseconds.
"""

import msgspec

from server.mastodon.entities.policies import InteractionPolicy


class Entity(msgspec.Struct, kw_only=True, frozen=True):
    """A shape of the API."""


class Field(Entity, kw_only=True, frozen=True):
    """A line of a profile; `verified_at` where the page links back with rel=me."""

    name: str
    value: str
    verified_at: str | None = None


class Emoji(Entity, kw_only=True, frozen=True):
    """A picture for a word between colons."""

    shortcode: str
    url: str
    static_url: str
    visible_in_picker: bool
    category: str | None = None


class AccountRole(Entity, kw_only=True, frozen=True):
    """A role that everybody may see on a profile."""

    id: str
    name: str
    color: str = ""


class Role(AccountRole, kw_only=True, frozen=True):
    """The role of who asks, with what it permits (a sum of bits, as text)."""

    permissions: str = "0"
    highlighted: bool = False


class Account(Entity, kw_only=True, frozen=True):
    """Somebody, local or remote. `acct` is without a host for our own; pictures are never null."""

    id: str
    username: str
    acct: str
    display_name: str
    locked: bool
    bot: bool
    discoverable: bool
    indexable: bool
    group: bool
    created_at: str
    note: str
    url: str
    uri: str
    avatar: str
    avatar_static: str
    avatar_description: str
    header: str
    header_static: str
    header_description: str
    followers_count: int
    following_count: int
    statuses_count: int
    last_status_at: str | None
    hide_collections: bool
    noindex: bool
    suspended: bool
    limited: bool
    memorial: bool
    emojis: list[Emoji]
    roles: list[AccountRole]
    fields: list[Field]
    moved: "Account | None" = None


class Source(Entity, kw_only=True, frozen=True):
    """What somebody wrote of themselves, and how they post unless they say otherwise."""

    note: str
    fields: list[Field]
    privacy: str
    sensitive: bool
    language: str | None
    follow_requests_count: int
    hide_collections: bool
    discoverable: bool
    indexable: bool
    attribution_domains: list[str]
    quote_policy: str


class CredentialAccount(Account, kw_only=True, frozen=True):
    """The account of who asks."""

    source: Source
    role: Role


class MediaSize(Entity, kw_only=True, frozen=True):
    """How large a rendition is."""

    width: int
    height: int
    size: str
    aspect: float


class Focus(Entity, kw_only=True, frozen=True):
    """The point that stays in sight when a picture is cropped, from -1 to 1."""

    x: float
    y: float


class MediaMeta(Entity, kw_only=True, frozen=True):
    """The sizes of a picture; null where a peer did not say."""

    original: MediaSize | None
    small: MediaSize | None
    focus: Focus | None


class MediaAttachment(Entity, kw_only=True, frozen=True):
    """A picture. `url` is null while it is being made."""

    id: str
    type: str
    url: str | None
    preview_url: str | None
    remote_url: str | None
    preview_remote_url: str | None
    text_url: str | None
    meta: MediaMeta | None
    description: str | None
    blurhash: str | None


class Mention(Entity, kw_only=True, frozen=True):
    """Somebody named in a post."""

    id: str
    username: str
    url: str
    acct: str


class StatusTag(Entity, kw_only=True, frozen=True):
    """A hashtag in a post."""

    name: str
    url: str


class TagHistory(Entity, kw_only=True, frozen=True):
    """One day of a hashtag's use; numbers are text, the day is in seconds since 1970."""

    day: str
    uses: str
    accounts: str


class Tag(Entity, kw_only=True, frozen=True):
    """A hashtag."""

    id: str
    name: str
    url: str
    history: list[TagHistory]
    following: bool = False
    featuring: bool = False


class Application(Entity, kw_only=True, frozen=True):
    """The app that a post was written with."""

    name: str
    website: str | None


class PollOption(Entity, kw_only=True, frozen=True):
    """A choice; `votes_count` is null while results are hidden."""

    title: str
    votes_count: int | None


class Poll(Entity, kw_only=True, frozen=True):
    """A question with choices."""

    id: str
    expires_at: str | None
    expired: bool
    multiple: bool
    votes_count: int
    voters_count: int | None
    options: list[PollOption]
    emojis: list[Emoji]
    voted: bool
    own_votes: list[int]


class Card(Entity, kw_only=True, frozen=True):
    """A preview of a linked page. We make none, so that no page learns of its readers."""

    url: str
    title: str
    description: str
    type: str


class FilterKeyword(Entity, kw_only=True, frozen=True):
    """A word that a filter looks for."""

    id: str
    keyword: str
    whole_word: bool


class FilterStatus(Entity, kw_only=True, frozen=True):
    """A post that a filter names."""

    id: str
    status_id: str


class Filter(Entity, kw_only=True, frozen=True):
    """What somebody does not want to meet, where, and what is done then."""

    id: str
    title: str
    context: list[str]
    expires_at: str | None
    filter_action: str
    keywords: list[FilterKeyword]
    statuses: list[FilterStatus]


class FilterResult(Entity, kw_only=True, frozen=True):
    """A filter that a post has met, and by what."""

    filter: Filter
    keyword_matches: list[str] | None
    status_matches: list[str] | None


class QuoteApproval(Entity, kw_only=True, frozen=True):
    """Who may quote a post by itself, and whom its author is asked for."""

    automatic: list[str]
    manual: list[str]
    current_user: str


class Painted(Entity, kw_only=True, frozen=True):
    """Ours alone: how a post's picture came to be, as far as its page says it too. Of peers' posts only that it did."""

    generated: bool
    model: str | None = None
    prompt: str | None = None
    negative_prompt: str | None = None
    seed: str | None = None
    steps: int | None = None
    guidance: float | None = None
    drawn_by_rules: bool | None = None


class EmojiReaction(Entity, kw_only=True, frozen=True):
    """An emoji given to a post, as Pleroma tells it; a custom one has its picture, and no colons."""

    name: str
    count: int
    me: bool
    url: str | None = None


class EmojiGivers(EmojiReaction, kw_only=True, frozen=True):
    """An emoji given to a post, with the first who gave it."""

    accounts: list[Account]


class PleromaStatus(Entity, kw_only=True, frozen=True):
    """What Pleroma says of a post beyond Mastodon."""

    emoji_reactions: list[EmojiReaction]


class Status(Entity, kw_only=True, frozen=True):
    """A post, or a boost of one (`reblog`)."""

    id: str
    created_at: str
    in_reply_to_id: str | None
    in_reply_to_account_id: str | None
    sensitive: bool
    spoiler_text: str
    visibility: str
    language: str | None
    uri: str
    url: str | None
    replies_count: int
    reblogs_count: int
    favourites_count: int
    quotes_count: int
    edited_at: str | None
    favourited: bool
    reblogged: bool
    muted: bool
    bookmarked: bool
    pinned: bool
    content: str
    text: str | None
    filtered: list[FilterResult]
    reblog: "Status | None"
    application: Application | None
    account: Account
    media_attachments: list[MediaAttachment]
    mentions: list[Mention]
    tags: list[StatusTag]
    emojis: list[Emoji]
    card: Card | None
    poll: Poll | None
    quote: "Quote | None"
    quote_approval: QuoteApproval
    interaction_policy: InteractionPolicy
    pleroma: PleromaStatus
    pinxit: Painted | None


class Quote(Entity, kw_only=True, frozen=True):
    """A post inside a post. `state` is accepted where `quoted_status` is there."""

    state: str
    quoted_status: Status | None
    quoted_status_id: str | None = None


class Context(Entity, kw_only=True, frozen=True):
    """What a post answers, and what answers it."""

    ancestors: list[Status]
    descendants: list[Status]


class Relationship(Entity, kw_only=True, frozen=True):
    """How who asks stands to somebody."""

    id: str
    following: bool
    showing_reblogs: bool
    notifying: bool
    languages: list[str] | None
    followed_by: bool
    blocking: bool
    blocked_by: bool
    muting: bool
    muting_notifications: bool
    muting_expires_at: str | None
    requested: bool
    requested_by: bool
    domain_blocking: bool
    endorsed: bool
    note: str


class Notification(Entity, kw_only=True, frozen=True):
    """Something that happened to who asks."""

    id: str
    type: str
    created_at: str
    group_key: str
    account: Account
    status: Status | None = None


class Search(Entity, kw_only=True, frozen=True):
    """What was found."""

    accounts: list[Account]
    statuses: list[Status]
    hashtags: list[Tag]
