"""Owns `conversations` and `conversation_posts`: direct posts as each of our people has them. It decides nothing."""

from dataclasses import dataclass

import msgspec
from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    case,
    delete,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.paging import Stretch, paged, read_page
from server.store.people.actors import actors
from server.store.schema import Id, metadata
from server.store.writing.posts import mentions, posts

# How far up a thread is looked; each step is a row by its key.
THREAD_AT_MOST = 100

conversations = Table(
    "conversations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("actor_id", Id, ForeignKey(actors.c.id), nullable=False),
    Column("thread_id", Id, nullable=False),
    # JSON: the ids of the others, in order.
    Column("participants", Text, nullable=False),
    Column("last_post_id", Id, nullable=False),
    Column("unread", Boolean, nullable=False),
    UniqueConstraint("actor_id", "thread_id", "participants"),
)
Index("ix_conversations_of_actor", conversations.c.actor_id, conversations.c.last_post_id)

conversation_posts = Table(
    "conversation_posts",
    metadata,
    Column("conversation_id", Id, ForeignKey(conversations.c.id, ondelete="CASCADE"), primary_key=True),
    Column("post_id", Id, primary_key=True, index=True),
)


@dataclass(frozen=True, slots=True)
class Conversation:
    """A thread of direct posts as one of our people has it with certain others; `participants` is JSON."""

    id: int
    actor_id: int
    thread_id: int
    participants: str
    last_post_id: int
    unread: bool

    @property
    def participant_ids(self) -> tuple[int, ...]:
        """The actor ids of the others."""
        return tuple(msgspec.json.decode(self.participants, type=list[int]))


_put = upsert(conversations)
_OLD, _NEW = conversations.c.last_post_id, _put.excluded.last_post_id
_put = _put.on_conflict_do_update(
    index_elements=["actor_id", "thread_id", "participants"],
    set_={
        "last_post_id": case((_NEW > _OLD, _NEW), else_=_OLD),
        "unread": _put.excluded.unread,
    },
)
_of_thread = select(conversations).where(
    conversations.c.actor_id == bindparam("actor"),
    conversations.c.thread_id == bindparam("thread"),
    conversations.c.participants == bindparam("others"),
)
_add_post = upsert(conversation_posts).on_conflict_do_nothing(index_elements=["conversation_id", "post_id"])
_find = select(conversations).where(
    conversations.c.actor_id == bindparam("actor"), conversations.c.id == bindparam("wanted")
)
_list = paged(select(conversations).where(conversations.c.actor_id == bindparam("actor")), conversations.c.last_post_id)
_drop = delete(conversations).where(
    conversations.c.actor_id == bindparam("actor"), conversations.c.id == bindparam("wanted")
)
_set_unread = (
    update(conversations)
    .where(conversations.c.actor_id == bindparam("actor"), conversations.c.id == bindparam("wanted"))
    .values(unread=bindparam("is_unread"))
)
_with_post = (
    select(conversations)
    .join(conversation_posts, conversation_posts.c.conversation_id == conversations.c.id)
    .where(conversation_posts.c.post_id == bindparam("post"))
)
_drop_post = delete(conversation_posts).where(conversation_posts.c.post_id == bindparam("post"))
_last_post = select(func.max(conversation_posts.c.post_id)).where(
    conversation_posts.c.conversation_id == bindparam("conversation")
)
_set_last = (
    update(conversations).where(conversations.c.id == bindparam("wanted")).values(last_post_id=bindparam("post"))
)
_up = (
    select(posts.c.id, posts.c.actor_id, posts.c.in_reply_to_id, literal(0, Integer).label("depth"))
    .where(posts.c.id == bindparam("start"))
    .cte("line", recursive=True)
)
_up = _up.union_all(
    select(posts.c.id, posts.c.actor_id, posts.c.in_reply_to_id, _up.c.depth + 1)
    .join(_up, posts.c.id == _up.c.in_reply_to_id)
    .where(_up.c.depth < literal(THREAD_AT_MOST, Integer))
)
_spoke_to = (
    select(_up.c.id)
    .join(mentions, mentions.c.post_id == _up.c.id)
    .where(_up.c.actor_id == bindparam("speaker"), mentions.c.actor_uri == bindparam("named"))
    .limit(1)
)


async def spoke_to(reader: Reader, post_id: int, *, speaker_id: int, named_uri: str) -> bool:
    """Say whether somebody named another in a post that the thread up from `post_id` comes from."""
    return await reader.one(_spoke_to, start=post_id, speaker=speaker_id, named=named_uri) is not None


async def put(tx: Transaction, conversation: Conversation) -> Conversation:
    """Add the last post to a conversation, which begins here where there is none; return it as it is now."""
    await tx.run(_put, **{name: getattr(conversation, name) for name in conversation.__slots__})
    row = await tx.one(
        _of_thread,
        actor=conversation.actor_id,
        thread=conversation.thread_id,
        others=conversation.participants,
    )
    kept = Conversation(*row) if row else conversation
    await tx.run(_add_post, conversation_id=kept.id, post_id=conversation.last_post_id)
    return kept


async def find(reader: Reader, actor_id: int, conversation_id: int) -> Conversation | None:
    """Find one of somebody's conversations."""
    row = await reader.one(_find, actor=actor_id, wanted=conversation_id)
    return Conversation(*row) if row else None


async def list_of_actor(reader: Reader, actor_id: int, stretch: Stretch) -> list[Conversation]:
    """Return somebody's conversations, the one with the newest post first; the cursor is that post's id."""
    return [Conversation(*row) for row in await read_page(reader, _list, stretch, actor=actor_id)]


async def drop(tx: Transaction, actor_id: int, conversation_id: int) -> bool:
    """Take a conversation off somebody's list; the posts stay. False when there was none."""
    return bool(await tx.run(_drop, actor=actor_id, wanted=conversation_id))


async def set_unread(tx: Transaction, actor_id: int, conversation_id: int, *, unread: bool) -> None:
    """Mark one of somebody's conversations as read or not."""
    await tx.run(_set_unread, actor=actor_id, wanted=conversation_id, is_unread=unread)


async def drop_post(tx: Transaction, post_id: int) -> None:
    """Forget a deleted post: its conversations end with the one before it, or with nothing at all."""
    concerned = [Conversation(*row) for row in await tx.all(_with_post, post=post_id)]
    await tx.run(_drop_post, post=post_id)
    for one in concerned:
        row = await tx.one(_last_post, conversation=one.id)
        if row is None or row[0] is None:
            await tx.run(_drop, actor=one.actor_id, wanted=one.id)
        else:
            await tx.run(_set_last, wanted=one.id, post=row[0])
