"""The page of what a post said before and after each edit. It must not show what its reader may not see."""

from collections.abc import Mapping
from dataclasses import dataclass

from quart import Response

from server.problems import NotFound
from server.store.writing import media, revisions
from server.store.writing.media import Media
from server.store.writing.revisions import Revision
from server.web.gallery.cards import Picture, gather, post_path, show
from server.web.gallery.seen import find_seen
from server.web.visit import Route, Visit


@dataclass(frozen=True, slots=True)
class State:
    """A post as it was; pictures that are gone since are left out, the others have the words of then."""

    revision: Revision
    pictures: tuple[tuple[Picture, str], ...]


async def show_history(visit: Visit, handle: str, post_id: int) -> Response:
    """Show the states of a post, the newest first."""
    async with visit.web.services.database.read() as reader:
        post, author = await find_seen(reader, visit, post_id)
        if f"/@{handle}/{post_id}" != post_path(author, post):
            return visit.go(f"{post_path(author, post)}/history")
        states = await revisions.list_of_post(reader, post.id)
        if not states:
            raise NotFound("This post was never changed.")
        known = await media.find_many(reader, [one.media_id for state in states for one in state.shown])
        card = (await gather(reader, visit.site, [post], visit.viewer_id))[0]
    shown = [_state(visit, state, known) for state in reversed(states)]
    return await visit.page("history.html", {"card": card, "states": shown, "noindex": True})


def _state(visit: Visit, state: Revision, known: Mapping[int, Media]) -> State:
    held = [(known[one.media_id], one.alt) for one in state.shown if one.media_id in known]
    return State(state, tuple((show(visit.site, picture), alt) for picture, alt in held))


ROUTES = (Route("GET", "/@<handle>/<id:post_id>/history", show_history, "anyone"),)
