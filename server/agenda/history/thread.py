"""Job `thread`: looks up what a post answers and, where somebody reads it, what answers it.

It must not go on without end: threads are as long as somebody wants them to be (T52).
"""

import contextlib
from collections import deque
from collections.abc import Mapping
from dataclasses import replace

from activitypub import fields
from activitypub.collection_walk import Walk
from activitypub.errors import ProtocolError
from activitypub.reading import Collection, RemoteNote, read_collection
from activitypub.remote_note import Told
from activitypub.vocabulary import COLLECTION_TYPES, host_of, same_origin, types_of
from server.agenda.history.found import fetch_found, keep_found
from server.jobs.queue import Job, Retry
from server.remote.collections import limit_total, read_total, walk, walk_counted
from server.remote.frugal import Spent, open_purse
from server.remote.notes import fetch_note
from server.remote.people import find_actor
from server.remote.seam import FetchFailed, Reach
from server.services import Services
from server.store.reading import told_counts
from server.store.reading.told_counts import PostCounts
from server.store.writing import contexts, posts, threads
from server.store.writing.posts import Post

# Nobody reads further up in one sitting; who opens the page again later goes on from there.
ANCESTORS_AT_MOST = 50
# What is known of a thread above is followed so far, as pages show it.
KNOWN_AT_MOST = 400
# Answers of peers below one of our posts that are asked for theirs.
BEGINS_AT_MOST = 20
# Whoever answers us makes us look below our own posts, whether or not anybody reads there: each of those answers is
# fetched, and one page of what answers it. The rest when somebody opens an answer.
OWN_REQUESTS_AT_MOST = 2 * BEGINS_AT_MOST
# Pages of one `replies`: Mastodon's have five items, others ten to forty.
PAGES_AT_MOST = 10
# A first page of answers with who wrote them; the rest when somebody opens the post.
NEAR_REQUESTS_AT_MOST = 30
# 1 and 4 minutes: after that the answer stands without what it answers.
ATTEMPTS = 3
AGAIN_SECONDS = 60


async def handle(job: Job, services: Services) -> None:
    """Look up one thread, with so many questions as the operator gives for it."""
    async with services.database.read() as reader:
        post = await posts.find(reader, job.number("post"))
    if post is None or post.deleted_at is not None:
        return
    reach = _open_purse(job, services, post)
    try:
        await _climb(reach, post)
    except Spent:
        pass
    except FetchFailed as failure:
        if failure.passing and not job.number("down") and job.attempt < ATTEMPTS:
            raise Retry(AGAIN_SECONDS * job.attempt**2, str(failure)) from None
    except ProtocolError:
        pass
    if job.number("down"):
        most = services.site.config.federation.thread_posts_at_most
        met = await _descend(reach, post, most)
        await _gather(reach, post, met, most)


def _open_purse(job: Job, services: Services, post: Post) -> Reach:
    """What nobody here has opened is looked up near by: its sender shall not choose whom else we ask (T52, T54).

    Below a post of ours answers come from everywhere, so that what nobody opened has a small purse instead.
    """
    if job.payload.get("near"):
        return open_purse(services, requests=NEAR_REQUESTS_AT_MOST, only=host_of(post.uri))
    most = services.site.config.federation.thread_requests_at_most
    return open_purse(services, requests=min(most, OWN_REQUESTS_AT_MOST) if job.payload.get("own") else most)


async def _climb(reach: Reach, post: Post) -> None:
    """Fetch what stands above, one after the other, until the top, or something of ours that is not there."""
    met = {post.uri}
    for _ in range(ANCESTORS_AT_MOST):
        async with reach.database.read() as reader:
            above = await threads.list_ancestors(reader, post, most=KNOWN_AT_MOST)
        top = above[0] if above else post
        uri = top.in_reply_to_uri
        if top.in_reply_to_id is not None or uri is None or uri in met or reach.site.is_ours(uri):
            return
        met.add(uri)
        post = await fetch_found(reach, uri)


async def _list_begins(reach: Reach, post: Post) -> list[str]:
    """Where to begin: at a peer's post itself; below one of ours at the newest answers of peers, which have more."""
    if not post.local:
        return [post.uri]
    async with reach.database.read() as reader:
        below = await threads.list_descendants(reader, post, most=KNOWN_AT_MOST, depth=KNOWN_AT_MOST)
    theirs = sorted((one for one in below if not one.local), key=lambda one: -one.id)
    return [one.uri for one in theirs[:BEGINS_AT_MOST]]


