"""May this signer say this about that object? Every rule of ownership, each as a check that raises.

It must not look anything up: owners, earlier activities and documents are handed in. A check that returns has
found nothing wrong; Forbidden means the signer oversteps, Unauthorised that somebody else would have to vouch.
"""

from collections.abc import Collection
from dataclasses import dataclass

from activitypub.consent import Kind, Stamp
from activitypub.errors import Forbidden, Unauthorised
from activitypub.keys import OwnedKey
from activitypub.reading import Activity, KeyClaim, RemoteActor, RemoteNote
from activitypub.vocabulary import id_of, same_origin, without_fragment


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody went from `old` to `new`; `pulled` if it is the new actor that says so."""

    old: str
    new: str
    pulled: bool


def check_activity(verified_actor_uri: str, activity: Activity, our_origin: str) -> None:
    """The signer is the actor, the activity has an id of its actor's origin, and neither claims ours.

    Unauthorised if only the signer is wrong: a forwarded activity may still prove itself by its own signature.
    """
    refuse_ours(activity.actor, our_origin)
    refuse_ours(activity.id, our_origin)
    if not same_origin(activity.id, activity.actor):
        raise Forbidden("the activity's id is not on its actor's origin")
    if activity.actor != verified_actor_uri:
        raise Unauthorised("the signer is not the actor")


def believable_object(activity: Activity) -> dict[str, object] | None:
    """The object as embedded, if its actor's word is good for it; None means: fetch it from its origin by id.

    An object of another origin is only a reference, however whole it looks: its text may be altered (T13).
    """
    return _believable(activity, activity.object)


def believable_instrument(activity: Activity) -> dict[str, object] | None:
    """What an activity asks to be allowed, by the same rule."""
    return _believable(activity, activity.raw.get("instrument"))


def may_change(actor_uri: str, object_owner_uri: str, object_id: str) -> None:
    """Update and Delete are for the owner alone, on the owner's own origin."""
    if actor_uri != object_owner_uri:
        raise Forbidden("the object belongs to another actor")
    if not same_origin(actor_uri, object_id):
        raise Forbidden("the object lies on another origin than its actor")


def check_update(*, stored_author: str, stored_type: str, note: RemoteNote) -> None:
    """A changed post keeps its author and its type (T33)."""
    if stored_author not in note.authors:
        raise Forbidden("an update may not change the author")
    if note.type != stored_type:
        raise Forbidden("an update may not change the type")


def check_undo(actor_uri: str, undone_actor_uri: str) -> None:
    """One undoes only what one did."""
    if actor_uri != undone_actor_uri:
        raise Forbidden("the undone activity is another actor's")


def check_answer(actor_uri: str, asked_actor_uri: str) -> None:
    """Only the actor that was asked accepts or rejects (T32)."""
    if actor_uri != asked_actor_uri:
        raise Forbidden("the answer comes from an actor that was not asked")


def check_stamp(stamp: Stamp, *, uri: str, kind: Kind, author: str, interacting: str, target: str) -> None:
    """It is the author's own word, from the author's own origin, for this deed with this post and for no other."""
    if not same_origin(uri, author) or stamp.id != uri:
        raise Forbidden("the authorization lies on another origin than the author it speaks for")
    if stamp.attributed_to != author:
        raise Forbidden("the authorization is another actor's")
    if stamp.kind is not kind or stamp.interacting != interacting:
        raise Forbidden("the authorization is for something else")
    # Older ones of GoToSocial leave the post out; those for quotes always name it.
    if stamp.target != target and (stamp.target is not None or kind is Kind.QUOTE):
        raise Forbidden("the authorization is for another post")


def check_collection(actor_uri: str, target: str | None, own_collections: tuple[str | None, ...]) -> None:
    """Add and Remove change only collections that the actor's document names as its own."""
    if target is None or target not in own_collections or not same_origin(actor_uri, target):
        raise Forbidden("the target is not a collection of this actor")


def read_move(activity: Activity) -> Move:
    """Read who moves where, told by the old actor, or by the new one (FEP-7628, "pull mode"). Nobody else may."""
    old, new = activity.object_id, activity.target
    if old is None or new is None or old == new or activity.actor not in (old, new):
        raise Forbidden("an actor moves itself only")
    return Move(old, new, pulled=activity.actor == new)


def check_move(move: Move, *, aliases: Collection[str], moved_to: str | None) -> None:
    """The new place names the old one in `aliases`, and the old one, unless it spoke, says where it went (s172)."""
    if move.old not in aliases:
        raise Forbidden("the new actor does not name the old one")
    if move.pulled and moved_to != move.new:
        raise Forbidden("the old actor does not name the new one")


def check_note(actor_uri: str, note: RemoteNote, our_origin: str) -> None:
    """The post is by this actor, all its authors share its origin, and nothing of it claims ours (T12)."""
    refuse_ours(note.id, our_origin)
    if actor_uri not in note.authors:
        raise Forbidden("the post is attributed to another actor")
    for author in note.authors:
        refuse_ours(author, our_origin)
        if not same_origin(author, note.id):
            raise Forbidden("the post lies on another origin than its author")


def check_actor_document(requested: str, final_url: str, actor: RemoteActor) -> None:
    """The actor is what was asked for, came from its own origin, and lists only keys of that origin.

    `final_url` is the address after redirects. If only the id differs, the caller asks once more, by that id.
    """
    check_document(requested, final_url, actor.id)
    for key in actor.keys:
        if key.owner != actor.id or not same_origin(key.key_id, actor.id):
            raise Forbidden("the actor lists a key that is not its own")


def check_document(requested: str, final_url: str, document_id: str) -> None:
    """A fetched document names itself by the address that was asked for, on the origin that answered (T9, T10)."""
    if not same_origin(final_url, document_id):
        raise Forbidden("the document came from another origin than its id")
    if without_fragment(requested) != without_fragment(document_id):
        raise Forbidden("the document is not the one that was asked for")


def confirm_key(claim: KeyClaim, owner: RemoteActor) -> OwnedKey:
    """The key as owned, when claim and owner name each other on one origin. Raises Unauthorised."""
    for key in owner.keys:
        if key.key_id == claim.key_id and claim.owner == owner.id:
            return key
    if claim.owner != owner.id or claim.key_id not in owner.key_uris or not same_origin(claim.key_id, owner.id):
        raise Unauthorised("the actor does not list this key as its own")
    return OwnedKey(claim.key_id, owner.id, claim.key)


def refuse_ours(uri: str, our_origin: str) -> None:
    """Nothing that arrives from outside may speak in our name."""
    if same_origin(uri, our_origin):
        raise Forbidden("the document claims our own origin")


def _believable(activity: Activity, document: object) -> dict[str, object] | None:
    if isinstance(document, list) and len(document) == 1:
        document = document[0]
    uri = id_of(document)
    if not isinstance(document, dict) or uri is None or not same_origin(uri, activity.actor):
        return None
    return document
