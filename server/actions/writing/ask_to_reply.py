"""An answer to a post whose author wants to be asked: kept back for its writer alone, and sent once it may be.

That author, who is to look at it, is the only other one who may see it. It must not judge the answer to the question.
"""

from dataclasses import replace

import msgspec

from activitypub import activities as build
from activitypub.audience import Visibility
from activitypub.consent import Kind
from server.actions.network.outgoing import send
from server.actions.network.represent import represent_post
from server.actions.telling.notify import notify
from server.actions.telling.tell import tell_watchers
from server.actions.writing.allow import Standing, may_do
from server.actions.writing.converse import add_to_conversation
from server.actions.writing.quote import ask_to_quote
from server.actions.writing.spread import spread_post
from server.actions.writing.stamp import ask, new_consent
from server.problems import Forbidden
from server.site import Site
from server.store.database import Reader, Transaction
from server.store.network import activities
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.writing import consents, posts
from server.store.writing.consents import Consent
from server.store.writing.posts import Mentioned, Post


class KeptBack(msgspec.Struct, frozen=True):
    """Whom an answer is for, once it may be sent, and the Create that waits."""

    activity_id: int
    visibility: str
    to_uris: str
    cc_uris: str
    blind_uris: str | None


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
    return asked if standing is Standing.MANUAL and not asked.local else None


def keep_back(post: Post, asked: Actor) -> Post:
    """Return the post as it is stored while it waits."""
    to = msgspec.json.encode([asked.uri]).decode()
    return replace(post, visibility=Visibility.DIRECT.value, to_uris=to, cc_uris="[]", blind_uris=None)


async def ask_to_reply(
    tx: Transaction, site: Site, author: Actor, wanted: Post, parent: Post, asked: Actor, activity_id: int
) -> None:
    """Ask by the answer as it would be sent; its Create is held under `activity_id`."""
    kept = KeptBack(activity_id, wanted.visibility, wanted.to_uris, wanted.cc_uris, wanted.blind_uris)
    consent = new_consent(site, Kind.REPLY, author, parent, wanted.uri)
    consent = replace(consent, wanted=msgspec.json.encode(kept).decode())
    await ask(tx, site, consent, author, asked, parent, await represent_post(tx, site, author, wanted))


async def check_sent(reader: Reader, post: Post) -> None:
    """Raise Forbidden for an answer that is kept back: whom a changed one names would see it before it may be seen."""
    parent_id = post.in_reply_to_id
    consent = await consents.find_pair(reader, Kind.REPLY, post.uri, parent_id) if parent_id is not None else None
    if consent is not None and consent.state in (consents.PENDING, consents.REJECTED):
        raise Forbidden("The author of what this answers did not agree to it; till then it can be deleted alone.")


async def release_reply(tx: Transaction, site: Site, consent: Consent) -> None:
    """Send an answer that may be sent now, to everybody whom it was for."""
    post, author = await posts.find_by_uri(tx, consent.interacting_uri), await actors.find(tx, consent.asker_id)
    if post is None or author is None or post.deleted_at is not None or consent.wanted is None:
        return
    kept = msgspec.json.decode(consent.wanted, type=KeptBack)
    free = replace(
        post,
        visibility=kept.visibility,
        to_uris=kept.to_uris,
        cc_uris=kept.cc_uris,
        blind_uris=kept.blind_uris,
    )
    mentioned = await posts.list_mentions(tx, post.id)
    await posts.widen(tx, free)
    await spread_post(tx, site, free, author)
    await _tell(tx, site, author, free, mentioned)
    await _send(tx, site, author, free, kept.activity_id)
    await ask_to_quote(tx, site, author, free)


async def _tell(tx: Transaction, site: Site, author: Actor, post: Post, mentioned: list[Mentioned]) -> None:
    for one in mentioned:
        told = await actors.find_by_uri(tx, one.actor_uri)
        if told is not None:
            await notify(tx, site, told, "mention", by=author, post_id=post.id)
    await add_to_conversation(tx, site, author, post)
    parent = await posts.find(tx, post.in_reply_to_id) if post.in_reply_to_id is not None else None
    await tell_watchers(tx, site, author, post, parent=parent)


async def _send(tx: Transaction, site: Site, author: Actor, post: Post, activity_id: int) -> None:
    held = await activities.find(tx, activity_id)
    if held is None:
        return
    # What its writer's client said beside it stands in what was held.
    said = msgspec.json.decode(held.document, type=build.Document)
    document = {**said, **build.create(held.uri, author.uri, await represent_post(tx, site, author, post))}
    await send(tx, site, author, activity_id, document, visibility=post.visibility, object_uri=post.uri, held=True)
