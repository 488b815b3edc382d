"""Finds whose name was typed. It must not make anybody."""

from server.cli.ground import Stop
from server.store.database import Reader
from server.store.people import accounts, actors
from server.store.people.accounts import Account
from server.store.people.actors import Actor


async def find_account(reader: Reader, name: str) -> tuple[Account, Actor]:
    """Find one of our people by name. Raises Stop."""
    account = await accounts.find_by_username(reader, name)
    actor = await actors.find(reader, account.actor_id) if account else None
    if account is None or actor is None:
        raise Stop(f"there is no account {name}; 'pinxit user create {name}' makes it")
    return account, actor
