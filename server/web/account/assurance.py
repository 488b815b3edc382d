"""Asks for the password again before what cannot be taken back. It must not log anybody in."""

from server.problems import Invalid
from server.web.visit import Visit


async def check_password(visit: Visit) -> None:
    """Whoever finds a browser open shall not make themselves at home. Raises Invalid, or TooMany after many guesses."""
    brake = visit.web.brakes.login_name
    brake.spend(visit.me.account.username)
    if not await visit.web.passwords.matches(visit.me.account.password_hash, visit.form.get("password", "")):
        raise Invalid("That is not your password.", field="password")
    brake.give_back(visit.me.account.username)
