"""Has threads and the past of people looked up by jobs, each at most every so often. It must not fetch anything."""

from activitypub.vocabulary import domain_of, host_of
from server.ids import MICROSECONDS
from server.site import Site
from server.store.database import Reader, Transaction
from server.store.network import walks
from server.store.people.actors import Actor
from server.store.writing import threads
from server.store.writing.posts import Post

# Who reloads a page must not make us ask for everything anew; Mastodon waits as long (FETCH_REPLIES_COOLDOWN_MINUTES).
THREAD_AGAIN_SECONDS = 15 * 60
# What came with answers is opened by nobody yet: one look a minute at all that a domain sends, however much.
ANSWERS_AGAIN_SECONDS = 60
# What peers make us look up waits in no longer a line than this; the rest is found when somebody opens it. A thousand
# are some hours' work where every peer drips, minutes where they answer.
WAITING_AT_MOST = 1000
# Whoever opens a page goes before whatever peers sent.
OPENED_FIRST = 1
# Older conversations have mostly ended; of the others each is looked at once a day, some at each housekeeping.
OWN_DAYS, OWN_AT_MOST, OWN_AT_ONCE = 14, 200, 10
OWN_AGAIN_SECONDS = 86_400
# Mastodon's (app/models/poll.rb, possibly_stale?).
POLL_AGAIN_SECONDS = 60
# Whom nobody here follows is worth it once a day; who is followed from now on should not begin with a gap.
RECENT_AGAIN_SECONDS = 86_400
FOLLOWED_AGAIN_SECONDS = 15 * 60


async def is_thread_due(reader: Reader, site: Site, post: Post) -> bool:
    """Whether a post's thread may be looked up again; asked before a transaction is opened for it."""
    since = site.clock.now() - THREAD_AGAIN_SECONDS * MICROSECONDS
    return not await walks.is_recent(reader, _thread(post), since=since)


async def ask_thread(tx: Transaction, site: Site, post: Post) -> None:
    """Have what a post answers, and what answers it, looked up: somebody of ours reads it."""
    if await _begin(tx, site, _thread(post), THREAD_AGAIN_SECONDS):
        payload = {"post": post.id, "down": 1}
        await site.queue.enqueue(tx, "thread", payload, unique=f"thread:{post.id}", priority=OPENED_FIRST)


async def ask_answers(tx: Transaction, site: Site, post: Post) -> None:
    """Have the answers looked up that a peer's post comes with, on its own host alone: nobody here opened it yet."""
    if await site.queue.has_waiting(tx, "thread", WAITING_AT_MOST):
        return
    if await _begin(tx, site, f"answers {domain_of(host_of(post.uri))}", ANSWERS_AGAIN_SECONDS):
        payload = {"post": post.id, "down": 1, "near": 1}
        await site.queue.enqueue(tx, "thread", payload, unique=f"answers:{post.id}")


async def ask_own_threads(tx: Transaction, site: Site) -> None:
    """Have it looked up what peers answered to answers below our newest posts: not everybody sends us that.

    Nobody asked for it, so that the job has a small purse; who opens an answer has all below it looked up.
    """
    since = site.clock.now() - OWN_DAYS * 86_400 * MICROSECONDS
    asked = 0
    for post in await threads.list_answered(tx, first_id=site.ids.at(since), limit=OWN_AT_MOST):
        if asked == OWN_AT_ONCE:
            return
        if await _begin(tx, site, _thread(post), OWN_AGAIN_SECONDS):
            asked += 1
            payload = {"post": post.id, "down": 1, "own": 1}
            await site.queue.enqueue(tx, "thread", payload, unique=f"thread:{post.id}")


async def ask_ancestors(tx: Transaction, site: Site, post: Post) -> None:
    """Have what a peer's post answers looked up, where we do not have it."""
    if post.in_reply_to_id is not None or post.in_reply_to_uri is None or site.is_ours(post.in_reply_to_uri):
        return
    if not await site.queue.has_waiting(tx, "thread", WAITING_AT_MOST):
        await site.queue.enqueue(tx, "thread", {"post": post.id, "down": 0}, unique=f"ancestors:{post.id}")


async def is_poll_due(reader: Reader, site: Site, post: Post) -> bool:
    """Whether a peer may be asked again how its poll stands."""
    since = site.clock.now() - POLL_AGAIN_SECONDS * MICROSECONDS
    return not await walks.is_recent(reader, _poll(post), since=since)


async def ask_poll(tx: Transaction, site: Site, post: Post) -> None:
    """Have a peer asked how its poll stands: somebody of ours looks at it, and nobody tells us of each vote."""
    if await _begin(tx, site, _poll(post), POLL_AGAIN_SECONDS):
        await site.queue.enqueue(tx, "poll", {"post": post.id}, unique=f"poll_look:{post.id}")


async def is_recent_due(reader: Reader, site: Site, actor: Actor) -> bool:
    """Whether what a peer's actor posted lately may be looked up again."""
    since = site.clock.now() - RECENT_AGAIN_SECONDS * MICROSECONDS
    return not actor.local and not await walks.is_recent(reader, _recent(actor), since=since)


async def ask_recent(tx: Transaction, site: Site, actor: Actor, *, followed: bool = False) -> None:
    """Have what a peer's actor posted lately looked up: somebody of ours looks at them, or follows them from now on."""
    again_seconds = FOLLOWED_AGAIN_SECONDS if followed else RECENT_AGAIN_SECONDS
    if not actor.local and await _begin(tx, site, _recent(actor), again_seconds):
        await site.queue.enqueue(tx, "recent", {"actor": actor.id}, unique=f"recent:{actor.id}")


async def forget_walks(tx: Transaction, site: Site) -> None:
    """Forget what was looked up so long ago that it may be looked up again."""
    await walks.prune(tx, before=site.clock.now() - RECENT_AGAIN_SECONDS * MICROSECONDS)


async def _begin(tx: Transaction, site: Site, name: str, again_seconds: int) -> bool:
    now = site.clock.now()
    return await walks.begin(tx, name, at=now, before=now - again_seconds * MICROSECONDS)


def _recent(actor: Actor) -> str:
    return f"recent {actor.uri}"


def _poll(post: Post) -> str:
    return f"poll {post.uri}"


def _thread(post: Post) -> str:
    return f"thread {post.uri}"
