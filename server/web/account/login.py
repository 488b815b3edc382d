"""The log-in page with its two ways in, password (and code) or passkey, and the way out."""

from quart import Response

from server.actions.people.factors import asks_for_code, open_key
from server.actions.people.login import Browser, log_in, log_out
from server.ids import MICROSECONDS
from server.oauth import authenticator, passkeys, sessions
from server.problems import Invalid
from server.sealing import seal, unseal
from server.store.people import accounts, factors
from server.store.people.accounts import Account
from server.web.visit import PATH_LETTERS_AT_MOST, Route, Visit, local_path

# One sentence for every reason, so that nobody learns which names exist.
WRONG = "That name and that password do not go together."
WRONG_CODE = "That is not the code of this moment, nor an unused recovery code."
# Between the password and the code: to find the phone.
CODE_SECONDS = 600
_PENDING = "login pending"


async def show_login(visit: Visit) -> Response:
    """Show the form; who is logged in already goes on."""
    after = local_path(visit.argument("next", PATH_LETTERS_AT_MOST), "/home")
    if visit.person is not None:
        return visit.go(after)
    return await _show(visit, after)


async def enter(visit: Visit) -> Response:
    """Check name and password, and begin a session, or ask for a code first."""
    name, after = visit.field("name", 200).removeprefix("@").lower(), local_path(visit.form.get("next"), "/home")
    brakes = visit.web.brakes
    # Counted before the slow look, or many guesses in one moment would all be looked at.
    brakes.login_address.spend(visit.address)
    brakes.login_name.spend(name)
    account = await _check(visit, name, visit.form.get("password", ""))
    if account is None:
        return await _show(visit, after, name=name, problem=WRONG)
    brakes.login_name.forget(name)
    brakes.login_address.give_back(visit.address)
    async with visit.web.services.database.read() as reader:
        needs_code = await asks_for_code(reader, account.actor_id) is not None
    if needs_code:
        return await _ask_code(visit, account, after)
    return await _begin(visit, account, after)


async def enter_code(visit: Visit) -> Response:
    """Check the code that follows a right password."""
    after = local_path(visit.form.get("next"), "/home")
    account = await _read_pending(visit)
    if account is None:
        return await _show(visit, after, problem="This took too long. Please begin again.")
    visit.web.brakes.code.spend(str(account.actor_id))
    if not await _take_code(visit, account, visit.field("code", 40)):
        return await _ask_code(visit, account, after, problem=WRONG_CODE)
    visit.web.brakes.code.forget(str(account.actor_id))
    return await _begin(visit, account, after)


async def enter_with_passkey(visit: Visit) -> Response:
    """Check a passkey, which stands for name, password and code."""
    after = local_path(visit.form.get("next"), "/home")
    visit.web.brakes.login_address.spend(visit.address)
    try:
        account = await _check_passkey(visit)
    except Invalid as problem:
        return await _show(visit, after, problem=str(problem))
    visit.web.brakes.login_address.give_back(visit.address)
    return await _begin(visit, account, after)


async def leave(visit: Visit) -> Response:
    """End the session of this browser; the form may say where to go on."""
    async with visit.web.services.database.write() as tx:
        await log_out(tx, visit.me.token)
    response = visit.go(local_path(visit.form.get("after"), "/"))
    sessions.take_back(response, visit.site)
    return response


async def _show(visit: Visit, after: str, *, name: str = "", problem: str | None = None) -> Response:
    options = passkeys.offer_entry(visit.site, visit.web.services.secret)
    content = {"after": after, "name": name, "problem": problem, "options": options, "noindex": True}
    return await visit.page("login.html", content, status=422 if problem else 200)


async def _ask_code(visit: Visit, account: Account, after: str, *, problem: str | None = None) -> Response:
    moment = visit.site.clock.now() // MICROSECONDS
    pending = seal(visit.web.services.secret, _PENDING, f"{account.actor_id} {moment}")
    content = {"after": after, "pending": pending, "problem": problem, "noindex": True}
    return await visit.page("login_code.html", content, status=422 if problem else 200)


async def _begin(visit: Visit, account: Account, after: str) -> Response:
    browser = Browser(visit.request.headers.get("User-Agent"), visit.address)
    async with visit.web.services.database.write() as tx:
        token = await log_in(tx, visit.site, account, browser)
    response = visit.go(after)
    sessions.hand_out(response, visit.site, token)
    return response


async def _check(visit: Visit, name: str, password: str) -> Account | None:
    async with visit.web.services.database.read() as reader:
        account = await accounts.find_by_username(reader, name)
    if account is not None and account.suspended_at is not None:
        account = None
    right = await visit.web.passwords.matches(account.password_hash if account else None, password)
    return account if right else None


async def _read_pending(visit: Visit) -> Account | None:
    """Whose password was right a moment ago."""
    try:
        text = unseal(visit.web.services.secret, _PENDING, visit.form.get("pending", ""))
    except ValueError:
        return None
    actor_id, moment = (int(part) for part in text.split())
    if visit.site.clock.now() // MICROSECONDS - moment > CODE_SECONDS:
        return None
    async with visit.web.services.database.read() as reader:
        account = await accounts.find_by_actor(reader, actor_id)
    return account if account is not None and account.suspended_at is None else None


async def _take_code(visit: Visit, account: Account, code: str) -> bool:
    """Use up a code of the app, or a recovery code."""
    async with visit.web.services.database.read() as reader:
        known = await asks_for_code(reader, account.actor_id)
    if known is None:
        return False
    step = authenticator.step_of(visit.site, open_key(visit.web.services.secret, known), code)
    async with visit.web.services.database.write() as tx:
        if step is not None:
            return await factors.take_step(tx, account.actor_id, step)
        return await factors.use_code(tx, account.actor_id, authenticator.hash_recovery_code(account.actor_id, code))


async def _check_passkey(visit: Visit) -> Account:
    site = visit.site
    shown = passkeys.read_answer(site, visit.web.services.secret, visit.form.get("credential", ""), passkeys.ENTER)
    async with visit.web.services.database.read() as reader:
        passkey = await factors.find_passkey(reader, shown.credential_id)
        account = await accounts.find_by_actor(reader, passkey.actor_id) if passkey else None
    if passkey is None or account is None or account.suspended_at is not None:
        raise Invalid("This passkey is not known here.")
    count = passkeys.check_entry(site, shown, passkey)
    now = site.clock.now()
    async with visit.web.services.database.write() as tx:
        name, expires_at = passkeys.spent_name(shown.challenge), now + passkeys.CHALLENGE_SECONDS * MICROSECONDS
        if not await factors.spend_challenge(tx, name, now=now, expires_at=expires_at):
            raise Invalid("This was used already. Please try again.")
        await factors.use_passkey(tx, passkey.id, sign_count=count, at=now)
    return account


ROUTES = (
    Route("GET", "/login", show_login, "anyone"),
    Route("POST", "/login", enter, "anyone"),
    Route("POST", "/login/code", enter_code, "anyone"),
    Route("POST", "/login/passkey", enter_with_passkey, "anyone"),
    Route("POST", "/logout", leave, "person"),
)
