"""Which models this instance could paint with, and how each would do on its machine. It must not measure anything."""

import msgspec

from server.store import settings
from server.store.database import Reader, Transaction

OPEN_LICENSES = ("apache", "openrail", "own")


class Machine(msgspec.Struct, frozen=True):
    """What was measured: `kind` is `cpu` or `cuda`, `teraflops` a second."""

    kind: str
    name: str
    memory_gigabytes: float
    teraflops: float


class Offer(msgspec.Struct, frozen=True):
    """One known model; what is None is not known, and `seconds` is an estimate for one picture."""

    name: str
    label: str
    license: str
    license_class: str
    source: str | None
    weights_gigabytes: float | None
    memory_gigabytes: float | None
    fits: bool | None
    seconds: float | None

    @property
    def for_anything(self) -> bool:
        """Whether its licence lets an instance use it for whatever its people like, with few conditions."""
        return self.license_class in OPEN_LICENSES

    @property
    def page(self) -> str | None:
        """Where its makers describe it."""
        return f"https://huggingface.co/{self.source}" if self.source else None


class Offers(msgspec.Struct, frozen=True):
    """The machine and the models, as `python -m generator.offers` prints them."""

    machine: Machine
    models: tuple[Offer, ...]

    @property
    def ranked(self) -> tuple[Offer, ...]:
        """The models in the order of what suits best: fits, free licence, quick."""
        return tuple(
            sorted(
                self.models, key=lambda one: (one.fits is not True, not one.for_anything, one.seconds or float("inf"))
            )
        )


def read_offers(text: str) -> Offers:
    """Read what the generator printed. Raises ValueError when it is something else."""
    try:
        return msgspec.json.decode(text, type=Offers)
    except msgspec.MsgspecError as error:
        raise ValueError(f"the generator's offers cannot be read: {error}") from None


async def find_offers(reader: Reader) -> Offers | None:
    """Return what was measured last; None when nothing was."""
    told = await settings.find(reader, settings.OFFERS)
    return read_offers(told) if told else None


async def keep_offers(tx: Transaction, text: str) -> Offers:
    """Remember what the generator printed. Raises ValueError when it is something else."""
    offers = read_offers(text)
    await settings.put(tx, settings.OFFERS, text)
    return offers


def say_seconds(seconds: float | None) -> str:
    """Return an estimate as people say it: it is good to a factor of two, so one figure is enough."""
    if seconds is None:
        return "not known"
    for unit, length in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"about {seconds / length:.0f} {unit}"
    return f"about {seconds:.0f} s" if seconds >= 2 else f"about {seconds:.1f} s"
