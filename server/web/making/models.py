"""What can paint here, and what each can do: as the generator said at its last start. It must not talk to it."""

import msgspec

from server.config import DRAWING, ModelConfig
from server.site import Site
from server.store import settings
from server.store.database import Reader

# Of the drawing engine, offered before the generator has told its own.
_SIZES = ((768, 768), (960, 640), (640, 960), (1024, 576), (576, 1024))


class Model(msgspec.Struct, frozen=True):
    """One model: what the create page offers and greys out. The names are those of the generator."""

    name: str
    label: str = ""
    engine: str = "drawing"
    license: str = ""
    license_class: str = "own"
    sizes: tuple[tuple[int, int], ...] = _SIZES
    default_steps: int = 0
    min_steps: int = 1
    max_steps: int = 0
    default_guidance: float = 0.0
    max_guidance: float = 0.0
    has_negative: bool = False
    has_progress: bool = False
    has_previews: bool = False
    drawn_by_rules: bool = False
    source_url: str | None = None
    vocabulary: tuple[str, ...] = ()
    is_told: bool = True  # by the generator; else only what the configuration says is known

    @property
    def shown_name(self) -> str:
        """What people read."""
        return self.label or self.name

    @property
    def knows_few_words(self) -> bool:
        """Whether only the words of a list will do."""
        return self.drawn_by_rules or bool(self.vocabulary)

    @property
    def reads_free_text(self) -> bool:
        """Whether any words will do."""
        return self.is_told and not self.knows_few_words


async def list_models(reader: Reader, site: Site) -> list[Model]:
    """Return the models, the default one first."""
    told = await settings.find(reader, settings.MODELS)
    models = (msgspec.json.decode(told, type=list[Model]) if told else []) or _configured(site)
    default = site.config.generation.default_model
    # Without a chosen default a model is preferred to drawing by rules, as the studio does.
    return sorted(models, key=lambda model: (model.name != default, model.drawn_by_rules))


def _configured(site: Site) -> list[Model]:
    """Before the generator has ever started: the names in the configuration, and what is true of every engine."""
    return [_untold(one) for one in site.config.generation.every_model]


def _untold(one: ModelConfig) -> Model:
    if one.engine == "diffusers":
        return Model(one.name, engine=one.engine, sizes=(), has_progress=True, is_told=False)
    label = "Drawing by rules" if one is DRAWING else one.name
    return Model(one.name, label=label, license="CC0-1.0", drawn_by_rules=True)
