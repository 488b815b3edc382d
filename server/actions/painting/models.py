"""What the models here can do, as far as a wish from elsewhere must know. It must not talk to the generator."""

import math

import msgspec

from server.site import Site
from server.store import settings
from server.store.database import Reader

# Of the drawing engine, until the generator has told its own.
_SIZES = ((768, 768), (960, 640), (640, 960), (1024, 576), (576, 1024))


class Model(msgspec.Struct, frozen=True):
    """One model; the names are those of the generator."""

    name: str
    sizes: tuple[tuple[int, int], ...] = _SIZES
    has_negative: bool = True
    drawn_by_rules: bool = False


async def list_models(reader: Reader, site: Site) -> list[Model]:
    """Return the models: what the generator said at its last start, else what is configured."""
    told = await settings.find(reader, settings.MODELS)
    return (msgspec.json.decode(told, type=list[Model]) if told else []) or [
        Model(one.name, drawn_by_rules=True) if one.engine == "drawing" else Model(one.name, sizes=())
        for one in site.config.generation.every_model
    ]


def choose_model(models: list[Model], name: str) -> Model:
    """Return the model of this name, or the one that paints when nobody chose: no drawing by rules, if possible."""
    named = [model for model in models if model.name == name]
    painters = [model for model in models if not model.drawn_by_rules]
    return (named or painters or models)[0]


def choose_size(model: Model, shape: float) -> tuple[int, int] | None:
    """Return the size whose shape (width by height) is nearest; None where the sizes are not known yet."""
    if not model.sizes:
        return None
    return min(model.sizes, key=lambda size: abs(math.log(size[0] / size[1] / shape)))
