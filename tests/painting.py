"""A whole instance with people who have apps, and a painter that can be away: what the tests of prompts share."""

from server.passwords import hash_token
from server.store.clients import tokens
from server.store.clients.tokens import AccessToken
from server.store.people.actors import Actor
from tests.commissions import run_without_painter
from tests.instance import Instance
from tests.server.mastodon.clients import EVERYTHING, Client

__all__ = ["client_of", "run_without_painter", "token_of"]


async def token_of(house: Instance, actor: Actor, scopes: str = EVERYTHING) -> str:
    """A token of an app that speaks for somebody."""
    token = f"token-{house.site.ids.new()}"
    async with house.database.write() as tx:
        await tokens.add(tx, AccessToken(hash_token(token), actor.id, scopes, "test", house.clock.now()))
    return token


async def client_of(house: Instance, actor: Actor, scopes: str = EVERYTHING) -> Client:
    """An app that speaks for somebody."""
    return Client(house.app, await token_of(house, actor, scopes))
