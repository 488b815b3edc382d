"""Tells somebody elsewhere why the studio actor does not paint what they asked for. It must not decide that."""

from activitypub.audience import Visibility
from server.actions.writing.compose import Person
from server.actions.writing.publish import Draft, publish
from server.ids import MICROSECONDS, first_at
from server.site import Site
from server.store.database import Transaction
from server.store.people.actors import Actor
from server.store.writing import posts
from server.store.writing.posts import Post

# One answer in words for each asker in this time: whoever goes on asking has read it.
SILENT_SECONDS = 86_400


async def answer_asker(tx: Transaction, site: Site, studio: Actor, asker: Actor, question: Post, words: str) -> bool:
    """Answer `question` directly, unless the asker was told something today; say whether it was."""
    first_id = first_at(site.clock.now() - SILENT_SECONDS * MICROSECONDS)
    if await posts.wrote_to(tx, studio.id, asker.uri, first_id=first_id):
        return False
    person = name_asker(asker)
    draft = Draft(
        text=f"@{person.handle} {words}",
        # Nobody else wants to read a refusal.
        visibility=Visibility.DIRECT,
        people=(person,),
        in_reply_to=question,
    )
    await publish(tx, site, studio, draft)
    return True


def name_asker(asker: Actor) -> Person:
    """Return how an answer names the asker."""
    return Person(asker.handle, asker.uri, asker.url or asker.uri)
