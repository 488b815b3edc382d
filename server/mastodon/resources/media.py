"""Pictures before there is a post: a file that is brought, or a prompt that is painted. It must not open files.

A prompt takes the place of the file (docs/clients.md): 202 at once, 206 for as long as it is painted, then 200. That is
how Mastodon answers for long videos, so clients that know nothing of us wait for it.
"""

import msgspec
from quart.datastructures import FileStorage

from server.actions.painting.request_picture import Wish
from server.actions.writing.upload import About, add_upload, change_upload, drop_upload, find_upload, reserve_picture
from server.mastodon.answers import Reply
from server.mastodon.call import Call
from server.mastodon.entities.basics import MediaAttachment
from server.mastodon.route import Empty, Route
from server.mastodon.showing.media import show_media
from server.problems import Invalid
from server.store.writing import generations
from server.store.writing.media import Media

# More than `media.max_upload_bytes` can ever be, with the form around it.
BODY_BYTES_AT_MOST = 42 * 1024 * 1024
UNPAINTED = "This picture was not painted."


class MediaForm(msgspec.Struct, kw_only=True):
    """A file part `file` with what is said of it; or without a file, what is to be painted."""

    description: str | None = None
    focus: str | None = None
    prompt: str | None = None
    negative_prompt: str | None = None
    seed: int | None = None
    steps: int | None = None
    guidance: float | None = None
    width: int | None = None
    height: int | None = None
    model: str | None = None


class MediaChange(msgspec.Struct, kw_only=True):
    """What may be said of a picture anew."""

    description: str | None = None
    focus: str | None = None


async def create(call: Call, form: MediaForm) -> Reply:
    """Take a file in, or a wish: 200 for what is there, 202 for what is to be painted."""
    about = About(form.description, read_focus(form.focus))
    about.check()
    file = call.files.get("file")
    if file is not None:
        return Reply(show_media(call.site, await _take(call, file, about)))
    if form.prompt is None:
        raise Invalid("Validation failed: File can't be blank", field="file")
    async with call.database.write() as tx:
        picture = await reserve_picture(tx, call.site, call.me, _wish(form), about)
    return Reply(show_media(call.site, picture), status=202)


async def show(call: Call, media_id: int) -> Reply:
    """Show a picture of mine: 206 while it is painted, 422 with the reason when it could not be."""
    async with call.database.read() as reader:
        picture = await find_upload(reader, call.me, media_id)
        wished = None if picture.is_there else await generations.find(reader, picture.generation_id or 0)
    shown = show_media(call.site, picture)
    if picture.is_there:
        return Reply(shown)
    if wished is None or not wished.is_open:
        raise Invalid((wished.error if wished else None) or UNPAINTED)
    return Reply(shown, status=206)


async def change(call: Call, given: MediaChange, media_id: int) -> MediaAttachment:
    """Describe a picture of mine anew, before it is posted. A thumbnail that is sent is left aside: we make our own."""
    about = About(given.description, read_focus(given.focus))
    async with call.database.write() as tx:
        picture = await change_upload(tx, call.me, await find_upload(tx, call.me, media_id), about)
    return show_media(call.site, picture)


async def delete(call: Call, media_id: int) -> Empty:
    """Forget a picture of mine that is in no post; its painting stops."""
    async with call.database.write() as tx:
        await drop_upload(tx, call.site, call.me, await find_upload(tx, call.me, media_id))
    return Empty()


def read_focus(text: str | None) -> tuple[float, float] | None:
    """Read `0.5,-0.2`. Raises Invalid."""
    if not text:
        return None
    try:
        horizontal, vertical = (float(part) for part in text.split(","))
    except ValueError:
        raise Invalid("A focal point is two numbers with a comma.", field="focus") from None
    return horizontal, vertical


async def _take(call: Call, file: FileStorage, about: About) -> Media:
    taken = await call.services.intake.take(file.read())
    async with call.database.write() as tx:
        return await add_upload(tx, call.site, call.me, taken, about)


def _wish(form: MediaForm) -> Wish:
    return Wish(
        prompt=form.prompt or "",
        negative=form.negative_prompt,
        seed=form.seed,
        steps=form.steps,
        guidance=form.guidance,
        width=form.width,
        height=form.height,
        model=form.model,
    )


def _making(path: str) -> Route:
    return Route(
        "POST",
        path,
        create,
        "write:media",
        "person",
        takes=MediaForm,
        gives=MediaAttachment,
        statuses=(200, 202),
        files=("file", "thumbnail"),
        body_bytes=BODY_BYTES_AT_MOST,
        brake="media",
    )


ROUTES = (
    _making("/api/v2/media"),
    _making("/api/v1/media"),
    Route(
        "GET",
        "/api/v1/media/<id:media_id>",
        show,
        "write:media",
        "person",
        gives=MediaAttachment,
        statuses=(200, 206),
    ),
    Route(
        "PUT",
        "/api/v1/media/<id:media_id>",
        change,
        "write:media",
        "person",
        takes=MediaChange,
        gives=MediaAttachment,
        files=("thumbnail",),
        body_bytes=BODY_BYTES_AT_MOST,
    ),
    Route("DELETE", "/api/v1/media/<id:media_id>", delete, "write:media", "person"),
)
