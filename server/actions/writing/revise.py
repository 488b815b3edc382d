"""Remembers what a post said before and after an edit. It must not edit."""

from server.site import Site
from server.store.database import Transaction
from server.store.writing import media, polls, revisions
from server.store.writing.posts import Post
from server.store.writing.revisions import OldPicture, Revision

# The history of a post that is edited all day by a program is no history; what was first and what is now stay.
REVISIONS_AT_MOST = 500


async def remember_first(tx: Transaction, site: Site, post: Post) -> None:
    """Before the first edit: remember the post as it was published."""
    if not await revisions.count(tx, post.id):
        await _remember(tx, site, post, at=post.updated_at or post.published_at)


async def remember(tx: Transaction, site: Site, post: Post) -> None:
    """After an edit: remember the post as it is now."""
    if await revisions.count(tx, post.id) < REVISIONS_AT_MOST:
        await _remember(tx, site, post, at=post.updated_at or site.clock.now())


async def _remember(tx: Transaction, site: Site, post: Post, *, at: int) -> None:
    pictures = (await media.list_of_posts(tx, [post.id])).get(post.id, [])
    poll = await polls.find(tx, post.id)
    await revisions.add(
        tx,
        Revision(
            id=site.ids.new(),
            post_id=post.id,
            content_html=post.content_html,
            summary=post.summary,
            sensitive=post.sensitive,
            pictures=revisions.write_pictures([OldPicture(one.id, one.alt) for one in pictures]),
            options=revisions.write_titles([one.title for one in poll.options] if poll else []),
            created_at=at,
        ),
    )
