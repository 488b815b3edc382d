"""What a person let programs do: listed, and taken back."""

import pytest

from server.actions.people.factors import change_password
from server.store.people import accounts
from tests.server.oauth.program import Program
from tests.server.web.exhibition import HASH, Visitor

PAGE = "/settings/apps"


async def put_out(program: Program) -> None:
    page = await program.visitor.get(PAGE)
    (action,) = {part.partition('"')[0] for part in page.text.split('action="')[1:] if part.startswith(f"{PAGE}/")}
    assert (await program.visitor.submit(action)).status == 303


@pytest.mark.parametrize("make", [Program.make_app, Program.register])
async def test_an_app_is_listed_and_can_be_put_out(program: Program, make) -> None:
    await make(program)
    given = await program.log_in()

    shown = (await program.visitor.get(PAGE)).text
    await put_out(program)

    assert ("Tusk" in shown or "Brushes" in shown) and "Act in your name" in shown
    assert await program.whoami(given["access_token"]) == 401
    assert f"{PAGE}/" not in (await program.visitor.get(PAGE)).text


async def test_an_app_that_has_to_renew_its_token_is_still_listed_once(program: Program) -> None:
    await program.register()
    first = await program.log_in()
    await program.refresh(first["refresh_token"])
    assert (await program.visitor.get(PAGE)).text.count(f"{PAGE}/") == 1

    program.exhibition.site.clock.advance(2 * 86_400)  # type: ignore[attr-defined]

    assert (await program.visitor.get(PAGE)).text.count(f"{PAGE}/") == 1


async def test_nobody_puts_out_the_app_of_somebody_else(program: Program) -> None:
    await program.make_app()
    given = await program.log_in()
    page = (await program.visitor.get(PAGE)).text
    action = next(part.partition('"')[0] for part in page.split('action="') if part.startswith(f"{PAGE}/"))
    await program.exhibition.person("mallory")
    mallory = Visitor(program.exhibition)
    await mallory.enter("mallory")
    await mallory.get(PAGE)
    form_token = mallory.page.text.split('name="token" value="')[1].partition('"')[0]

    await mallory.post(action, {"token": form_token}, {"Sec-Fetch-Site": "same-origin"})

    assert await program.whoami(given["access_token"]) == 200


async def test_t60_a_new_password_ends_every_token(program: Program) -> None:
    await program.register()
    given = await program.log_in()
    async with program.exhibition.services.database.write() as tx:
        account = await accounts.find_by_username(tx, "alice")
        assert account is not None
        await change_password(tx, program.exhibition.site, account, HASH)

    assert await program.whoami(given["access_token"]) == 401
    assert (await program.refresh(given["refresh_token"])).status == 400
