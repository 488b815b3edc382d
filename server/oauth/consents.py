"""Lists what a person let programs do and may take back. It must not end any; `actions.grant` does."""

from dataclasses import dataclass

from server.oauth.scopes import parse
from server.oauth.words import Ability, explain
from server.site import Site
from server.store.clients import oauth, tokens
from server.store.database import Reader


@dataclass(frozen=True, slots=True)
class Consented:
    """One consent that still holds: to which program, for what, and since when its newest token is."""

    family: int
    name: str
    abilities: list[Ability]
    created_at: int


async def list_consents(reader: Reader, site: Site, actor_id: int) -> list[Consented]:
    """Return the consents of a person that hold, newest first; a token from the shell is one too."""
    now = site.clock.now()
    found: dict[int, Consented] = {}
    for refresh in await tokens.list_renewable(reader, actor_id, now=now):
        client = await oauth.find_client(reader, refresh.client_id)
        name = client.name if client else refresh.client_id
        found[refresh.family] = Consented(refresh.family, name, explain(parse(refresh.scopes)), refresh.created_at)
    for token in await tokens.list_of_actor(reader, actor_id, now=now):
        if token.family is not None and token.family not in found:
            abilities = explain(parse(token.scopes))
            found[token.family] = Consented(token.family, token.label, abilities, token.created_at)
    return sorted(found.values(), key=lambda one: one.created_at, reverse=True)
