import pytest

from server.actions.people.login import log_in
from server.store.people import accounts
from tests.server.web.exhibition import PASSWORD, Exhibition, Visitor


@pytest.fixture(autouse=True)
async def alice(exhibition: Exhibition) -> None:
    await exhibition.person("alice")


async def test_the_right_password_opens_the_door(visitor: Visitor) -> None:
    assert (await visitor.log_in("alice")).location == "/home"
    assert (await visitor.get("/home")).status == 200


async def test_the_name_may_be_written_as_a_handle_in_any_case(visitor: Visitor) -> None:
    assert (await visitor.log_in("@Alice")).status == 303


async def test_the_cookie_is_bound_to_host_https_and_http(visitor: Visitor) -> None:
    cookie = (await visitor.log_in("alice")).headers["Set-Cookie"]
    assert cookie.startswith("__Host-pinxit=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


async def test_the_store_never_sees_the_token(exhibition: Exhibition, visitor: Visitor) -> None:
    token = (await visitor.log_in("alice")).headers["Set-Cookie"].partition("=")[2].partition(";")[0]
    async with exhibition.services.database.read() as reader:
        assert await accounts.find_session(reader, token, now=0) is None


async def test_a_wrong_password_and_an_unknown_name_are_answered_alike(visitor: Visitor) -> None:
    wrong = await visitor.log_in("alice", "wrong")
    unknown = await visitor.log_in("nobody", "wrong")
    assert wrong.status == unknown.status == 422
    assert "do not go together" in wrong.text and "do not go together" in unknown.text


async def test_guessing_is_slowed_down_even_for_the_right_password(visitor: Visitor) -> None:
    for _ in range(10):
        await visitor.log_in("alice", "wrong")
    refused = await visitor.log_in("alice", PASSWORD)
    assert refused.status == 429
    assert int(refused.headers["Retry-After"]) > 0


async def test_guessing_many_names_is_slowed_down_too(visitor: Visitor, exhibition: Exhibition) -> None:
    names = ("bob", "carol", "dave", "erin", "frank")
    for name in names:
        await exhibition.person(name)
    for number in range(40):
        await visitor.log_in(names[number % 5], "wrong")
    assert (await visitor.log_in("alice")).status == 429


async def test_after_logging_in_the_reader_is_where_they_wanted(visitor: Visitor) -> None:
    asked = await visitor.get("/create?prompt=a%20boat")
    assert asked.location.startswith("/login?next=%2Fcreate")
    await visitor.get(asked.location)
    assert (await visitor.submit("/login", name="alice", password=PASSWORD)).location.startswith("/create?prompt=a")


async def test_nobody_is_led_to_another_site_after_logging_in(visitor: Visitor) -> None:
    await visitor.get("/login?next=//evil.example/")
    assert (await visitor.submit("/login", name="alice", password=PASSWORD)).location == "/home"


async def test_logging_out_ends_the_session_and_not_only_the_cookie(visitor: Visitor, exhibition: Exhibition) -> None:
    cookie = (await visitor.log_in("alice")).headers["Set-Cookie"].partition(";")[0]
    await visitor.get("/home")
    assert (await visitor.submit("/logout")).location == "/"
    again = await Visitor(exhibition).get("/home", {"Cookie": cookie})
    assert again.location.startswith("/login")


async def test_a_suspended_account_is_out_at_once(visitor: Visitor, exhibition: Exhibition) -> None:
    await visitor.log_in("alice")
    async with exhibition.services.database.write() as tx:
        account = await accounts.find_by_username(tx, "alice")
        assert account is not None
        await accounts.set_password(tx, account.actor_id, account.password_hash)
    assert (await visitor.get("/home")).location.startswith("/login")


async def test_a_session_ends_by_itself(visitor: Visitor, exhibition: Exhibition) -> None:
    await visitor.log_in("alice")
    exhibition.site.clock.advance(31 * 86_400)  # type: ignore[attr-defined]
    assert (await visitor.get("/home")).location.startswith("/login")


async def test_a_session_of_another_door_is_the_same_session(visitor: Visitor, exhibition: Exhibition) -> None:
    async with exhibition.services.database.write() as tx:
        account = await accounts.find_by_username(tx, "alice")
        assert account is not None
        token = await log_in(tx, exhibition.site, account)
    assert (await visitor.get("/home", {"Cookie": f"__Host-pinxit={token}"})).status == 200


async def test_who_is_logged_in_is_not_asked_again(visitor: Visitor) -> None:
    await visitor.log_in("alice")
    assert (await visitor.get("/login")).location == "/home"
