"""Puts an activity into the inboxes of those of our people whom it is for. It must not act on it, nor show it."""

from collections.abc import Iterable

from activitypub.fields import recipients, uri_of
from activitypub.reading import Activity, Document
from activitypub.vocabulary import PUBLIC
from server.site import Site
from server.store.database import Transaction
from server.store.network import inboxes
from server.store.people import actors
from server.store.people.actors import Actor

FIELDS = ("to", "bto", "cc", "bcc", "audience")


async def put_received(tx: Transaction, site: Site, received_id: int, activity: Activity) -> None:
    """Put what a peer sent where it belongs: to whom it addresses or concerns, and to who follows its actor."""
    sender = await actors.find_by_uri(tx, activity.actor)
    addressed = _addressed(activity.raw)
    named = [*addressed, *_concerned(site, activity)]
    # Peers send what is public to the followers, whether or not they say so.
    wide = PUBLIC in addressed or (sender is not None and sender.followers_uri in addressed)
    await _put(tx, site, received_id, sender, named, to_followers=wide)


async def put_sent(tx: Transaction, site: Site, activity_id: int, author: Actor, document: Document) -> None:
    """Put what one of our people did where it belongs here: exactly to whom it addresses."""
    addressed = _addressed(document)
    await _put(tx, site, activity_id, author, addressed, to_followers=author.followers_uri in addressed)


async def _put(
    tx: Transaction, site: Site, activity_id: int, sender: Actor | None, named: list[str], *, to_followers: bool
) -> None:
    sender_id = sender.id if sender is not None else 0
    here = [uri for uri in dict.fromkeys(named) if site.is_ours(uri) and (sender is None or uri != sender.uri)]
    if not here and not to_followers:
        return
    entry_id = site.ids.new()
    if here:
        await inboxes.add_for_named(tx, id=entry_id, activity_id=activity_id, named=here, sender_id=sender_id)
    if to_followers and sender is not None:
        await inboxes.add_for_followers(tx, id=entry_id, activity_id=activity_id, followed_id=sender.id)


def _addressed(document: Document) -> list[str]:
    return [uri for field in FIELDS for uri in recipients(document, field)]


def _concerned(site: Site, activity: Activity) -> Iterable[str]:
    """Those of ours whom it is about, or whose thing: many peers address no Like and no Follow."""
    inner = activity.object if isinstance(activity.object, dict) else {}
    about = [*activity.object_ids, activity.target, *(uri_of(inner.get(name)) for name in ("object", "actor"))]
    people = f"{site.origin}/users/"
    for uri in about:
        if uri is not None and uri.startswith(people):
            yield people + uri.removeprefix(people).partition("/")[0].partition("#")[0]
