"""The log-in page, and the way out."""

from quart import Response

from server.actions.login import log_in, log_out
from server.oauth import sessions
from server.store import accounts
from server.store.accounts import Account
from server.web.visit import Route, Visit, local_path

# One sentence for every reason, so that nobody learns which names exist.
WRONG = "That name and that password do not go together."


async def show_login(visit: Visit) -> Response:
    """Show the form; who is logged in already goes on."""
    after = local_path(visit.argument("next"), "/home")
    if visit.person is not None:
        return visit.go(after)
    return await visit.page("login.html", {"after": after, "name": "", "problem": None, "noindex": True})


async def enter(visit: Visit) -> Response:
    """Check name and password, and begin a session."""
    name, after = visit.field("name", 200).removeprefix("@").lower(), local_path(visit.form.get("next"), "/home")
    brakes = visit.web.brakes
    # Counted before the slow look, or many guesses in one moment would all be looked at.
    brakes.login_address.spend(visit.address)
    brakes.login_name.spend(name)
    account = await _check(visit, name, visit.form.get("password", ""))
    if account is None:
        return await visit.page(
            "login.html", {"after": after, "name": name, "problem": WRONG, "noindex": True}, status=422
        )
    brakes.login_name.forget(name)
    brakes.login_address.give_back(visit.address)
    async with visit.web.services.database.write() as tx:
        token = await log_in(tx, visit.site, account)
    response = visit.go(after)
    sessions.hand_out(response, visit.site, token)
    return response


async def leave(visit: Visit) -> Response:
    """End the session of this browser."""
    async with visit.web.services.database.write() as tx:
        await log_out(tx, visit.me.token)
    response = visit.go("/")
    sessions.take_back(response, visit.site)
    return response


async def _check(visit: Visit, name: str, password: str) -> Account | None:
    async with visit.web.services.database.read() as reader:
        account = await accounts.find_by_username(reader, name)
    if account is not None and account.suspended_at is not None:
        account = None
    right = await visit.web.passwords.matches(account.password_hash if account else None, password)
    return account if right else None


ROUTES = (
    Route("GET", "/login", show_login, "anyone"),
    Route("POST", "/login", enter, "anyone"),
    Route("POST", "/logout", leave, "person"),
)
