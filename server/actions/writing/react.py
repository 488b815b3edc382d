"""Likes and boosts, ours and others'. It must not fetch the post; it arrives known."""

import msgspec

from activitypub import activities as build
from activitypub.activities import Document
from activitypub.audience import Visibility, address, is_open
from activitypub.consent import Kind
from server.actions.network.outgoing import mint, send
from server.actions.telling.notify import notify
from server.actions.ties.refuse import refuses
from server.actions.writing.ask_to_react import (
    ask_to_react,
    may_at_once,
    read_waiting,
    send_allowed,
    take_question_back,
)
from server.actions.writing.spread import spread_boost, unspread_boost
from server.ids import iso
from server.problems import Forbidden, NotFound
from server.site import Site
from server.store.database import Transaction
from server.store.network import activities
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.reading import emoji_reactions, reactions
from server.store.reading.reactions import ANNOUNCE, LIKE, Reaction
from server.store.telling import notifications
from server.store.writing import consents, posts
from server.store.writing.consents import Consent
from server.store.writing.posts import Post


async def like(tx: Transaction, site: Site, actor: Actor, post: Post) -> bool:
    """Have one of our people like a post; false when they did already.

    Where its author wants to be asked, they ask, and like it once they may.

    Raises:
        Forbidden: its author does not want it.
    """
    author = await find_author(tx, post)
    activity_id, uri = mint(site, actor)
    document = build.like(uri, actor.uri, post.uri, author=author.uri)
    if not await may_at_once(tx, Kind.LIKE, post, author, actor):
        return await ask_to_react(tx, site, Kind.LIKE, actor, post, author, activity_id, document)
    if not await receive_reaction(tx, site, LIKE, actor, post, uri):
        return False
    if not author.local:
        await send(tx, site, actor, activity_id, document, object_uri=post.uri)
    return True


async def announce(
    tx: Transaction, site: Site, actor: Actor, post: Post, *, visibility: Visibility = Visibility.PUBLIC
) -> bool:
    """Have one of our people boost a post; false when they did already. `visibility` says who is told of it.

    Raises:
        Forbidden: the post is not open to everybody, or its author does not want it.
    """
    if not is_open(Visibility(post.visibility)):
        raise Forbidden("Only public posts can be boosted.")
    author = await find_author(tx, post)
    activity_id, uri = mint(site, actor)
    to, cc = address(visibility, actor.followers_uri or "", [author.uri])
    document = build.announce(uri, actor.uri, post.uri, published=iso(site.clock.now()), to=to, cc=cc)
    if not await may_at_once(tx, Kind.ANNOUNCE, post, author, actor):
        return await ask_to_react(tx, site, Kind.ANNOUNCE, actor, post, author, activity_id, document, visibility)
    if not await receive_reaction(tx, site, ANNOUNCE, actor, post, uri, visibility=visibility):
        return False
    await send(tx, site, actor, activity_id, document, visibility=visibility.value, object_uri=post.uri)
    return True


async def take_back(tx: Transaction, site: Site, kind: str, actor: Actor, post: Post) -> bool:
    """Undo one of our people's like or boost, or the question for it; false when there was none."""
    reaction = await reactions.find(tx, kind=kind, actor_id=actor.id, post_id=post.id)
    if reaction is None:
        return await take_question_back(tx, Kind(kind), actor, post)
    await consents.drop_deed(tx, reaction.uri)
    await withdraw(tx, site, actor, reaction)
    return True


async def withdraw(tx: Transaction, site: Site, actor: Actor, reaction: Reaction) -> None:
    """Undo a like or boost, whoever wants it undone; what one of our people sent is taken back by an Undo."""
    await receive_undo(tx, site, actor, reaction)
    sent = await activities.find_by_uri(tx, reaction.uri)
    post = await posts.find(tx, reaction.post_id)
    if sent is None or post is None or not actor.local:
        return
    undone = msgspec.json.decode(sent.document, type=Document)
    activity_id, uri = mint(site, actor)
    document = build.undo(uri, actor.uri, undone)
    await send(tx, site, actor, activity_id, document, object_uri=post.uri)
    await activities.hide_one(tx, sent.id)


async def react_as_allowed(tx: Transaction, site: Site, consent: Consent) -> None:
    """Do what somebody asked for, now that they may."""
    actor, post = await actors.find(tx, consent.asker_id), await posts.find(tx, consent.post_id)
    waiting = read_waiting(consent)
    if actor is None or post is None or waiting is None or post.deleted_at is not None:
        return
    uri, shown = consent.interacting_uri, waiting.shown
    if await receive_reaction(tx, site, consent.kind, actor, post, uri, visibility=shown):
        await send_allowed(tx, site, actor, post, consent)


async def receive_reaction(
    tx: Transaction,
    site: Site,
    kind: str,
    actor: Actor,
    post: Post,
    uri: str,
    *,
    visibility: Visibility = Visibility.PUBLIC,
    silent: bool = False,
) -> bool:
    """Store somebody's like or boost of a post once; false when it was there, or the author blocks them.

    `visibility` says who is shown a boost; `silent` that the author is told of it in another way.
    """
    author = await find_author(tx, post)
    if await refuses(tx, author, actor):
        return False
    shown = visibility.value if kind == ANNOUNCE else None
    reaction = Reaction(site.ids.new(), kind, actor.id, post.id, uri, site.clock.now(), shown)
    if not await reactions.add(tx, reaction):
        return False
    count = posts.count_like if kind == LIKE else posts.count_share
    await count(tx, post.id, +1)
    if kind == ANNOUNCE:
        await spread_boost(tx, site, actor, reaction)
    if not silent:
        await notify(tx, site, author, kind, by=actor, post_id=post.id)
    return True


async def receive_undo(tx: Transaction, site: Site, actor: Actor, reaction: Reaction) -> None:
    """Take a stored like or boost back."""
    if not await reactions.drop(tx, reaction.id):
        return
    count = posts.count_like if reaction.kind == LIKE else posts.count_share
    await count(tx, reaction.post_id, -1)
    if reaction.kind == ANNOUNCE:
        await unspread_boost(tx, site, reaction)
    post = await posts.find(tx, reaction.post_id)
    kinds = [reaction.kind]
    if await emoji_reactions.drop_by_uri(tx, reaction.uri):  # a like that was an emoji as well
        kinds.append("emoji")
    if post is None:
        return
    for kind in kinds:
        await notifications.drop(tx, actor_id=post.actor_id, kind=kind, from_id=actor.id, post_id=reaction.post_id)


async def find_author(tx: Transaction, post: Post) -> Actor:
    """Return whose post it is. Raises NotFound where the post or its author is gone."""
    author = await actors.find(tx, post.actor_id)
    if author is None or post.deleted_at is not None:
        raise NotFound("This post is gone.")
    return author
