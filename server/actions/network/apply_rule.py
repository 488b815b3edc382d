"""What the operator's rule for a server makes of a post from there. It must not refuse it; the door does."""

from dataclasses import replace

from activitypub.audience import Visibility, visibility_of
from activitypub.reading import RemoteNote
from activitypub.vocabulary import PUBLIC
from server.store.database import Reader
from server.store.network import domain_rules
from server.store.people.actors import Actor


async def apply_rule(reader: Reader, author: Actor, note: RemoteNote) -> RemoteNote:
    """Return the note as it may be kept: without its pictures, marked, or no longer in public timelines."""
    rule = await domain_rules.find_for(reader, author.host)
    if rule is None:
        return note
    if rule.reject_media:
        note = replace(note, attachments=(), emoji=())
    if rule.mark_sensitive:
        note = replace(note, sensitive=True)
    return _unlisted(author, note) if rule.silences else note


def _unlisted(author: Actor, note: RemoteNote) -> RemoteNote:
    """A public post as an unlisted one: followers read it, and timelines, tags and search leave it out."""
    if visibility_of(note.to, note.cc, author.followers_uri) is not Visibility.PUBLIC:
        return note
    to = tuple(uri for uri in note.to if uri != PUBLIC)
    return replace(note, to=(*to, *([author.followers_uri] if author.followers_uri else [])), cc=(*note.cc, PUBLIC))
