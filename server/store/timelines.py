"""Reads posts across tables for feeds. It must not change anything."""

from sqlalchemy import bindparam, select

from server.store.database import Reader
from server.store.follows import follows
from server.store.posts import Post, hashtags, posts

NEWEST = (1 << 63) - 1
_LIVE = posts.c.deleted_at.is_(None)

_local = (
    select(posts)
    .where(posts.c.local, posts.c.visibility == "public", _LIVE, posts.c.in_reply_to_uri.is_(None))
    .where(posts.c.id < bindparam("before"))
    .order_by(posts.c.id.desc())
    .limit(bindparam("most"))
)
_profile_all = (
    select(posts)
    .where(posts.c.actor_id == bindparam("actor"), _LIVE, posts.c.id < bindparam("before"))
    .order_by(posts.c.id.desc())
    .limit(bindparam("most"))
)
_followed = select(follows.c.followed_id).where(
    follows.c.follower_id == bindparam("actor"), follows.c.state == "accepted"
)
_home = (
    select(posts)
    .where(posts.c.actor_id.in_(_followed) | (posts.c.actor_id == bindparam("actor")))
    .where(_LIVE, posts.c.visibility != "direct", posts.c.id < bindparam("before"))
    .order_by(posts.c.id.desc())
    .limit(bindparam("most"))
)
_tagged = (
    select(posts)
    .join(hashtags, hashtags.c.post_id == posts.c.id)
    .where(hashtags.c.name == bindparam("tag"), posts.c.visibility == "public", _LIVE, posts.c.id < bindparam("before"))
    .order_by(posts.c.id.desc())
    .limit(bindparam("most"))
)


async def read_local(reader: Reader, *, before: int = NEWEST, limit: int = 24) -> list[Post]:
    """Return our people's public posts that are no replies, newest first."""
    return [Post(*row) for row in await reader.all(_local, before=before, most=limit)]


async def read_own_profile(reader: Reader, actor_id: int, *, before: int = NEWEST, limit: int = 24) -> list[Post]:
    """Return all of an actor's posts, newest first; for the author and accepted followers to be filtered."""
    return [Post(*row) for row in await reader.all(_profile_all, actor=actor_id, before=before, most=limit)]


async def read_home(reader: Reader, actor_id: int, *, before: int = NEWEST, limit: int = 24) -> list[Post]:
    """Return the posts of an actor and of whom they follow, newest first."""
    return [Post(*row) for row in await reader.all(_home, actor=actor_id, before=before, most=limit)]


async def read_tag(reader: Reader, tag: str, *, before: int = NEWEST, limit: int = 24) -> list[Post]:
    """Return the public posts that we know under a hashtag (without its sign), newest first."""
    return [Post(*row) for row in await reader.all(_tagged, tag=tag.lower(), before=before, most=limit)]
