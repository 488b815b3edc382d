"""Emoji given to posts, ours and others'. It must not count them as likes, nor fetch the post; it arrives known."""

import msgspec

from activitypub import activities as build
from activitypub.activities import Document
from activitypub.consent import Kind
from activitypub.emoji import Emoji, read_typed
from server.actions.network.outgoing import mint, send
from server.actions.telling.notify import notify
from server.actions.ties.refuse import refuses
from server.actions.writing.ask_to_react import may_at_once
from server.actions.writing.emojis import find_own_named
from server.actions.writing.react import find_author, take_back
from server.problems import Forbidden, Invalid
from server.site import Site
from server.store.database import Reader, Transaction
from server.store.network import activities
from server.store.people.actors import Actor
from server.store.reading import emoji_reactions, reactions
from server.store.reading.emoji_reactions import EmojiReaction
from server.store.reading.reactions import LIKE
from server.store.telling import notifications
from server.store.writing import posts
from server.store.writing.posts import Post

# Emoji of one actor on one post. Misskey gives one; people of Akkoma seldom give more than three.
MAX_EMOJI = 8
KIND = "emoji"


class GivenEmoji(msgspec.Struct, frozen=True):
    """What the notification of an emoji keeps beside it."""

    emoji: str
    icon_url: str | None = None
    reaction_id: int = 0


async def choose_emoji(reader: Reader, site: Site, post: Post, text: str) -> Emoji:
    """Return the emoji that somebody means for a post: a Unicode one, one of ours, or a custom one that stands there.

    Raises:
        Invalid: it is none of them.
    """
    typed = read_typed(text)
    if typed is None:
        raise Invalid("That is not a single emoji.", field="emoji")
    if not typed.startswith(":"):
        return Emoji(typed)
    own = await find_own_named(reader, site, typed[1:-1])
    if own is not None:
        return own
    known = await emoji_reactions.find_custom(reader, post.id, typed)
    if known is None:
        raise Invalid("There is no such emoji here.", field="emoji")
    return Emoji(typed, known)


async def give_emoji(tx: Transaction, site: Site, actor: Actor, post: Post, emoji: Emoji) -> bool:
    """Have one of our people give an emoji to a post; false when they did already, or may not.

    Raises:
        Invalid: they gave it as many as one may.
        Forbidden: its author wants no likes of theirs, or to be asked.
    """
    author = await find_author(tx, post)
    if await emoji_reactions.find(tx, actor_id=actor.id, post_id=post.id, emoji=emoji.text) is not None:
        return False
    if await emoji_reactions.count(tx, actor_id=actor.id, post_id=post.id) >= MAX_EMOJI:
        raise Invalid(f"One may give at most {MAX_EMOJI} emoji to a post.", field="emoji")
    if not await may_at_once(tx, Kind.LIKE, post, author, actor):
        raise Forbidden("The author wants to be asked for likes, and an emoji cannot be asked for.")
    activity_id, uri = mint(site, actor)
    if not await receive_emoji(tx, site, emoji, actor, post, uri):
        return False
    if not author.local:
        document = build.emoji_react(uri, actor.uri, post.uri, emoji, author=author.uri)
        await send(tx, site, actor, activity_id, document, object_uri=post.uri)
    return True


async def take_emoji_back(tx: Transaction, site: Site, actor: Actor, post: Post, text: str) -> bool:
    """Undo an emoji of one of our people; false when there was none."""
    reaction = await emoji_reactions.find(tx, actor_id=actor.id, post_id=post.id, emoji=read_typed(text) or text)
    if reaction is None:
        return False
    if await reactions.find_by_uri(tx, reaction.uri) is not None:  # a client sent it as a like
        return await take_back(tx, site, LIKE, actor, post)
    await receive_emoji_undo(tx, reaction)
    sent = await activities.find_by_uri(tx, reaction.uri)
    if sent is None:
        return True
    activity_id, uri = mint(site, actor)
    document = build.undo(uri, actor.uri, msgspec.json.decode(sent.document, type=Document))
    await send(tx, site, actor, activity_id, document, object_uri=post.uri)
    await activities.hide_one(tx, sent.id)
    return True


async def receive_emoji(tx: Transaction, site: Site, emoji: Emoji, actor: Actor, post: Post, uri: str) -> bool:
    """Store an emoji given to a post once; false when it was there, one too many, or the author blocks them."""
    author = await find_author(tx, post)
    if await refuses(tx, author, actor):
        return False
    if await emoji_reactions.count(tx, actor_id=actor.id, post_id=post.id) >= MAX_EMOJI:
        return False
    reaction = EmojiReaction(site.ids.new(), actor.id, post.id, emoji.text, emoji.icon_url, uri, site.clock.now())
    if not await emoji_reactions.add(tx, reaction):
        return False
    detail = msgspec.json.encode(GivenEmoji(emoji.text, emoji.icon_url, reaction.id)).decode()
    await notify(tx, site, author, KIND, by=actor, post_id=post.id, detail=detail)
    return True


async def receive_emoji_undo(tx: Transaction, reaction: EmojiReaction) -> None:
    """Take a stored emoji back; the author is told of it no longer, unless the same actor gave others."""
    await emoji_reactions.drop(tx, reaction.id)
    if await emoji_reactions.count(tx, actor_id=reaction.actor_id, post_id=reaction.post_id):
        return
    post = await posts.find(tx, reaction.post_id)
    if post is not None:
        await notifications.drop(
            tx, actor_id=post.actor_id, kind=KIND, from_id=reaction.actor_id, post_id=reaction.post_id
        )
