"""Class I at the OAuth door: codes that outlive their person's trust, odd redirect addresses, apps without end."""

import asyncio

import pytest

from server.actions.people.factors import change_password
from server.actions.people.grant import APP_TOKENS_AT_MOST
from server.mastodon.streaming.hub import LISTENERS_OF_APPS, LISTENERS_OF_ONE, Hub
from server.oauth.bearer import Bearer
from server.oauth.redirects import match
from server.problems import TooMany
from server.store.people import accounts, actors
from tests.fakes import FakeClock
from tests.server.oauth.conftest import exhibition, outside, program, visitor  # noqa: F401 - fixtures
from tests.server.oauth.program import Program


async def test_t60_a_code_ends_with_the_password(program: Program) -> None:  # noqa: F811
    """Whoever had the password lets an app of theirs in at the last moment."""
    await program.register()
    code = (await program.consent())["code"]
    async with program.exhibition.services.database.write() as tx:
        account = await accounts.find_by_username(tx, "alice")
        assert account is not None
        await change_password(tx, program.exhibition.site, account, "new")
    assert (await program.redeem(code)).body["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "asked",
    [
        "http://127.0.0.1:8080/c\nb",
        "http://127.0.0.1:8080/c\tb",
        "http://127.0.0.1:8080/c\r\nSet-Cookie: x=yb",
        "\x00http://127.0.0.1:8080/cb",
        " http://127.0.0.1:8080/cb",
        "http://127.0.0.1:8080/cb\x1f",
        "http://127.0.0.1:8080@evil.example/cb",
        "http://127.0.0.1:8080\\@evil.example/cb",
        "http://127.0.0.1:80\\.evil.example/cb",
        "http://127.0.0.1:8080/cb#x",
        "http://127.0.0.1:8080/cb/",
        "http://127.0.0.1:8080/CB",
        "http://127.0.0.1:8080/%63b",
        "http://127.0.0.1.:8080/cb",
        "http://127.1:8080/cb",
        "http://localhost:8080/cb",
        "https://127.0.0.1:8080/cb",
        "http://127.0.0.1:8080/cb?x",
        "http://127.0.0.1:99999/cb",
    ],
)
def test_t58_of_a_loopback_address_nothing_but_the_port_may_differ(asked: str) -> None:
    assert not match(["http://127.0.0.1/cb"], asked)
    assert match(["http://127.0.0.1/cb"], "http://127.0.0.1:8080/cb")


async def test_t58_an_address_with_a_line_break_is_refused_in_words(program: Program) -> None:  # noqa: F811
    await program.make_app(redirect_uris="http://127.0.0.1/cb")
    page = await program.open_consent(redirect_uri="http://127.0.0.1:8080/c\nb")
    assert page.status in (400, 422) and "register" in page.text


async def whose(program: Program, token: str) -> int:  # noqa: F811
    """The status that an app's own token has at the address that tells which app it is."""
    headers = {"Authorization": f"Bearer {token}"}
    return (await program.call("GET", "/api/v1/apps/verify_credentials", headers=headers)).status


async def test_an_app_has_only_so_many_tokens_of_its_own(program: Program) -> None:  # noqa: F811
    """Anybody can register one and ask again and again; each token is a row for a month."""
    await program.make_app()
    clock = program.exhibition.site.clock
    assert isinstance(clock, FakeClock)
    given = []
    for _ in range(APP_TOKENS_AT_MOST + 1):
        clock.advance(1)
        answer = await program.ask_token(grant_type="client_credentials", scope="read")
        given.append(answer.body["access_token"])
    assert [await whose(program, token) for token in (given[0], given[1], given[-1])] == [401, 200, 200]


async def test_apps_of_nobody_leave_room_for_people(program: Program) -> None:  # noqa: F811
    stopping = asyncio.Event()
    stopping.set()
    hub = Hub(program.exhibition.services, stopping)
    for number in range(LISTENERS_OF_ONE):
        await hub.join(speaks_for_nobody(f"token{number}", "app"))
    with pytest.raises(TooMany):
        await hub.join(speaks_for_nobody("another", "app"))
    for number in range(LISTENERS_OF_APPS - LISTENERS_OF_ONE):
        await hub.join(speaks_for_nobody("token", f"app{number}"))
    with pytest.raises(TooMany):
        await hub.join(speaks_for_nobody("token", "the last"))
    async with program.exhibition.services.database.read() as reader:
        alice = await actors.find_by_handle(reader, "alice", program.exhibition.site.domain)
    await hub.join(Bearer("hers", "app", frozenset({"read"}), alice, None))


def speaks_for_nobody(token: str, app: str) -> Bearer:
    return Bearer(token, app, frozenset({"read"}), None, None)
