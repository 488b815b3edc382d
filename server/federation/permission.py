"""Which scope a submitted activity needs: Mastodon's fine ones, or the long names of the ActivityPub API's profile.

It must not know whose token it is.
"""

from collections.abc import Mapping

from activitypub.submission import Submission
from activitypub.vocabulary import same_origin
from server.federation.bearers import Narrow
from server.oauth.bearer import Bearer
from server.oauth.scopes import ACTIVITYPUB, SAME_ORIGIN

# What each type changes, in Mastodon's words; whatever else is written is a status.
_FINE: Mapping[str, str] = {
    "Accept": "write:follows",
    "Add": "write:accounts",
    "Announce": "write:statuses",
    "Block": "write:blocks",
    "Flag": "write:reports",
    "Follow": "write:follows",
    "EmojiReact": "write:favourites",
    "Like": "write:favourites",
    "Reject": "write:follows",
    "Remove": "write:accounts",
}
_WRITING = "activitypub:write:"
# One of these gets somebody to the outbox; what they may do there depends on it.
SCOPES = (
    "write:statuses",
    *sorted({*_FINE.values()} - {"write:statuses"}),
    *(scope for scope in ACTIVITYPUB if scope.startswith(_WRITING)),
)


def check_scope(bearer: Bearer, submission: Submission, *, undone: str | None = None) -> None:
    """Raise Narrow unless the token allows this activity; `undone` is the type of what an Undo takes back.

    (The copy in the Undo may say anything, and its address alone says nothing.)
    """
    fine, long = _needed(bearer, submission, undone)
    if bearer.allows(fine) or bearer.allows(long):
        return
    if bearer.allows(f"{long}{SAME_ORIGIN}") and _stays_at(bearer.client_id, submission):
        return
    raise Narrow(f"This token does not allow {fine} or {long}.")


def _needed(bearer: Bearer, submission: Submission, undone: str | None) -> tuple[str, str]:
    long = f"{_WRITING}{submission.type.lower()}"
    if submission.type == "Update" and bearer.actor is not None and submission.object_id == bearer.actor.uri:
        return "write:accounts", long
    if submission.type != "Undo":
        return _FINE.get(submission.type, "write:statuses"), long
    undone = undone or ""
    return _FINE.get(undone, "write:statuses"), f"{_WRITING}undo:{undone.lower() or 'all'}"


def _stays_at(client_id: str | None, submission: Submission) -> bool:
    """Whether all that it names lies where the client comes from."""
    named = [uri for uri in (submission.object_id, submission.target) if uri is not None]
    return client_id is not None and all(same_origin(client_id, uri) for uri in named)
