"""A post whose author types what is to be painted: `/paint a fox in snow`. It must not paint, nor look anybody up."""

from dataclasses import replace

from server.actions.painting.command import Command, is_command, read_command
from server.actions.painting.models import choose_model, choose_size, list_models
from server.actions.painting.promise import Promised, promise_post
from server.actions.painting.request_picture import Wish
from server.actions.writing.publish import Draft
from server.actions.writing.upload import About, reserve_picture
from server.problems import Invalid
from server.site import Site
from server.store.database import Reader, Transaction
from server.store.people import preferences
from server.store.people.actors import Actor


async def is_painting(reader: Reader, author: Actor, text: str) -> bool:
    """Whether `text` is a wish for a picture, as its author has set the command word."""
    return is_command(text, (await preferences.find(reader, author.id)).paint_word)


async def paint_post(tx: Transaction, site: Site, author: Actor, draft: Draft) -> Promised:
    """Promise the post that `draft.text` asks for: its picture, and of its words the names and hashtags.

    Raises:
        Invalid: the command cannot be understood.
        TooMany: the author has too many open wishes.
    """
    word = (await preferences.find(tx, author.id)).paint_word or ""
    models = await list_models(tx, site)
    command = read_command(draft.text, word, [model.name for model in models])
    if draft.asked is not None:
        raise Invalid("A post with a poll has no picture.", field="poll")
    model = choose_model(models, command.model or site.config.generation.default_model)
    if command.negative and not model.has_negative:
        raise Invalid(f"{model.name} cannot leave anything out; drop --no.", field="status")
    size = choose_size(model, command.shape) if command.shape else None
    place = await reserve_picture(tx, site, author, _wish(command, draft, size), About())
    painted = replace(draft, text=command.caption, picture_ids=(place.id, *draft.picture_ids))
    return await promise_post(tx, site, author, painted, words=draft.text)


def _wish(command: Command, draft: Draft, size: tuple[int, int] | None) -> Wish:
    width, height = size or (None, None)
    return Wish(
        prompt=command.prompt,
        negative=command.negative,
        seed=command.seed,
        steps=command.steps,
        guidance=command.guidance,
        width=width,
        height=height,
        model=command.model,
        visibility=draft.visibility,
        sensitive=draft.sensitive,
    )
