"""Adds and takes away what proves who somebody is: passkeys, an authenticator, recovery codes, the password.

It must not check a factor; whoever calls has.
"""

from collections.abc import Sequence

from server.actions.people.grant import withdraw_all
from server.problems import Conflict, Invalid, NotFound
from server.sealing import seal, unseal
from server.site import Site
from server.store.database import Reader, Transaction
from server.store.people import accounts, factors
from server.store.people.accounts import Account
from server.store.people.actors import Actor
from server.store.people.factors import Authenticator, Passkey

PASSKEYS_AT_MOST = 20
NAME_AT_MOST = 60
_PURPOSE = "authenticator"


async def add_passkey(
    tx: Transaction, site: Site, actor: Actor, *, credential_id: str, public_key: bytes, sign_count: int, name: str
) -> None:
    """Store a passkey that was checked.

    Raises:
        Conflict: it is stored already.
        Invalid: there are too many.
    """
    if await factors.find_passkey(tx, credential_id) is not None:
        raise Conflict("This passkey is in use already.")
    if len(await factors.list_passkeys(tx, actor.id)) >= PASSKEYS_AT_MOST:
        raise Invalid(f"{PASSKEYS_AT_MOST} passkeys are enough.")
    await factors.add_passkey(
        tx,
        Passkey(
            id=site.ids.new(),
            actor_id=actor.id,
            credential_id=credential_id,
            public_key=public_key,
            sign_count=sign_count,
            name=name.strip()[:NAME_AT_MOST] or "Passkey",
            created_at=site.clock.now(),
            used_at=None,
        ),
    )


async def remove_passkey(tx: Transaction, actor: Actor, passkey_id: int) -> None:
    """Forget a passkey. Raises NotFound."""
    if not await factors.drop_passkey(tx, actor.id, passkey_id):
        raise NotFound("You have no such passkey.")


async def prepare_authenticator(tx: Transaction, secret: bytes, actor: Actor, key: str) -> None:
    """Remember the key of an authenticator that has shown no code yet. Raises Conflict when one counts already."""
    known = await factors.find_authenticator(tx, actor.id)
    if known is not None and known.confirmed_at is not None:
        raise Conflict("Codes are asked for already.")
    await factors.put_authenticator(tx, Authenticator(actor.id, seal(secret, _PURPOSE, key), None, 0))


async def confirm_authenticator(
    tx: Transaction, site: Site, actor: Actor, *, step: int, code_hashes: Sequence[str]
) -> None:
    """From now on a code is asked for at every log-in; the recovery codes are new."""
    known = await factors.find_authenticator(tx, actor.id)
    if known is None:
        raise NotFound("There is no authenticator to confirm.")
    await factors.put_authenticator(tx, Authenticator(actor.id, known.sealed_secret, site.clock.now(), step))
    await factors.replace_codes(tx, actor.id, code_hashes)


def open_key(secret: bytes, authenticator: Authenticator) -> str:
    """Return the key of an authenticator. Raises ValueError when the instance's secret is another one now."""
    return unseal(secret, _PURPOSE, authenticator.sealed_secret)


async def asks_for_code(reader: Reader, actor_id: int) -> Authenticator | None:
    """Return the authenticator whose code a log-in with a password needs; None where it needs none."""
    known = await factors.find_authenticator(reader, actor_id)
    return known if known is not None and known.confirmed_at is not None else None


async def change_password(tx: Transaction, site: Site, account: Account, password_hash: str) -> None:
    """Change a password; every session of the account ends, and every app has to ask again (T60)."""
    await accounts.set_password(tx, account.actor_id, password_hash)
    await withdraw_all(tx, site, account.actor_id)


async def reset(tx: Transaction, site: Site, account: Account, password_hash: str, *, drops_factors: bool) -> None:
    """Give a password anew, from outside of the account; `drops_factors` leaves nothing else that proves its owner."""
    if drops_factors:
        await factors.drop_all(tx, account.actor_id)
    await change_password(tx, site, account, password_hash)


async def end_session(tx: Transaction, site: Site, actor: Actor, name: str) -> None:
    """Log out the browser whose session's hash begins with `name`. Raises NotFound."""
    for session in await accounts.list_sessions(tx, actor.id, now=site.clock.now()):
        if name and session.token_hash.startswith(name):
            await accounts.end_session(tx, session.token_hash)
            return
    raise NotFound("This browser is not logged in any more.")
