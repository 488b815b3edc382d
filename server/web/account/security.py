"""How one's account is protected: password, passkeys, codes, and the browsers that are logged in."""

import segno
from quart import Response

from server.actions.people.factors import (
    add_passkey,
    asks_for_code,
    change_password,
    confirm_authenticator,
    end_session,
    open_key,
    prepare_authenticator,
    remove_passkey,
)
from server.actions.people.login import Browser, log_in
from server.oauth import authenticator, passkeys, sessions
from server.passwords import LENGTH_AT_LEAST
from server.problems import Invalid, NotFound
from server.store.people import accounts, factors
from server.web.account.assurance import check_password
from server.web.visit import Route, Visit

PAGE = "/settings/security"
# Of a session's hash: enough to tell one's own browsers apart.
NAME_LETTERS = 16


async def show_security(visit: Visit) -> Response:
    """Show what protects this account."""
    return await _show(visit)


async def take_password(visit: Visit) -> Response:
    """Change the password; every other browser and every app is logged out."""
    new = visit.form.get("new_password", "")
    try:
        await check_password(visit)
        if len(new) < LENGTH_AT_LEAST:
            raise Invalid(f"A password needs {LENGTH_AT_LEAST} letters or more.", field="new_password")
    except Invalid as problem:
        return await _show(visit, problem)
    hashed = await visit.web.passwords.hash(new)
    browser = Browser(visit.request.headers.get("User-Agent"), visit.address)
    async with visit.web.services.database.write() as tx:
        await change_password(tx, visit.site, visit.me.account, hashed)
        token = await log_in(tx, visit.site, visit.me.account, browser)
    response = visit.go(PAGE)
    sessions.hand_out(response, visit.site, token)
    return response


async def take_passkey(visit: Visit) -> Response:
    """Store a passkey that this browser made."""
    try:
        await check_password(visit)
        text = visit.form.get("credential", "")
        shown = passkeys.read_answer(visit.site, visit.web.services.secret, text, passkeys.REGISTER)
        made = passkeys.check_registration(visit.site, shown)
        async with visit.web.services.database.write() as tx:
            await add_passkey(
                tx,
                visit.site,
                visit.me.actor,
                credential_id=made.credential_id,
                public_key=made.public_key,
                sign_count=made.sign_count,
                name=visit.field("name", 200),
            )
    except Invalid as problem:
        return await _show(visit, problem)
    return visit.go(PAGE)


async def drop_passkey(visit: Visit, passkey_id: int) -> Response:
    """Forget a passkey."""
    async with visit.web.services.database.write() as tx:
        await remove_passkey(tx, visit.me.actor, passkey_id)
    return visit.go(PAGE)


async def begin_codes(visit: Visit) -> Response:
    """Show a new key for an authenticator app; it counts once a code of it was typed."""
    try:
        # Whoever finds a browser open would lock its owner out.
        await check_password(visit)
    except Invalid as problem:
        return await _show(visit, problem)
    key = authenticator.new_secret()
    async with visit.web.services.database.write() as tx:
        await prepare_authenticator(tx, visit.web.services.secret, visit.me.actor, key)
    return await _show_key(visit, key)


async def confirm_codes(visit: Visit) -> Response:
    """Take the first code, and show the recovery codes, this once."""
    me = visit.me.actor
    async with visit.web.services.database.read() as reader:
        known = await factors.find_authenticator(reader, me.id)
    if known is None or known.confirmed_at is not None:
        raise NotFound("There is no authenticator to confirm.")
    visit.web.brakes.code.spend(str(me.id))
    key = open_key(visit.web.services.secret, known)
    step = authenticator.step_of(visit.site, key, visit.field("code", 20))
    if step is None:
        return await _show_key(visit, key, Invalid("That is not the code of this moment.", field="code"))
    visit.web.brakes.code.forget(str(me.id))
    codes = authenticator.new_recovery_codes()
    hashes = [authenticator.hash_recovery_code(me.id, code) for code in codes]
    async with visit.web.services.database.write() as tx:
        await confirm_authenticator(tx, visit.site, me, step=step, code_hashes=hashes)
    return await visit.page("recovery.html", {"codes": codes, "noindex": True})


async def end_codes(visit: Visit) -> Response:
    """Ask for no codes any more."""
    try:
        await check_password(visit)
    except Invalid as problem:
        return await _show(visit, problem)
    async with visit.web.services.database.write() as tx:
        await factors.drop_authenticator(tx, visit.me.actor.id)
    return visit.go(PAGE)


async def end_sessions(visit: Visit) -> Response:
    """Log out one browser, or every other."""
    name = visit.field("session", NAME_LETTERS)
    async with visit.web.services.database.write() as tx:
        if name == "others":
            await accounts.end_other_sessions(tx, visit.me.actor.id, visit.me.session_hash)
        else:
            await end_session(tx, visit.site, visit.me.actor, name)
    return visit.go(PAGE)


async def _show(visit: Visit, problem: Invalid | None = None) -> Response:
    me = visit.me
    async with visit.web.services.database.read() as reader:
        keys = await factors.list_passkeys(reader, me.actor.id)
        known = await asks_for_code(reader, me.actor.id)
        codes = await factors.count_codes(reader, me.actor.id)
        open_sessions = await accounts.list_sessions(reader, me.actor.id, now=visit.site.clock.now())
    content = {
        "passkeys": keys,
        "asks_for_code": known is not None,
        "codes_left": codes,
        "sessions": open_sessions,
        "name_letters": NAME_LETTERS,
        "options": passkeys.offer_registration(visit.site, visit.web.services.secret, me.actor, keys),
        "problem": problem,
        "noindex": True,
    }
    return await visit.page("security.html", content, status=422 if problem else 200)


async def _show_key(visit: Visit, key: str, problem: Invalid | None = None) -> Response:
    address = authenticator.address_of(visit.site, key, visit.me.actor.username)
    picture = segno.make(address, error="m").svg_data_uri(scale=5, border=2)
    spaced = " ".join(key[start : start + 4] for start in range(0, len(key), 4))
    content = {"picture": picture, "key": spaced, "address": address, "problem": problem, "noindex": True}
    return await visit.page("authenticator.html", content, status=422 if problem else 200)


ROUTES = (
    Route("GET", PAGE, show_security, "person"),
    Route("POST", f"{PAGE}/password", take_password, "person"),
    Route("POST", f"{PAGE}/passkeys", take_passkey, "person"),
    Route("POST", f"{PAGE}/passkeys/<id:passkey_id>/remove", drop_passkey, "person"),
    Route("POST", f"{PAGE}/codes", begin_codes, "person"),
    Route("POST", f"{PAGE}/codes/confirm", confirm_codes, "person"),
    Route("POST", f"{PAGE}/codes/remove", end_codes, "person"),
    Route("POST", f"{PAGE}/sessions/end", end_sessions, "person"),
)
