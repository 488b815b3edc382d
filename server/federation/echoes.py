"""Shows what came back to a post: replies, likes, shares. It must not show who liked or shared; peers do not either."""

from quart import Response

from activitypub.collection import build_collection
from server.actions.writing.see import find_seen
from server.actions.writing.threading import context_uri
from server.federation import respond
from server.federation.finding import ABSENT, find_post
from server.federation.inboxes import VARY
from server.federation.paging import ADDRESSES_PER_PAGE, FIRST, lay_out, read_cursor
from server.federation.signed_get import find_viewer
from server.problems import NotFound
from server.services import Services
from server.store.database import Reader
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.reading import showing
from server.store.reading.showing import Ties
from server.store.writing import posts, threads
from server.store.writing.posts import Post

# As much of a conversation as pages show at once; an answer to an answer, and so on, to this depth.
THREAD_AT_MOST, DEPTH_AT_MOST = 1000, 100


async def show_replies(services: Services, name: str, post_id: int) -> Response:
    """Answer with the replies that anybody may see, oldest first, as they are read."""
    cursor = read_cursor("after", start=0)
    shown = await find_post(services, name, post_id)
    uri = f"{shown.post.uri}/replies"
    async with services.database.read() as reader:
        if cursor is None:
            total = await posts.count_open_replies(reader, shown.post.id)
            root = build_collection(uri, total=total, first=uri + FIRST, ordered=False)
            return respond.document(root, open=shown.open)
        replies = await posts.list_open_replies(reader, shown.post.id, after=cursor, limit=ADDRESSES_PER_PAGE + 1)
    entries = [(reply.id, reply.uri) for reply in replies]
    page = lay_out(uri, entries, ADDRESSES_PER_PAGE, name="after", ordered=False)
    return respond.document(page, open=shown.open)


async def show_context(services: Services, name: str, post_id: int) -> Response:
    """Answer with the conversation that a post began, newest first, as far as who asks may see it (FEP-7888)."""
    cursor = read_cursor()
    shown = await find_post(services, name, post_id)
    if shown.post.in_reply_to_uri is not None:
        raise NotFound(ABSENT)
    viewer = await find_viewer(services)
    uri = context_uri(shown.post)
    async with services.database.read() as reader:
        below = await threads.list_descendants(reader, shown.post, most=THREAD_AT_MOST, depth=DEPTH_AT_MOST)
        seen = await _find_seen(reader, services, [shown.post, *below], viewer)
    if cursor is None:
        root = build_collection(uri, total=len(seen), first=uri + FIRST) | {"attributedTo": shown.author.uri}
        return respond.document(root, open=shown.open and viewer is None, vary=VARY)
    entries = [(post.id, post.uri) for post in seen if post.id < cursor][: ADDRESSES_PER_PAGE + 1]
    page = lay_out(uri, entries, ADDRESSES_PER_PAGE)
    return respond.document(page, open=shown.open and viewer is None, vary=VARY)


async def _find_seen(reader: Reader, services: Services, found: list[Post], viewer: Actor | None) -> list[Post]:
    authors = await actors.find_many(reader, [post.actor_id for post in found])
    others = [one for one in authors if viewer is not None and one != viewer.id]
    now = services.site.clock.now()
    ties = await showing.find_ties(reader, viewer.id, others, now=now) if viewer is not None and others else Ties()
    return sorted(await find_seen(reader, found, authors, viewer, ties), key=lambda post: -post.id)


async def show_likes(services: Services, name: str, post_id: int) -> Response:
    """Answer with the number of likes."""
    shown = await find_post(services, name, post_id)
    likes = build_collection(f"{shown.post.uri}/likes", total=shown.post.likes_count, ordered=False)
    return respond.document(likes, open=shown.open)


async def show_shares(services: Services, name: str, post_id: int) -> Response:
    """Answer with the number of boosts."""
    shown = await find_post(services, name, post_id)
    shares = build_collection(f"{shown.post.uri}/shares", total=shown.post.shares_count, ordered=False)
    return respond.document(shares, open=shown.open)
