"""Keeps an answer back for its writer and whom it answers alone, shows it to all whom it is for, and hides it again.

It must not judge whether it may be shown.
"""

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from activitypub import activities as build
from activitypub.audience import Visibility
from server.actions.network.outgoing import send
from server.actions.network.represent import represent_post
from server.actions.telling.notify import notify
from server.actions.telling.tell import tell_watchers
from server.actions.writing.converse import add_to_conversation
from server.actions.writing.quote import ask_to_quote, tell_quoted
from server.actions.writing.spread import spread_post, unspread_post
from server.site import Site
from server.store.database import Transaction
from server.store.network import activities
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.telling import notifications
from server.store.writing import conversations, posts
from server.store.writing.consents import Consent
from server.store.writing.posts import Mentioned, Post


class KeptBack(msgspec.Struct, frozen=True):
    """Whom an answer is for, once it may be shown, and the Create of ours that waits; of a peer's, whom it names."""

    activity_id: int
    visibility: str
    to_uris: str
    cc_uris: str
    blind_uris: str | None
    named: tuple[tuple[str, str], ...] = ()


def keep_back(post: Post, asked: Actor | None) -> Post:
    """Return the post as it is stored while it waits for `asked`; with None it is its writer's alone."""
    to = msgspec.json.encode([asked.uri] if asked is not None else []).decode()
    return replace(post, visibility=Visibility.DIRECT.value, to_uris=to, cc_uris="[]", blind_uris=None)


def write_kept(post: Post, *, activity_id: int = 0, mentioned: Sequence[Mentioned] = ()) -> str:
    """Return what has to be remembered of an answer as it is meant."""
    named = tuple((one.actor_uri, one.name) for one in mentioned)
    kept = KeptBack(activity_id, post.visibility, post.to_uris, post.cc_uris, post.blind_uris, named)
    return msgspec.json.encode(kept).decode()


async def release_reply(tx: Transaction, site: Site, consent: Consent) -> None:
    """Show an answer that may be shown now to everybody whom it is for; of ours, its Create is sent."""
    post, author = await posts.find_by_uri(tx, consent.interacting_uri), await actors.find(tx, consent.asker_id)
    if post is None or author is None or post.deleted_at is not None or consent.wanted is None:
        return
    if post.actor_id != author.id:
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
    if not post.local:
        mentioned = [Mentioned(*one) for one in kept.named]
        await posts.edit(tx, free, mentioned=mentioned, tags=await posts.list_hashtags(tx, post.id))
    await posts.readdress(tx, free)
    await spread_post(tx, site, free, author)
    await _tell(tx, site, consent, author, free, mentioned)
    if author.local:
        await _send(tx, site, author, free, kept.activity_id)
        await ask_to_quote(tx, site, author, free)


async def hide_reply(tx: Transaction, site: Site, consent: Consent) -> None:
    """Take an answer that its asked author does not want, or no longer, from everybody here but its writer."""
    post = await posts.find_by_uri(tx, consent.interacting_uri)
    if post is not None and post.deleted_at is None and post.actor_id == consent.asker_id:
        await put_aside(tx, site, post, None)


async def put_aside(tx: Transaction, site: Site, post: Post, asked: Actor | None) -> None:
    """Take a post that others were shown from all here but its writer and `asked`; nobody hears of it any more."""
    await unspread_post(tx, site, post)
    held = keep_back(post, asked)
    if not post.local:
        # Whom a peer's post names may see it: nobody else is.
        named = [
            one for one in await posts.list_mentions(tx, post.id) if asked is not None and one.actor_uri == asked.uri
        ]
        await posts.edit(tx, held, mentioned=named, tags=await posts.list_hashtags(tx, post.id))
    await posts.readdress(tx, held)
    await notifications.drop_of_post(tx, post.id)
    await conversations.drop_post(tx, post.id)


async def _tell(
    tx: Transaction, site: Site, consent: Consent, author: Actor, post: Post, mentioned: list[Mentioned]
) -> None:
    asked = await actors.find(tx, consent.asked_id)
    if asked is not None:
        await notify(tx, site, asked, "reply", by=author, post_id=post.id)
    for one in mentioned:
        told = await actors.find_by_uri(tx, one.actor_uri)
        if told is not None and told.id != consent.asked_id:
            await notify(tx, site, told, "mention", by=author, post_id=post.id)
    await tell_quoted(tx, site, post.id, author)
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
