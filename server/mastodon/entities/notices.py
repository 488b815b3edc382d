"""The shapes of what clients are told: notifications in groups, policies, markers, conversations, push.

They must not do anything. `UNSET` stands where Mastodon leaves a key out for all notifications but those of one kind.
"""

import msgspec
from msgspec import UNSET, UnsetType

from server.mastodon.entities.basics import Account, Entity, Status
from server.mastodon.entities.basics import Notification as PlainNotification
from server.mastodon.entities.people import Report


class Severance(Entity, kw_only=True, frozen=True):
    """Follows that ended because of something else."""

    id: str
    type: str
    purged: bool
    target_name: str
    followers_count: int
    following_count: int
    created_at: str


class Notification(PlainNotification, kw_only=True, frozen=True):
    """Something that happened to who asks; with what it is about where that is no post."""

    event: Severance | UnsetType = UNSET
    report: Report | UnsetType = UNSET
    emoji: str | UnsetType = UNSET
    emoji_url: str | UnsetType = UNSET


class NotificationGroup(Entity, kw_only=True, frozen=True):
    """Several notifications that say the same. The page's fields are null where no page was asked for.

    `most_recent_notification_id` is a number as in Mastodon; `page_max_id` says the same as text on pages.
    """

    group_key: str
    notifications_count: int
    type: str
    most_recent_notification_id: int
    page_min_id: str | None
    page_max_id: str | None
    latest_page_notification_at: str | None
    sample_account_ids: list[str]
    status_id: str | None
    event: Severance | UnsetType = UNSET
    report: Report | UnsetType = UNSET


class PartialAccount(Entity, kw_only=True, frozen=True):
    """As much of somebody as a row of faces needs."""

    id: str
    acct: str
    locked: bool
    bot: bool
    url: str
    avatar: str
    avatar_static: str


class GroupedNotifications(Entity, kw_only=True, frozen=True):
    """A page of groups with everybody and every post in them, each once."""

    accounts: list[Account]
    statuses: list[Status]
    notification_groups: list[NotificationGroup]
    partial_accounts: list[PartialAccount] | UnsetType = UNSET


class UnreadCount(Entity, kw_only=True, frozen=True):
    """How much is unread, up to a limit."""

    count: int


class PolicySummary(Entity, kw_only=True, frozen=True):
    """How much was put aside."""

    pending_requests_count: int
    pending_notifications_count: int


class NotificationPolicy(Entity, kw_only=True, frozen=True):
    """What becomes of notifications by certain senders: accept, filter or drop."""

    for_not_following: str
    for_not_followers: str
    for_new_accounts: str
    for_private_mentions: str
    for_limited_accounts: str
    summary: PolicySummary


class OldNotificationPolicy(Entity, kw_only=True, frozen=True):
    """The same as the first version said it: whether they are put aside."""

    filter_not_following: bool
    filter_not_followers: bool
    filter_new_accounts: bool
    filter_private_mentions: bool
    summary: PolicySummary


class NotificationRequest(Entity, kw_only=True, frozen=True):
    """Somebody whose mentions were put aside."""

    id: str
    created_at: str
    updated_at: str
    notifications_count: str
    account: Account
    last_status: Status | None


class Merged(Entity, kw_only=True, frozen=True):
    """Whether what was put aside of accepted senders stands among the rest."""

    merged: bool


class Marker(Entity, kw_only=True, frozen=True):
    """How far somebody has read."""

    last_read_id: str
    version: int
    updated_at: str


class Markers(Entity, kw_only=True, frozen=True):
    """The markers asked for, those that were ever set."""

    home: Marker | UnsetType = UNSET
    notifications: Marker | UnsetType = UNSET


class Conversation(Entity, kw_only=True, frozen=True):
    """A thread of direct posts; `accounts` are the others in it."""

    id: str
    unread: bool
    accounts: list[Account]
    last_status: Status | None


class PushAlerts(Entity, kw_only=True, frozen=True):
    """Which kinds of notifications wake a client."""

    mention: bool = False
    quote: bool = False
    status: bool = False
    reblog: bool = False
    follow: bool = False
    follow_request: bool = False
    favourite: bool = False
    poll: bool = False
    update: bool = False
    quoted_update: bool = False
    admin_sign_up: bool = msgspec.field(default=False, name="admin.sign_up")
    admin_report: bool = msgspec.field(default=False, name="admin.report")


class PushSubscription(Entity, kw_only=True, frozen=True):
    """Where a client wants to be woken; the id is a number as in Mastodon."""

    id: int
    endpoint: str
    standard: bool
    alerts: PushAlerts
    server_key: str
    policy: str
