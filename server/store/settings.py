"""Owns `settings`: a few named values of the instance itself. It must not hold secrets; those lie in files."""

from sqlalchemy import Column, Table, Text, bindparam, select
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.schema import metadata

# What the generator said at its last start that its models can do: a JSON list of `ModelCapabilities`.
MODELS = "models"
# What other models it could paint with, and how fast: the JSON that `python -m generator.offers` prints.
OFFERS = "offers"

settings = Table("settings", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))

_find = select(settings.c.value).where(settings.c.name == bindparam("wanted"))
_put = upsert(settings)
_put = _put.on_conflict_do_update(index_elements=["name"], set_={"value": _put.excluded.value})


async def find(reader: Reader, name: str) -> str | None:
    """Return a value, or None."""
    row = await reader.one(_find, wanted=name)
    return str(row[0]) if row else None


async def put(tx: Transaction, name: str, value: str) -> None:
    """Set a value."""
    await tx.run(_put, name=name, value=value)
