"""Tokens given back (RFC 7009), asked after (RFC 7662), and whose they are."""

import pytest

from server.actions.people.grant import withdraw
from server.oauth.bearer import is_live
from server.passwords import hash_token
from server.store.clients import tokens
from server.store.clients.tokens import AccessToken
from server.store.people import actors
from server.store.telling import push
from server.store.telling.push import Subscription
from tests.server.oauth.program import Answer, Program


async def revoke(program: Program, token: str, **changes: str | None) -> Answer:
    known = {"client_id": program.client_id, "client_secret": program.secret, "token": token}
    fields = {name: value for name, value in (known | changes).items() if value is not None}
    return await program.call("POST", "/oauth/revoke", form=fields)


async def introspect(program: Program, token: str, **changes: str | None) -> Answer:
    known = {"client_id": program.client_id, "client_secret": program.secret, "token": token}
    fields = {name: value for name, value in (known | changes).items() if value is not None}
    return await program.call("POST", "/oauth/introspect", form=fields)


def device(actor_id: int, token_hash: str) -> Subscription:
    """A device that a program wakes with this token."""
    return Subscription(
        id=1,
        actor_id=actor_id,
        token_hash=token_hash,
        sealed_token="x",
        endpoint="https://push.example/1",
        p256dh="x",
        auth="x",
        standard=True,
        alerts="[]",
        policy="all",
        created_at=1,
    )


async def test_a_token_given_back_is_dead_with_its_family(program: Program) -> None:
    await program.register()
    given = await program.log_in()

    answer = await revoke(program, given["access_token"])

    assert (answer.status, answer.body) == (200, {})
    assert await program.whoami(given["access_token"]) == 401
    assert (await program.refresh(given["refresh_token"])).status == 400


async def test_a_refresh_token_given_back_ends_the_access_token_too(program: Program) -> None:
    await program.register()
    given = await program.log_in()

    assert (await revoke(program, given["refresh_token"], token_type_hint="access_token")).status == 200
    assert await program.whoami(given["access_token"]) == 401


async def test_another_consent_of_the_same_program_lives_on(program: Program) -> None:
    await program.make_app()
    one, other = await program.log_in(), await program.log_in()

    await revoke(program, one["access_token"])

    assert await program.whoami(other["access_token"]) == 200


async def test_an_unknown_token_is_given_back_too(program: Program) -> None:
    await program.make_app()

    answer = await revoke(program, "unknown")

    assert (answer.status, answer.body) == (200, {})


async def test_nobody_gives_back_what_is_anothers(program: Program) -> None:
    await program.make_app()
    given = await program.log_in()
    await program.make_app()

    answer = await revoke(program, given["access_token"])

    assert (answer.status, answer.body["error"]) == (403, "unauthorized_client")
    assert await program.whoami(given["access_token"]) == 200


async def test_who_gives_back_must_say_who_they_are(program: Program) -> None:
    await program.make_app()
    token = (await program.log_in())["access_token"]

    wrong = await revoke(program, token, client_secret="wrong")
    nobody = await revoke(program, token, client_id=None)
    nothing = await revoke(program, "")

    assert (wrong.status, nobody.status, nothing.status) == (401, 400, 400)
    assert await program.whoami(token) == 200


async def test_t59_a_token_given_back_wakes_nobody_and_ends_its_streams(program: Program) -> None:
    await program.make_app()
    token = (await program.log_in())["access_token"]
    services = program.exhibition.services
    token_hash = hash_token(token)
    async with services.database.write() as tx:
        alice = await actors.find_by_uri(tx, services.site.actor_uri("alice"))
        assert alice is not None
        await push.put(tx, device(alice.id, token_hash))
        assert await is_live(tx, services.site, token_hash)

    await revoke(program, token)

    async with services.database.read() as reader:
        assert await push.find_of_token(reader, token_hash) is None
        assert not await is_live(reader, services.site, token_hash)


async def test_t59_a_token_of_no_consent_wakes_nobody_either_once_it_was_given_back(program: Program) -> None:
    """Those made before consents were remembered have no family."""
    services = program.exhibition.services
    async with services.database.write() as tx:
        alice = await actors.find_by_uri(tx, services.site.actor_uri("alice"))
        assert alice is not None
        token = AccessToken("hashed", alice.id, "read push", "old", 1)
        await tokens.add(tx, token)
        await push.put(tx, device(alice.id, "hashed"))

        await withdraw(tx, services.site, token)

        assert await push.find_of_token(tx, "hashed") is None


async def test_a_program_learns_about_its_own_token(program: Program) -> None:
    await program.register()
    given = await program.log_in()

    told = (await introspect(program, given["access_token"])).body
    refresh = (await introspect(program, given["refresh_token"])).body

    alice = program.exhibition.site.actor_uri("alice")
    assert told["active"] is True
    assert (told["scope"], told["client_id"], told["token_type"]) == ("read write", program.client_id, "Bearer")
    assert told["exp"] - told["iat"] == 86_400
    assert told["sub"] == told["me"] == told["activitypub_actor_id"] == alice
    assert (told["username"], told["iss"]) == ("alice", "https://pinxit.example")
    assert (refresh["active"], refresh["token_type"]) == (True, "refresh_token")


async def test_of_dead_and_unknown_tokens_only_that_is_told(program: Program) -> None:
    await program.register()
    given = await program.log_in()
    await program.refresh(given["refresh_token"])

    for token in ("unknown", given["refresh_token"]):
        assert (await introspect(program, token)).body == {"active": False}
    await revoke(program, given["access_token"])
    assert (await introspect(program, given["access_token"])).body == {"active": False}


async def test_nobody_learns_about_anothers_token(program: Program) -> None:
    await program.make_app()
    token = (await program.log_in())["access_token"]
    await program.make_app()

    assert (await introspect(program, token)).body == {"active": False}
    assert (await introspect(program, token, client_secret="wrong")).status == 401


async def test_a_bearer_token_may_ask_about_itself(program: Program) -> None:
    await program.register()
    given = await program.log_in()
    headers = {"Authorization": f"Bearer {given['access_token']}"}

    told = await program.call("POST", "/oauth/introspect", form={"token": given["access_token"]}, headers=headers)
    other = await program.call("POST", "/oauth/introspect", form={"token": given["refresh_token"]}, headers=headers)
    bad = await program.call("POST", "/oauth/introspect", form={"token": "x"}, headers={"Authorization": "Bearer x"})

    assert told.body["me"] == program.exhibition.site.actor_uri("alice")
    assert other.body == {"active": False}
    assert bad.status == 401


async def test_userinfo_says_whose_a_token_is(program: Program) -> None:
    await program.register()
    token = (await program.log_in(scope="profile"))["access_token"]

    told = await program.call("GET", "/oauth/userinfo", headers={"Authorization": f"Bearer {token}"})

    site = program.exhibition.site
    assert told.body == {
        "iss": site.origin,
        "sub": site.actor_uri("alice"),
        "name": "Alice A.",
        "preferred_username": "alice",
        "profile": site.profile_url("alice"),
        "me": site.actor_uri("alice"),
        "activitypub_actor_id": site.actor_uri("alice"),
    }


@pytest.mark.parametrize("scope", ["push", "write"])
async def test_s109_userinfo_needs_its_scope(program: Program, scope: str) -> None:
    await program.register()
    token = (await program.log_in(scope=scope))["access_token"]

    assert await program.whoami(token) == 403
