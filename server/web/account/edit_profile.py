"""The page on which somebody says who they are: words, switches, extra lines, and their two pictures.

It must not cut or store a picture; the intake does.
"""

from dataclasses import dataclass

import msgspec
from quart import Response

from server.actions.people.profile import ProfileChange, change_profile
from server.actions.people.profile_fields import FIELDS_AT_MOST, FieldText
from server.html import plain_text
from server.media.portrait import AVATAR, HEADER, Shape
from server.problems import Invalid, Problem, TooLarge, Unsupported
from server.store.people import preferences
from server.store.people.actors import Actor
from server.store.people.preferences import Preferences
from server.web.visit import FORM_BYTES_AT_MOST, Route, Visit

PAGE = "/settings/profile"
# Two pictures, each of what may be uploaded, with the form around them.
PICTURES_BYTES = 40 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Line:
    """An extra line as its owner wrote it."""

    name: str = ""
    value: str = ""
    verified_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What stands in the form."""

    name: str
    note: str
    lines: tuple[Line, ...]
    locked: bool
    bot: bool
    discoverable: bool
    indexable: bool
    hides_collections: bool

    @property
    def rows(self) -> tuple[Line, ...]:
        """The lines, with empty ones for what could be added."""
        return self.lines + (Line(),) * (FIELDS_AT_MOST - len(self.lines))


async def show_form(visit: Visit) -> Response:
    """Show the profile as it was written."""
    return await _show(visit)


async def take_words(visit: Visit) -> Response:
    """Change all but the pictures."""
    typed = _read(visit)
    change = ProfileChange(
        name=typed.name,
        summary=typed.note,
        locked=typed.locked,
        bot=typed.bot,
        discoverable=typed.discoverable,
        indexable=typed.indexable,
        hides_collections=typed.hides_collections,
        fields=tuple(FieldText(line.name, line.value) for line in typed.lines),
    )
    try:
        return await _apply(visit, change)
    except Invalid as problem:
        return await _show(visit, typed, problem, problem.field)


async def take_pictures(visit: Visit) -> Response:
    """Put up another avatar, another header, or both."""
    try:
        icon_url = await _take(visit, "avatar", AVATAR)
        image_url = await _take(visit, "header", HEADER)
    except (TooLarge, Unsupported, Invalid) as problem:
        return await _show(visit, problem=problem, place="pictures")
    if icon_url is None and image_url is None:
        return await _show(visit, problem=Invalid("Choose a picture first."), place="pictures")
    return await _apply(visit, ProfileChange(icon_url=icon_url, image_url=image_url))


async def drop_avatar(visit: Visit) -> Response:
    """Take the avatar away."""
    return await _apply(visit, ProfileChange(drops_icon=True))


async def drop_header(visit: Visit) -> Response:
    """Take the picture at the head of the profile away."""
    return await _apply(visit, ProfileChange(drops_image=True))


async def _apply(visit: Visit, change: ProfileChange) -> Response:
    async with visit.web.services.database.write() as tx:
        await change_profile(tx, visit.site, visit.me.actor, change)
    return visit.go(f"{PAGE}?saved")


async def _take(visit: Visit, name: str, shape: Shape) -> str | None:
    """Store a picture and return its address; None where none was sent."""
    file = visit.files.get(name)
    if file is None:
        return None
    return visit.site.media_url(await visit.web.services.intake.take_portrait(file.read(), shape))


def _read(visit: Visit) -> Written:
    # How long each text may be is the action's to say.
    def text(name: str) -> str:
        return visit.field(name, FORM_BYTES_AT_MOST)

    lines = [Line(text(f"line_name_{number}"), text(f"line_value_{number}")) for number in range(FIELDS_AT_MOST)]
    return Written(
        name=text("name"),
        note=text("note"),
        lines=tuple(line for line in lines if line.name),
        locked="locked" in visit.form,
        bot="bot" in visit.form,
        discoverable="discoverable" in visit.form,
        indexable="indexable" in visit.form,
        hides_collections="hides_collections" in visit.form,
    )


def _written(me: Actor, chosen: Preferences) -> Written:
    """The profile as its owner wrote it; where that is not known, what became of it."""
    pairs = msgspec.json.decode(chosen.fields, type=list[tuple[str, str]])
    known = me.profile_fields
    if len(pairs) != len(known):
        pairs = [(line.name, plain_text(line.value_html)) for line in known]
    return Written(
        name=me.name or "",
        note=chosen.note if chosen.note is not None else plain_text(me.summary_html or ""),
        lines=tuple(Line(name, value, line.verified_at) for (name, value), line in zip(pairs, known, strict=True))[
            :FIELDS_AT_MOST
        ],
        locked=me.locked,
        bot=me.bot,
        discoverable=me.discoverable,
        indexable=me.indexable,
        hides_collections=me.hides_collections,
    )


async def _show(
    visit: Visit, typed: Written | None = None, problem: Problem | None = None, place: str | None = None
) -> Response:
    async with visit.web.services.database.read() as reader:
        chosen = await preferences.find(reader, visit.me.actor.id)
    content = {
        "written": typed or _written(visit.me.actor, chosen),
        "saved": "saved" in visit.request.args,
        "problem": problem,
        "place": place,
        "noindex": True,
    }
    return await visit.page("edit_profile.html", content, status=problem.status if problem else 200)


ROUTES = (
    Route("GET", PAGE, show_form, "person"),
    Route("POST", PAGE, take_words, "person"),
    Route("POST", f"{PAGE}/pictures", take_pictures, "person", body_bytes=PICTURES_BYTES),
    Route("POST", f"{PAGE}/avatar/remove", drop_avatar, "person"),
    Route("POST", f"{PAGE}/header/remove", drop_header, "person"),
)
