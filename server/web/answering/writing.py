"""Words under a picture: replying, and changing or deleting what is mine."""

from quart import Response

from activitypub.audience import Visibility, narrower
from server.actions.writing.arrange import Described
from server.actions.writing.choose import read_choices
from server.actions.writing.edit import Change, edit_post
from server.actions.writing.publish import Draft, publish
from server.actions.writing.remove import remove_post
from server.actions.writing.upload import About
from server.problems import Forbidden
from server.store.database import Reader
from server.store.people import preferences
from server.store.people.actors import Actor
from server.store.writing import media
from server.store.writing.posts import Post
from server.web.answering.mentions import look_up
from server.web.gallery.cards import gather, post_path, profile_path, show
from server.web.gallery.seen import find_seen
from server.web.making.create import read_visibility
from server.web.visit import Route, Visit


async def reply(visit: Visit, post_id: int) -> Response:
    """Answer a post that I may see, never wider than it was."""
    text = visit.field("text")
    people = await look_up(visit.web.services, text)
    async with visit.web.services.database.write() as tx:
        parent, author = await find_seen(tx, visit, post_id)
        visibility = narrower(read_visibility(visit), Visibility(parent.visibility))
        summary = visit.field("summary", 500) or parent.summary
        language = (await preferences.find(tx, visit.me.actor.id)).language
        draft = Draft(
            text=text,
            visibility=visibility,
            people=people,
            in_reply_to=parent,
            summary=summary,
            language=language,
            quote_policy=visit.form.get("quote_policy") or None,
            reply_policy=visit.form.get("reply_policy") or None,
        )
        await publish(tx, visit.site, visit.me.actor, draft)
    return visit.go(post_path(author, parent))


async def show_edit(visit: Visit, post_id: int) -> Response:
    """Show the form that changes a post of mine."""
    async with visit.web.services.database.read() as reader:
        post, _ = await _find_mine(reader, visit, post_id)
        card = (await gather(reader, visit.site, [post], visit.viewer_id))[0]
        policies = await read_choices(reader, post)
    return await visit.page("edit.html", {"card": card, "policies": policies, "noindex": True})


async def edit(visit: Visit, post_id: int) -> Response:
    """Change the words of a post of mine; what the picture shows stays."""
    text = visit.field("text")
    people = await look_up(visit.web.services, text)
    summary = visit.field("summary", 500)
    async with visit.web.services.database.write() as tx:
        post, author = await _find_mine(tx, visit, post_id)
        alt = visit.field("alt", 1500) if "alt" in visit.form else None
        change = Change(
            text=text,
            people=people,
            summary=summary,
            sensitive=bool(summary),
            alt=alt or None,
            described=await _read_focus(tx, visit, post),
            quote_policy=visit.form.get("quote_policy") or None,
            reply_policy=visit.form.get("reply_policy") or None,
        )
        await edit_post(tx, visit.site, visit.me.actor, post, change)
    return visit.go(post_path(author, post))


async def _read_focus(reader: Reader, visit: Visit, post: Post) -> tuple[Described, ...]:
    """What the form says matters most in the first picture, in tenths from left and top, if that is new."""
    texts = (visit.field("focus-x", 2), visit.field("focus-y", 2))
    pictures = (await media.list_of_posts(reader, [post.id])).get(post.id)
    if not pictures or not all(text.isascii() and text.isdigit() for text in texts):
        return ()
    right, down = (min(int(text), 10) for text in texts)
    if (right, down) == (show(visit.site, pictures[0]).focus or (5, 5)):
        return ()
    return (Described(pictures[0].id, About(focus=(right / 5 - 1, 1 - down / 5))),)


async def delete(visit: Visit, post_id: int) -> Response:
    """Delete a post of mine for good."""
    async with visit.web.services.database.write() as tx:
        post, author = await _find_mine(tx, visit, post_id)
        await remove_post(tx, visit.site, visit.me.actor, post)
    return visit.go(profile_path(author))


async def _find_mine(reader: Reader, visit: Visit, post_id: int) -> tuple[Post, Actor]:
    """Return a post of mine.

    Raises:
        NotFound: it is not there, or I may not see it.
        Forbidden: it is somebody else's.
    """
    post, author = await find_seen(reader, visit, post_id)
    if author.id != visit.me.actor.id:
        raise Forbidden("This post is not yours.")
    return post, author


ROUTES = (
    Route("POST", "/posts/<id:post_id>/reply", reply, "person"),
    Route("GET", "/posts/<id:post_id>/edit", show_edit, "person"),
    Route("POST", "/posts/<id:post_id>/edit", edit, "person"),
    Route("POST", "/posts/<id:post_id>/delete", delete, "person"),
)
