"""Tells our people of posts that they asked to hear of or had a part in, and admins of what concerns them.

It must not decide whether they want to hear it.
"""

from server.actions.telling.notify import notify
from server.ids import MICROSECONDS
from server.site import Site
from server.store.database import Transaction
from server.store.paging import Stretch
from server.store.people import accounts, actors
from server.store.people.actors import Actor
from server.store.reading import reactions
from server.store.ties import follows
from server.store.writing import quotes
from server.store.writing.posts import Post

# What comes later than this was looked up, not sent; nobody is woken for it.
NEWS_SECONDS = 2 * 86_400
# Of those who quoted a post, the newest are told that it changed.
QUOTES_AT_MOST = 200


async def tell_watchers(tx: Transaction, site: Site, author: Actor, post: Post, *, parent: Post | None) -> None:
    """Tell who wants to hear of each new post of `author`; answers to others and direct posts are none of those."""
    if post.visibility == "direct" or post.published_at < site.clock.now() - NEWS_SECONDS * MICROSECONDS:
        return
    if post.in_reply_to_uri is not None and (parent is None or parent.actor_id != author.id):
        return
    for watcher in await follows.list_watchers(tx, author.id):
        await notify(tx, site, watcher, "status", by=author, post_id=post.id)


async def tell_change(tx: Transaction, site: Site, author: Actor, post: Post) -> None:
    """Tell who boosted or quoted a post that it says something else now."""
    for booster in await reactions.list_local_boosters(tx, post.id):
        await notify(tx, site, booster, "update", by=author, post_id=post.id)
    quoting = [one for one in await quotes.list_quoting(tx, post.uri, Stretch(limit=QUOTES_AT_MOST)) if one.local]
    people = await actors.find_many(tx, [one.actor_id for one in quoting])
    for one in quoting:
        # What is told about is the quote: it is what its author has to look at again.
        await notify(tx, site, people[one.actor_id], "quoted_update", by=author, post_id=one.id)


async def tell_admins(tx: Transaction, site: Site, kind: str, *, by: Actor, about_id: int = 0) -> None:
    """Tell who runs the instance that somebody signed up or reported somebody; `about_id` is the report."""
    for actor in (await actors.find_many(tx, await accounts.list_admins(tx))).values():
        await notify(tx, site, actor, kind, by=by, post_id=about_id)
