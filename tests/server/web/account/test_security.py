"""Second factors, passkeys and the list of sessions, through the pages."""

import re

import pyotp
import pytest

from server.store.people import accounts
from tests.server.web.authenticator import SoftKey
from tests.server.web.exhibition import PASSWORD, Exhibition, Visitor

PAGE = "/settings/security"


@pytest.fixture(autouse=True)
async def alice(exhibition: Exhibition) -> None:
    await exhibition.person("alice")


def code_now(exhibition: Exhibition, key: str) -> str:
    return pyotp.TOTP(key).at(exhibition.site.clock.now() // 1_000_000)


async def set_up_codes(exhibition: Exhibition, visitor: Visitor) -> tuple[str, list[str]]:
    """Have codes asked for; gives the key and the recovery codes."""
    await visitor.log_in("alice")
    await visitor.get(PAGE)
    shown = (await visitor.submit(f"{PAGE}/codes", password=PASSWORD)).text
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", shown)
    assert found
    key = found[1].replace(" ", "")
    page = (await visitor.submit(f"{PAGE}/codes/confirm", code=code_now(exhibition, key))).text
    return key, re.findall(r"<code>([a-z0-9]{5}-[a-z0-9]{5})</code>", page)


async def begin_login(visitor: Visitor) -> str:
    await visitor.get(PAGE)
    await visitor.submit("/logout")
    return (await visitor.log_in("alice")).text


async def test_after_setting_up_codes_a_password_alone_does_not_open(exhibition: Exhibition, visitor: Visitor) -> None:
    _, codes = await set_up_codes(exhibition, visitor)
    assert len(set(codes)) == 10

    assert "And the code" in await begin_login(visitor)
    assert (await visitor.get("/home")).status == 303


async def test_the_code_of_the_moment_opens_and_only_once(exhibition: Exhibition, visitor: Visitor) -> None:
    key, _ = await set_up_codes(exhibition, visitor)
    exhibition.site.clock.advance(60)  # type: ignore[attr-defined]
    code = code_now(exhibition, key)

    await begin_login(visitor)
    assert (await visitor.submit("/login/code", code=code)).location == "/home"

    await begin_login(visitor)
    assert (await visitor.submit("/login/code", code=code)).status == 422


async def test_a_recovery_code_opens_once_however_it_is_typed(exhibition: Exhibition, visitor: Visitor) -> None:
    _, codes = await set_up_codes(exhibition, visitor)
    typed = codes[3].upper().replace("-", " ")

    await begin_login(visitor)
    assert (await visitor.submit("/login/code", code=typed)).status == 303
    assert "9 recovery codes are left" in (await visitor.get(PAGE)).text
    await begin_login(visitor)
    assert (await visitor.submit("/login/code", code=typed)).status == 422


async def test_guessing_codes_is_slowed_down(exhibition: Exhibition, visitor: Visitor) -> None:
    await set_up_codes(exhibition, visitor)
    await begin_login(visitor)
    statuses = [(await visitor.submit("/login/code", code=f"{number:06}")).status for number in range(6)]
    assert set(statuses) == {422}
    assert (await visitor.submit("/login/code", code="000006")).status == 429


async def test_t63_passkeys_that_are_none_use_up_the_tries_of_an_address(exhibition: Exhibition, visitor: Visitor):
    await visitor.get("/login")

    statuses = [(await visitor.submit("/login/passkey", credential="{}")).status for _ in range(41)]

    assert statuses == [422] * 40 + [429]


async def test_a_pending_login_does_not_last(exhibition: Exhibition, visitor: Visitor) -> None:
    key, _ = await set_up_codes(exhibition, visitor)
    await begin_login(visitor)
    exhibition.site.clock.advance(700)  # type: ignore[attr-defined]
    late = await visitor.submit("/login/code", code=code_now(exhibition, key))
    assert (late.status, "begin again" in late.text) == (422, True)


async def test_codes_end_only_with_the_password(exhibition: Exhibition, visitor: Visitor) -> None:
    await set_up_codes(exhibition, visitor)
    await visitor.get(PAGE)
    assert (await visitor.submit(f"{PAGE}/codes/remove", password="wrong")).status == 422
    await visitor.submit(f"{PAGE}/codes/remove", password=PASSWORD)
    assert "And the code" not in await begin_login(visitor)


async def test_a_passkey_opens_without_name_and_password(exhibition: Exhibition, visitor: Visitor) -> None:
    key = SoftKey(exhibition.site.origin)
    await visitor.log_in("alice")
    page = (await visitor.get(PAGE)).text
    made = await visitor.submit(f"{PAGE}/passkeys", credential=key.make(page), name="My phone", password=PASSWORD)
    assert made.status == 303
    assert "My phone" in (await visitor.get(PAGE)).text

    await visitor.submit("/logout")
    entered = await visitor.submit("/login/passkey", credential=key.show((await visitor.get("/login")).text))

    assert entered.location == "/home"
    assert (await visitor.get("/home")).status == 200


async def test_a_shown_passkey_cannot_be_shown_again(exhibition: Exhibition, visitor: Visitor) -> None:
    key = SoftKey(exhibition.site.origin)
    await visitor.log_in("alice")
    await visitor.submit(
        f"{PAGE}/passkeys", credential=key.make((await visitor.get(PAGE)).text), name="", password=PASSWORD
    )
    await visitor.get(PAGE)
    await visitor.submit("/logout")
    answer = key.show((await visitor.get("/login")).text)
    assert (await visitor.submit("/login/passkey", credential=answer)).status == 303
    await visitor.get(PAGE)
    await visitor.submit("/logout")
    await visitor.get("/login")
    assert (await visitor.submit("/login/passkey", credential=answer)).status == 422


@pytest.mark.parametrize("flaw", ["origin", "signature", "challenge", "unverified"])
async def test_a_passkey_that_is_not_right_opens_nothing(exhibition: Exhibition, visitor: Visitor, flaw: str) -> None:
    key = SoftKey(exhibition.site.origin)
    await visitor.log_in("alice")
    await visitor.submit(
        f"{PAGE}/passkeys", credential=key.make((await visitor.get(PAGE)).text), name="", password=PASSWORD
    )
    await visitor.get(PAGE)
    await visitor.submit("/logout")
    page = (await visitor.get("/login")).text
    assert (await visitor.submit("/login/passkey", credential=key.show(page, flaw=flaw))).status == 422
    assert (await visitor.submit("/login/passkey", credential="{}")).status == 422


async def test_adding_a_passkey_wants_the_password(exhibition: Exhibition, visitor: Visitor) -> None:
    await visitor.log_in("alice")
    made = SoftKey(exhibition.site.origin).make((await visitor.get(PAGE)).text)
    assert (await visitor.submit(f"{PAGE}/passkeys", credential=made, password="wrong")).status == 422


async def test_a_removed_passkey_opens_nothing(exhibition: Exhibition, visitor: Visitor) -> None:
    key = SoftKey(exhibition.site.origin)
    await visitor.log_in("alice")
    await visitor.submit(
        f"{PAGE}/passkeys", credential=key.make((await visitor.get(PAGE)).text), name="", password=PASSWORD
    )
    page = await visitor.get(PAGE)
    found = re.search(rf'action="({PAGE}/passkeys/\d+/remove)"', page.text)
    assert found
    await visitor.submit(found[1])
    await visitor.get(PAGE)
    await visitor.submit("/logout")
    answer = key.show((await visitor.get("/login")).text)
    assert (await visitor.submit("/login/passkey", credential=answer)).status == 422


async def test_another_browser_is_listed_and_can_be_logged_out(exhibition: Exhibition, visitor: Visitor) -> None:
    other = Visitor(exhibition)
    await other.get("/login", headers={"User-Agent": "An old tablet"})
    await other.log_in("alice")
    await visitor.log_in("alice")
    assert "This browser" in (await visitor.get(PAGE)).text
    await visitor.submit(f"{PAGE}/sessions/end", session="others")
    assert (await other.get("/home")).status == 303
    assert (await visitor.get("/home")).status == 200


async def test_a_new_password_logs_every_other_browser_out(exhibition: Exhibition, visitor: Visitor) -> None:
    other = Visitor(exhibition)
    await other.log_in("alice")
    await visitor.log_in("alice")
    await visitor.get(PAGE)
    await visitor.submit(f"{PAGE}/password", password=PASSWORD, new_password="another long one")
    assert (await other.get("/home")).status == 303
    assert (await visitor.get("/home")).status == 200
    assert (await other.log_in("alice", "another long one")).status == 303


async def test_the_list_knows_when_a_browser_was_last_here(exhibition: Exhibition, visitor: Visitor) -> None:
    await visitor.log_in("alice")
    exhibition.site.clock.advance(7200)  # type: ignore[attr-defined]
    await visitor.get("/home")
    async with exhibition.services.database.read() as reader:
        account = await accounts.find_by_username(reader, "alice")
        assert account is not None
        (session,) = await accounts.list_sessions(reader, account.actor_id, now=0)
    assert session.seen_at == exhibition.site.clock.now()


async def test_t63_codes_are_set_up_by_who_knows_the_password(visitor: Visitor) -> None:
    """Whoever finds a browser open would lock its owner out."""
    await visitor.log_in("alice")
    await visitor.get(PAGE)
    assert (await visitor.submit(f"{PAGE}/codes", password="wrong")).status == 422
    assert (await visitor.submit(f"{PAGE}/codes")).status == 422
