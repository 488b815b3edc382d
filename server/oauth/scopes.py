"""What a token may be good for: Mastodon's scopes, and the long names of the ActivityPub API's profile.

It must not know routes: each declares its own scope and asks `covers`. A granted set is kept as the client spelt it,
because Mastodon.py raises when it gets another one back.
"""

from collections.abc import Iterable
from typing import Final

_READ = (
    *("accounts", "blocks", "bookmarks", "favourites", "filters", "follows", "lists", "mutes", "notifications"),
    *("search", "statuses"),
)
_WRITE = (
    *("accounts", "blocks", "bookmarks", "conversations", "favourites", "filters", "follows", "lists", "media"),
    *("mutes", "notifications", "reports", "statuses"),
)
_ADMIN = (
    *("accounts", "canonical_email_blocks", "domain_allows", "domain_blocks", "email_domain_blocks", "ip_blocks"),
    "reports",
)
_ME = ("actor", "all", "followers", "following", "inbox", "liked", "outbox")
# Activities that name another's object can be held to the client's own origin; the rest are about the account itself.
_LIMITED = ("add", "all", "announce", "block", "create", "delete", "flag", "follow", "like", "remove", "update")
_REPLYING = ("create", "delete", "update")
_UNDOING = ("all", "announce", "block", "follow", "like")
SAME_ORIGIN: Final = ":sameorigin"

BROAD: Final = ("read", "write", "follow", "push", "profile")
MASTODON: Final = (
    *BROAD,
    *(f"read:{one}" for one in _READ),
    *(f"write:{one}" for one in _WRITE),
    *(f"admin:{verb}" for verb in ("read", "write")),
    *(f"admin:{verb}:{one}" for verb in ("read", "write") for one in _ADMIN),
)
ACTIVITYPUB: Final = (
    "activitypub:read:all",
    "activitypub:read:local:all",
    "activitypub:read:remote:all",
    *(f"activitypub:read:me:{one}" for one in _ME),
    *(f"activitypub:write:{one}" for one in ("accept", "question", "reject")),
    *(f"activitypub:write:{one}{limit}" for one in _LIMITED for limit in ("", SAME_ORIGIN)),
    *(f"activitypub:write:{one}:inreplyto{SAME_ORIGIN}" for one in _REPLYING),
    *(f"activitypub:write:undo:{one}{limit}" for one in _UNDOING for limit in ("", SAME_ORIGIN)),
)
KNOWN: Final = frozenset((*MASTODON, "write:sameorigin", *ACTIVITYPUB))
# One thing, two names (activitypub.md 2.3).
_SYNONYMS: Final = {
    "activitypub:read:all": "read",
    "activitypub:write:all": "write",
    "activitypub:write:all:sameorigin": "write:sameorigin",
}
# What `follow` meant before the fine scopes, and still does in clients of that time.
_FOLLOW: Final = frozenset(f"{verb}:{one}" for verb in ("read", "write") for one in ("blocks", "follows", "mutes"))


def parse(text: str | None) -> frozenset[str]:
    """Return the scopes that are known; the others are left out (the client sees what it got)."""
    return frozenset((text or "").split()) & KNOWN


def spell(scopes: Iterable[str]) -> str:
    """Write scopes as they travel: parted by spaces, in our order, so that one set has one spelling."""
    return " ".join(sorted(scopes, key=_place))


def covers(granted: frozenset[str], needed: str) -> bool:
    """Whether a token with `granted` may do what demands `needed`: `read` covers `read:statuses`."""
    return any(_implies(_SYNONYMS.get(one, one), _SYNONYMS.get(needed, needed)) for one in granted)


def covers_all(granted: frozenset[str], needed: Iterable[str]) -> bool:
    """Whether every scope of `needed` is covered."""
    return all(covers(granted, one) for one in needed)


def _implies(given: str, needed: str) -> bool:
    if given == needed or needed.startswith(f"{given}:"):
        return True
    if given == "follow":
        return needed in _FOLLOW
    if needed == "profile":
        # The smallest part of one's own account, for apps that only want to know who somebody is.
        return _implies(given, "read:accounts")
    if given.endswith(SAME_ORIGIN):
        return needed.endswith(SAME_ORIGIN) and _implies(_unlimited(given), _unlimited(needed))
    if given in ("read", "write"):
        return needed.startswith(f"activitypub:{given}:")
    return given.startswith("activitypub:") and given.endswith(":all") and needed.startswith(given.removesuffix("all"))


def _unlimited(scope: str) -> str:
    return scope.removesuffix(SAME_ORIGIN)


def _place(scope: str) -> tuple[int, str]:
    return (BROAD.index(scope) if scope in BROAD else len(BROAD), scope)
