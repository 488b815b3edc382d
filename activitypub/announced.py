"""What a group announces of its members: an Announce with an activity inside (FEP-1b12, Lemmy and PieFed).

It must not believe the activity inside; it says only what is told of which post.
"""

from dataclasses import dataclass

from activitypub import fields
from activitypub.errors import Malformed
from activitypub.reading import Activity, Document
from activitypub.vocabulary import types_of


@dataclass(frozen=True, slots=True)
class Told:
    """What a member is said to have done, and to which post; `parent` is what that is said to answer."""

    type: str
    post_uri: str
    parent: str | None


def read_told(activity: Activity) -> Told | None:
    """Read the activity inside an Announce; None where it is of a post. Raises Malformed for one about nothing."""
    inner = fields.first(activity.object)
    if not isinstance(inner, dict) or fields.field(inner, "object") is None:
        return None
    types, post_uri = types_of(inner), fields.uri(inner, "object")
    if not types or post_uri is None:
        raise Malformed("what is announced is about nothing")
    return Told(types[0], post_uri, _parent(inner))


def _parent(inner: Document) -> str | None:
    post = fields.first(fields.field(inner, "object"))
    return fields.uri(post, "inReplyTo") if isinstance(post, dict) else None
