"""The create page: a wish for a picture is written here and goes into the queue. It must not paint.

What differs between models (size, steps, negative) is a field of its own for each, `size:NAME`, so that the page needs
no script to show the right ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from quart import Response

from activitypub.audience import Visibility
from server.actions.painting.request_picture import Wish, request_picture
from server.problems import Invalid, NotFound
from server.store.database import Reader
from server.store.people import preferences
from server.store.people.preferences import Preferences
from server.store.writing import generations, media
from server.store.writing.generations import Generation
from server.web.gallery.cards import Picture, show
from server.web.making.models import Model, list_models
from server.web.visit import Route, Visit

EASEL = 12


@dataclass(frozen=True, slots=True)
class OnEasel:
    """One of my newest wishes, with its picture once painted."""

    generation: Generation
    picture: Picture | None


async def show_form(visit: Visit) -> Response:
    """Show the form, filled from an earlier picture of mine when `from` names one."""
    return await _show(visit, await _earlier(visit), problem=None)


async def take_wish(visit: Visit) -> Response:
    """Put the wish in the queue and show how it fares; a wish that cannot be is shown again with the reason."""
    try:
        wish = _read_wish(visit, await _list_models(visit))
        async with visit.web.services.database.write() as tx:
            chosen = await preferences.find(tx, visit.me.actor.id)
            wish = replace(wish, sensitive=wish.sensitive or chosen.sensitive)
            generation = await request_picture(tx, visit.site, visit.me.actor, wish)
    except Invalid as problem:
        return await _show(visit, visit.form, problem=problem)
    return visit.go(f"/create/{generation.id}")


async def _show(visit: Visit, values: Mapping[str, str], *, problem: Invalid | None) -> Response:
    async with visit.web.services.database.read() as reader:
        models = await list_models(reader, visit.site)
        easel = await _easel(reader, visit)
        chosen = await preferences.find(reader, visit.me.actor.id)
    return await visit.page(
        "create.html",
        {
            "models": models,
            "chosen": _chosen(models, values.get("model")),
            "values": {**_usual(visit, chosen), **values},
            "easel": easel,
            "problem": problem,
            "noindex": True,
        },
        status=422 if problem else 200,
    )


def _usual(visit: Visit, chosen: Preferences) -> dict[str, str]:
    """How I usually post."""
    visibility = chosen.visibility or visit.site.config.posting.visibility
    return {"visibility": visibility, "reply_policy": chosen.reply_policy, "quote_policy": chosen.quote_policy}


async def _list_models(visit: Visit) -> list[Model]:
    async with visit.web.services.database.read() as reader:
        return await list_models(reader, visit.site)


async def _easel(reader: Reader, visit: Visit) -> list[OnEasel]:
    """My newest wishes that are open, failed, or drafts."""
    found = await generations.list_of_actor(reader, visit.me.actor.id, limit=EASEL)
    easel = []
    for generation in found:
        picture = await media.find_by_generation(reader, generation.id)
        easel.append(OnEasel(generation, show(visit.site, picture) if picture else None))
    return easel


async def _earlier(visit: Visit) -> dict[str, str]:
    number = visit.argument("from")
    if not number:
        return {"prompt": visit.argument("prompt", 4000)}
    async with visit.web.services.database.read() as reader:
        known = await generations.find(reader, int(number)) if number.isascii() and number.isdigit() else None
    if known is None or known.actor_id != visit.me.actor.id:
        raise NotFound("There is no such picture of yours.")
    return {
        "prompt": known.prompt,
        f"negative:{known.model}": known.negative or "",
        "seed": str(known.seed),
        "model": known.model,
        f"size:{known.model}": f"{known.width}x{known.height}" if known.width and known.height else "",
        "visibility": known.visibility,
        "caption": known.caption or "",
        **({"quote_policy": known.quote_policy} if known.quote_policy else {}),
        **({"reply_policy": known.reply_policy} if known.reply_policy else {}),
    }


def _chosen(models: list[Model], name: str | None) -> Model:
    return next((model for model in models if model.name == name), models[0])


def _read_wish(visit: Visit, models: list[Model]) -> Wish:
    name = visit.field("model", 200)
    model = _chosen(models, name)
    if name and model.name != name:
        raise Invalid("There is no such model here.", field="model")
    width, height = _read_size(visit, model)
    return Wish(
        prompt=visit.field("prompt"),
        negative=(visit.field(f"negative:{model.name}") or None) if model.has_negative else None,
        seed=_read_number(visit, "seed"),
        steps=_read_number(visit, f"steps:{model.name}") if model.max_steps else None,
        width=width,
        height=height,
        model=model.name,
        draft=visit.form.get("draft") == "yes",
        visibility=read_visibility(visit),
        caption=visit.field("caption") or None,
        alt=visit.field("alt") or None,
        summary=visit.field("summary", 500) or None,
        sensitive=bool(visit.field("summary", 500)),
        quote_policy=visit.form.get("quote_policy") or None,
        reply_policy=visit.form.get("reply_policy") or None,
    )


def read_visibility(visit: Visit) -> Visibility:
    """Return the visibility of a form, or the instance's default."""
    try:
        return Visibility(visit.form.get("visibility") or visit.site.config.posting.visibility)
    except ValueError:
        raise Invalid("There is no such visibility.", field="visibility") from None


def _read_size(visit: Visit, model: Model) -> tuple[int | None, int | None]:
    text = visit.field(f"size:{model.name}", 20)
    if not text:
        return None, None
    for width, height in model.sizes:
        if text == f"{width}x{height}":
            return width, height
    raise Invalid(f"{model.shown_name} does not paint that size.", field="size")


def _read_number(visit: Visit, name: str) -> int | None:
    text = visit.field(name, 20)
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        raise Invalid("That is not a whole number.", field=name)
    return int(text)


ROUTES = (
    Route("GET", "/create", show_form, "person"),
    Route("POST", "/create", take_wish, "person"),
)
