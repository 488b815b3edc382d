"""Shows what came back to a post: replies, likes, shares. It must not show who liked or shared; peers do not either."""

from quart import Response

from activitypub.collection import build_collection
from server.federation import respond
from server.federation.finding import find_post
from server.federation.paging import ADDRESSES_PER_PAGE, FIRST, lay_out, read_cursor
from server.services import Services
from server.store.writing import posts


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
