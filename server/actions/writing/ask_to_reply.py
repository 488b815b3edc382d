"""An answer to a post whose author wants to be asked: kept back for its writer alone, and sent once it may be.

That author, who is to look at it, is the only other one who may see it. It must not judge the answer to the question.
"""

from dataclasses import replace

from activitypub.consent import Kind
from server.actions.network.represent import represent_post
from server.actions.writing.allow import Standing, may_do
from server.actions.writing.hold_reply import write_kept
from server.actions.writing.stamp import ask, new_consent
from server.actions.writing.wait import let_wait
from server.problems import Forbidden
from server.site import Site
from server.store.database import Reader, Transaction
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.writing import consents
from server.store.writing.posts import Post


async def find_asked(reader: Reader, author: Actor, parent: Post | None) -> Actor | None:
    """Return who has to be asked before `author` answers `parent`; None where nobody has to.

    Raises:
        Forbidden: the answered author does not want it.
    """
    asked = await actors.find(reader, parent.actor_id) if parent is not None else None
    if parent is None or asked is None:
        return None
    standing = await may_do(reader, Kind.REPLY, parent, asked, author)
    if standing is Standing.DENIED:
        raise Forbidden("The author of this post does not want it to be answered.")
    return asked if standing is Standing.MANUAL else None


async def ask_to_reply(
    tx: Transaction, site: Site, author: Actor, wanted: Post, parent: Post, asked: Actor, activity_id: int
) -> None:
    """Ask by the answer as it would be sent; its Create is held under `activity_id`."""
    consent = new_consent(site, Kind.REPLY, author, parent, wanted.uri)
    consent = replace(consent, wanted=write_kept(wanted, activity_id=activity_id))
    if asked.local:
        await let_wait(tx, site, consent, author, asked, about=wanted.id)
        return
    await ask(tx, site, consent, author, asked, parent, await represent_post(tx, site, author, wanted))


async def check_sent(reader: Reader, post: Post) -> None:
    """Raise Forbidden for an answer that is kept back: whom a changed one names would see it before it may be seen."""
    parent_id = post.in_reply_to_id
    consent = await consents.find_pair(reader, Kind.REPLY, post.uri, parent_id) if parent_id is not None else None
    if consent is not None and consent.state in (consents.PENDING, consents.REJECTED):
        raise Forbidden("The author of what this answers did not agree to it; till then it can be deleted alone.")
