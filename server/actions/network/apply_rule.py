"""What the operator's rule for a server makes of a post from there. It must not refuse it; the door does."""

from dataclasses import replace

from activitypub.reading import RemoteNote
from activitypub.vocabulary import host_of
from server.store.database import Reader
from server.store.network import domain_rules
from server.store.people.actors import Actor


async def apply_rule(reader: Reader, author: Actor, note: RemoteNote) -> RemoteNote:
    """Return the note as it may be kept: without its pictures, or marked."""
    rule = await domain_rules.find_strictest(reader, (author.host, host_of(author.uri)))
    if rule is None:
        return note
    if rule.reject_media:
        note = replace(note, attachments=(), emoji=())
    if rule.mark_sensitive:
        note = replace(note, sensitive=True)
    return note