async def _descend(reach: Reach, post: Post, most: int) -> set[str]:
    """Fetch what answers a post, and what answers that, level by level; return the addresses that were met."""
    notes: dict[str, RemoteNote] = {}
    begins = await _list_begins(reach, post)
    waiting, met = deque(begins), set(begins)
    while waiting and len(notes) < most:
        uri = waiting.popleft()
        try:
            note = notes.get(uri) or await fetch_note(reach, uri)
            told = await _ask_counts(reach, note) if uri == post.uri else note.told
            found = await _walk_replies(reach, note, most - len(notes))
            await _keep_counts(reach, note, told, found)
        except (FetchFailed, ProtocolError):
            continue
        for reply_uri in (item.uri for item in found.items) if found is not None else ():
            if reply_uri in met or reach.site.is_ours(reply_uri):
                continue
            met.add(reply_uri)
            reply = await _keep_reply(reach, reply_uri, met)
            if reply is not None:
                notes[reply_uri] = reply
                waiting.append(reply_uri)
    return met


async def _ask_counts(reach: Reach, note: RemoteNote) -> Told:
    """Ask the likes and shares of the post that is read for their number, where it has only their address.

    Two questions at most: what answers a post is not worth them, and `replies` are walked anyway.
    """
    told = note.told
    for name in ("likes", "shares"):
        uri = fields.uri(note.raw, name)
        if getattr(told, name) is None and uri is not None and same_origin(uri, note.id):
            told = replace(told, **{name: await read_total(reach, uri)})
    return told


async def _keep_counts(reach: Reach, note: RemoteNote, said: Told, replies: Walk | None) -> None:
    """Remember how much its server says came back to a post that we have."""
    answers = limit_total(replies.total) if said.replies is None and replies is not None else said.replies
    told = PostCounts(answers, said.likes, said.shares)
    async with reach.database.write(durable=False) as tx:
        post = await posts.find_by_uri(tx, note.id)
        if post is not None and not post.local and post.deleted_at is None:
            await told_counts.put_of_post(tx, post.id, told)


async def _gather(reach: Reach, post: Post, met: set[str], most: int) -> None:
    """Fetch what the conversation's own collection lists beyond what was met (FEP-7888).

    Whoever keeps it may list anything: what is kept says itself that it answers something in the thread.
    """
    async with reach.database.read() as reader:
        uri = await contexts.find(reader, post.id)
        above = await threads.list_ancestors(reader, post, most=KNOWN_AT_MOST)
        root = above[0] if above else post
        below = await threads.list_descendants(reader, root, most=KNOWN_AT_MOST, depth=KNOWN_AT_MOST)
    if uri is None or reach.site.is_ours(uri):
        return
    thread = met | {one.uri for one in (root, *above, *below)}
    try:
        listed = await walk(reach, uri, pages=PAGES_AT_MOST, items=most)
    except ProtocolError:
        return
    fresh = [item.uri for item in listed if item.uri not in thread and not reach.site.is_ours(item.uri)]
    await _keep_listed(reach, fresh, thread)


async def _keep_listed(reach: Reach, listed: list[str], thread: set[str]) -> None:
    """Keep those that answer something in the thread. Lists come in any order: parents may stand behind answers."""
    notes = {}
    for uri in listed:
        with contextlib.suppress(FetchFailed, ProtocolError):
            notes[uri] = await fetch_note(reach, uri)
    while joined := [uri for uri, note in notes.items() if note.in_reply_to in thread]:
        for uri in joined:
            note = notes.pop(uri)
            thread.add(uri)
            with contextlib.suppress(FetchFailed, ProtocolError):
                await keep_found(reach, await find_actor(reach, note.attributed_to), note)


async def _walk_replies(reach: Reach, note: RemoteNote, most: int) -> Walk | None:
    """Read a note's `replies`, which stands in the note, or in part, or only its address does; None without any."""
    if note.replies is None or not same_origin(note.replies, note.id):
        return None
    return await walk_counted(reach, note.replies, pages=PAGES_AT_MOST, items=most, known=_embedded(note.raw))


def _embedded(document: Mapping[str, object]) -> Collection | None:
    for inner in fields.objects(dict(document), "replies", 1):
        if COLLECTION_TYPES.intersection(types_of(inner)) and any(
            name in inner for name in ("first", "items", "orderedItems")
        ):
            return read_collection(inner)
    return None


async def _keep_reply(reach: Reach, uri: str, above: set[str]) -> RemoteNote | None:
    """Keep one answer, if it says itself that it answers something of this thread; anybody may list anything."""
    async with reach.database.read() as reader:
        if await posts.find_by_uri(reader, uri) is not None:
            return None
    try:
        note = await fetch_note(reach, uri)
        if note.in_reply_to not in above:
            return None
        await keep_found(reach, await find_actor(reach, note.attributed_to), note)
    except (FetchFailed, ProtocolError):
        return None
    return note
