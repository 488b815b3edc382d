"""Reads conversations: what a post answers, and what answers it. It must not decide who may see them."""

import msgspec
from sqlalchemy import bindparam, literal, select

from server.store.database import Reader
from server.store.statements import among
from server.store.writing.posts import OPEN_VISIBILITIES, Post, find, posts

_answers = (
    select(posts)
    .where(among(posts.c.in_reply_to_id, "parents"), posts.c.deleted_at.is_(None))
    .order_by(posts.c.id)
    .limit(bindparam("most"))
)

_answered = (
    select(posts)
    .where(posts.c.local, posts.c.deleted_at.is_(None), posts.c.id >= bindparam("first_id"))
    .where(posts.c.visibility.in_([literal(one) for one in OPEN_VISIBILITIES]), posts.c.replies_count > literal(0))
    .order_by(posts.c.id.desc())
    .limit(bindparam("most"))
)


async def list_answered(reader: Reader, *, first_id: int, limit: int) -> list[Post]:
    """Return our open posts since an id that were answered, the newest first."""
    return [Post(*row) for row in await reader.all(_answered, first_id=first_id, most=limit)]


async def list_ancestors(reader: Reader, post: Post, *, most: int) -> list[Post]:
    """Return what a post answers, and what that answers, up to `most`; the first of them first."""
    found: dict[int, Post] = {}
    above = post.in_reply_to_id
    while above is not None and above not in found and above != post.id and len(found) < most:
        parent = await find(reader, above)
        if parent is None:
            break
        found[parent.id] = parent
        above = parent.in_reply_to_id
    return list(reversed(found.values()))


async def list_descendants(reader: Reader, post: Post, *, most: int, depth: int) -> list[Post]:
    """Return what answers a post, and what answers that: each answer before the next one to the same post."""
    answers: dict[int, list[Post]] = {}
    met, level = {post.id}, [post.id]
    for _ in range(depth):
        if not level or len(met) > most:
            break
        parents = msgspec.json.encode(level).decode()
        rows = await reader.all(_answers, parents=parents, most=most + 1 - len(met))
        below = [answer for answer in (Post(*row) for row in rows) if answer.id not in met]
        for answer in below:
            answers.setdefault(answer.in_reply_to_id or 0, []).append(answer)
        level = [answer.id for answer in below]
        met.update(level)
    return _in_order(answers, post.id)


def _in_order(answers: dict[int, list[Post]], root_id: int) -> list[Post]:
    ordered: list[Post] = []
    waiting = list(reversed(answers.get(root_id, [])))
    while waiting:
        post = waiting.pop()
        ordered.append(post)
        waiting.extend(reversed(answers.get(post.id, [])))
    return ordered
