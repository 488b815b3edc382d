"""A like or boost of a post whose author wants to be asked: asked for, and done once it may be.

It must not judge the answer.
"""

from dataclasses import replace

import msgspec

from activitypub.activities import Document
from activitypub.audience import Visibility
from activitypub.consent import Kind, with_stamp
from server.actions.network.outgoing import send
from server.actions.writing.allow import Standing, may_do
from server.actions.writing.stamp import ask, new_consent
from server.actions.writing.wait import end_waiting, let_wait
from server.problems import Forbidden
from server.site import Site
from server.store.database import Transaction
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.writing import consents
from server.store.writing.consents import ACCEPTED, PENDING, REJECTED, REVOKED, Consent
from server.store.writing.posts import Post


class Waiting(msgspec.Struct, frozen=True):
    """What is to be sent, under which of our ids, and who is shown it. What a peer did is sent by nobody here."""

    activity_id: int
    document: Document
    visibility: str | None

    @property
    def shown(self) -> Visibility:
        """Who is shown a boost."""
        return Visibility(self.visibility or Visibility.PUBLIC)


async def may_at_once(tx: Transaction, kind: Kind, post: Post, author: Actor, actor: Actor) -> bool:
    """Whether `actor` may do it without asking. Raises Forbidden where the author does not want it at all."""
    standing = await may_do(tx, kind, post, author, actor)
    if standing is Standing.DENIED:
        raise Forbidden("The author of this post does not want that.")
    return standing is Standing.AUTOMATIC


async def ask_to_react(
    tx: Transaction,
    site: Site,
    kind: Kind,
    actor: Actor,
    post: Post,
    author: Actor,
    activity_id: int,
    document: Document,
    visibility: Visibility | None = None,
) -> bool:
    """Ask whether one of our people may like or boost a post; false when they asked before.

    Raises:
        Forbidden: its author said no to them.
    """
    known = await consents.find_asked(tx, kind, actor.id, post.id)
    if known is not None and known.state in (REJECTED, REVOKED):
        raise Forbidden("The author of this post does not want that.")
    if known is not None and known.state == PENDING:
        return False
    waiting = Waiting(activity_id, document, visibility.value if visibility else None)
    consent = new_consent(site, kind, actor, post, str(document["id"]))
    consent = replace(consent, wanted=write_waiting(waiting))
    if author.local:
        await let_wait(tx, site, consent, actor, author, about=post.id)
        return True
    await ask(tx, site, consent, actor, author, post, document)
    return True


async def take_question_back(tx: Transaction, kind: Kind, actor: Actor, post: Post) -> bool:
    """Forget a question that nobody answered yet; false when there is none."""
    known = await consents.find_asked(tx, kind, actor.id, post.id)
    if known is None or known.state != PENDING:
        return False
    await end_waiting(tx, known)
    await consents.drop(tx, known.id)
    return True


def write_waiting(waiting: Waiting) -> str:
    """Return what is to be remembered until the answer."""
    return msgspec.json.encode(waiting).decode()


def read_waiting(consent: Consent) -> Waiting | None:
    """Return what waited for this answer."""
    return msgspec.json.decode(consent.wanted, type=Waiting) if consent.wanted is not None else None


async def send_allowed(tx: Transaction, site: Site, actor: Actor, post: Post, consent: Consent) -> None:
    """Send what waited, with the stamp that it needs. A like of one of us by another goes nowhere."""
    waiting = read_waiting(consent)
    author = await actors.find(tx, post.actor_id)
    if waiting is None or not actor.local or author is None or (author.local and consent.kind == Kind.LIKE):
        return
    if consent.stamp_uri is None or consent.state != ACCEPTED:
        return
    document = with_stamp(waiting.document, Kind(consent.kind), consent.stamp_uri)
    await send(tx, site, actor, waiting.activity_id, document, visibility=waiting.visibility, object_uri=post.uri)
