"""The shapes around people: lists, reports, suggestions, what somebody chose. They must not do anything."""

from server.mastodon.entities.basics import Account, Entity


class MutedAccount(Account, kw_only=True, frozen=True):
    """Somebody who is muted, and until when."""

    mute_expires_at: str | None


class UserList(Entity, kw_only=True, frozen=True):
    """A feed of some of those whom one follows. `replies_policy`: followed, list or none."""

    id: str
    title: str
    replies_policy: str
    exclusive: bool


class OldFilter(Entity, kw_only=True, frozen=True):
    """A word of a filter, as clients of the first version see it."""

    id: str
    phrase: str
    context: list[str]
    whole_word: bool
    expires_at: str | None
    irreversible: bool


class FeaturedTag(Entity, kw_only=True, frozen=True):
    """A hashtag on a profile. `statuses_count` is text, as it is in Mastodon."""

    id: str
    name: str
    url: str
    statuses_count: str
    last_status_at: str | None


class Report(Entity, kw_only=True, frozen=True):
    """What somebody told the operator."""

    id: str
    action_taken: bool
    action_taken_at: str | None
    category: str
    comment: str
    forwarded: bool
    created_at: str
    status_ids: list[str]
    rule_ids: list[str]
    collection_ids: list[str]
    target_account: Account


class Suggestion(Entity, kw_only=True, frozen=True):
    """Somebody who may interest, and why. `source` is the older word for the reason."""

    source: str
    sources: list[str]
    account: Account


class FamiliarFollowers(Entity, kw_only=True, frozen=True):
    """Of somebody's followers, those whom one follows."""

    id: str
    accounts: list[Account]


class DomainPreview(Entity, kw_only=True, frozen=True):
    """How many follows would end if a host were blocked."""

    following_count: int
    followers_count: int


class Profile(Entity, kw_only=True, frozen=True):
    """A profile as its owner edits it. Pictures are null where there are none; texts are as they were written."""

    id: str
    display_name: str
    note: str
    fields: list["ProfileLine"]
    avatar: str | None
    avatar_static: str | None
    avatar_description: str
    header: str | None
    header_static: str | None
    header_description: str
    locked: bool
    bot: bool
    hide_collections: bool
    discoverable: bool
    indexable: bool
    show_media: bool
    show_media_replies: bool
    show_featured: bool
    attribution_domains: list[str]
    featured_tags: list[FeaturedTag]


class ProfileLine(Entity, kw_only=True, frozen=True):
    """A line of a profile as it was written."""

    name: str
    value: str
    verified_at: str | None
