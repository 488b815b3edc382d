"""Says who administers the instance. It must not say what they may do; each door asks for the role."""

from server.actions.network.audit import NOBODY, Operator, note_act
from server.problems import Conflict, Forbidden
from server.site import Site
from server.store.database import Transaction
from server.store.people import accounts
from server.store.people.accounts import Account
from server.store.people.actors import Actor


async def choose_role(
    tx: Transaction, site: Site, account: Account, actor: Actor, role: str, *, by: Operator = NOBODY
) -> None:
    """Let one of our people administer the instance (`admin`), or no more (`user`).

    Raises:
        Conflict: they do already, or do not.
        Forbidden: nobody else administers the instance.
    """
    if account.role == role:
        raise Conflict(f"@{actor.handle} is {role} already.")
    if role == "user" and await accounts.list_admins(tx) == [actor.id]:
        raise Forbidden("Nobody else administers this instance.")
    await accounts.set_role(tx, actor.id, role)
    await note_act(tx, site, by, "account.role", f"@{actor.handle}", before=account.role, after=role)
