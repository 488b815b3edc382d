"""What scopes mean, for the person who is asked to grant them. It must not decide anything."""

from dataclasses import dataclass

from server.oauth.scopes import SAME_ORIGIN


@dataclass(frozen=True, slots=True)
class Ability:
    """One thing that a program wants to be able to do; `grave` ones deserve a second look."""

    words: str
    detail: str
    grave: bool = False


_READ_ALL = Ability("See everything in your account", "Your timelines, notifications, follows, lists and settings.")
_WRITE_ALL = Ability(
    "Act in your name", "Post, paint and delete pictures, like, boost, follow, and change your profile.", grave=True
)
_BROAD = {
    "read": _READ_ALL,
    "activitypub:read:all": _READ_ALL,
    "write": _WRITE_ALL,
    "activitypub:write:all": _WRITE_ALL,
    "write:sameorigin": Ability("Act in your name on its own things", "Only what lies on the app's own server."),
    "activitypub:write:all:sameorigin": Ability(
        "Act in your name on its own things", "Only what lies on the app's own server."
    ),
    "follow": Ability("Manage who you follow", "Follow, mute and block, and see whom you do."),
    "push": Ability("Send you notifications", "Wake this app when something happens."),
    "profile": Ability("Know who you are", "Your name, picture and handle, nothing else."),
    "admin:read": Ability("See what administrators see", "Accounts, reports and blocks of this server.", grave=True),
    "admin:write": Ability("Administer this server", "Act on accounts, reports and blocks.", grave=True),
}
_THINGS = {
    "accounts": ("profiles", "your profile"),
    "blocks": ("whom you block", "whom you block"),
    "bookmarks": ("your bookmarks", "your bookmarks"),
    "conversations": ("your conversations", "your conversations"),
    "favourites": ("what you like", "what you like"),
    "filters": ("your filters", "your filters"),
    "follows": ("whom you follow", "whom you follow"),
    "lists": ("your lists", "your lists"),
    "media": ("your pictures", "your pictures (upload, paint)"),
    "mutes": ("whom you mute", "whom you mute"),
    "notifications": ("your notifications", "your notifications"),
    "reports": ("your reports", "reports of others"),
    "search": ("search results", "searches"),
    "statuses": ("posts and timelines", "posts (write, edit, delete)"),
}
_COLLECTIONS = {
    "actor": "your profile",
    "all": "everything of your own",
    "followers": "who follows you",
    "following": "whom you follow",
    "inbox": "what you receive",
    "liked": "what you like",
    "outbox": "what you send",
}


def explain(scopes: frozenset[str]) -> list[Ability]:
    """Return what these scopes allow, the gravest and broadest first; every scope is named, and none twice."""
    told = dict.fromkeys(_explain_one(scope) for scope in sorted(scopes, key=lambda one: (one.count(":"), one)))
    return sorted(told, key=lambda ability: not ability.grave)


def _explain_one(scope: str) -> Ability:
    if scope in _BROAD:
        return _BROAD[scope]
    family, _, rest = scope.partition(":")
    if family == "admin":
        return Ability("Use an administrator's rights", f"Of this server: {rest.replace(':', ' ')}.", grave=True)
    if family == "activitypub":
        return _explain_long(rest)
    see, change = _THINGS[rest]
    return Ability(f"See {see}", "") if family == "read" else Ability(f"Change {change}", "")


def _explain_long(rest: str) -> Ability:
    verb, _, what = rest.partition(":")
    if verb == "read":
        name = what.rpartition(":")[2]
        if what.startswith("me:"):
            return Ability(f"See {_COLLECTIONS[name]}", "")
        return Ability("See posts " + ("of this server" if what.startswith("local") else "of other servers"), "")
    limited = what.endswith(SAME_ORIGIN)
    act = what.removesuffix(SAME_ORIGIN).replace(":all", " anything").replace(":inreplyto", " in reply")
    detail = "Only for what lies on the app's own server." if limited else ""
    return Ability(f"Send in your name: {act.replace(':', ' ')}", detail)
