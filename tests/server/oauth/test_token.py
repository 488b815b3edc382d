"""The token endpoint: codes, refresh tokens and a client's own word."""

import base64

import pytest

from server.actions.people.login import log_in
from server.passwords import hash_token
from server.store.clients import oauth, tokens
from server.store.people import accounts, actors
from tests.server.oauth.program import CALLBACK, VERIFIER, Program

OTHER_VERIFIER = "another-verifier-of-forty-three-letters-or-more-012"


async def test_s96_a_person_lets_a_program_in_and_it_gets_a_token(program: Program) -> None:
    await program.register()

    back = await program.consent()
    given = await program.redeem(back["code"])

    assert given.status == 200
    assert given.body["token_type"] == "Bearer"
    assert given.body["expires_in"] == 86_400
    assert await program.whoami(given.body["access_token"]) == 200
    assert given.headers["Cache-Control"] == "no-store"
    assert given.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in given.headers


async def test_s96_a_mastodon_app_gets_one_without_pkce_that_lasts(program: Program) -> None:
    await program.make_app()

    back = await program.consent(code_challenge=None, code_challenge_method=None)
    given = await program.redeem(back["code"], code_verifier=None)

    assert given.status == 200
    assert set(given.body) == {"access_token", "token_type", "scope", "created_at", "activitypub_actor_id", "me"}


async def test_s97_a_refresh_token_buys_the_next_tokens_once(program: Program) -> None:
    await program.register()
    first = await program.log_in()

    second = (await program.refresh(first["refresh_token"])).body

    assert second["refresh_token"] != first["refresh_token"]
    assert second["scope"] == "read write"
    assert await program.whoami(second["access_token"]) == 200


async def test_s97_an_old_refresh_token_is_dead_and_kills_its_family(program: Program) -> None:
    await program.register()
    first = await program.log_in()
    second = (await program.refresh(first["refresh_token"])).body

    again = await program.refresh(first["refresh_token"])

    assert (again.status, again.body["error"]) == (400, "invalid_grant")
    assert (await program.refresh(second["refresh_token"])).body["error"] == "invalid_grant"
    assert await program.whoami(first["access_token"]) == await program.whoami(second["access_token"]) == 401


async def test_s97_a_refresh_token_of_another_client_is_refused_and_lives_on(program: Program) -> None:
    await program.register()
    given = await program.log_in()
    first = program.client_id
    await program.register()

    assert (await program.refresh(given["refresh_token"])).body["error"] == "invalid_grant"
    assert (await program.refresh(given["refresh_token"], client_id=first)).status == 200


async def test_s97_a_refresh_token_runs_out(program: Program) -> None:
    await program.register()
    given = await program.log_in()

    program.exhibition.site.clock.advance(60 * 86_400)  # type: ignore[attr-defined]

    assert (await program.refresh(given["refresh_token"])).body["error"] == "invalid_grant"
    assert await program.whoami(given["access_token"]) == 401


async def test_s98_t57_a_code_works_once_and_its_replay_kills_its_tokens(program: Program) -> None:
    await program.register()
    code = (await program.consent())["code"]
    given = (await program.redeem(code)).body

    again = await program.redeem(code)

    assert (again.status, again.body["error"]) == (400, "invalid_grant")
    assert await program.whoami(given["access_token"]) == 401
    assert (await program.refresh(given["refresh_token"])).body["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "change",
    [
        {"redirect_uri": "https://app.example/other"},
        {"redirect_uri": CALLBACK + "/"},
        {"code_verifier": OTHER_VERIFIER},
        {"code_verifier": None},
        {"code_verifier": "short"},
    ],
)
async def test_s99_t57_a_code_fails_with_another_redirect_uri_or_verifier(program: Program, change: dict) -> None:
    await program.register()
    code = (await program.consent())["code"]

    refused = await program.redeem(code, **change)

    assert (refused.status, refused.body["error"]) == (400, "invalid_grant")
    # It was not used up by that.
    assert (await program.redeem(code)).status == 200


async def test_s99_t57_a_code_fails_with_another_client(program: Program) -> None:
    await program.register()
    first = program.client_id
    code = (await program.consent())["code"]
    await program.register()

    assert (await program.redeem(code)).body["error"] == "invalid_grant"
    assert (await program.redeem(code, client_id=first)).status == 200


async def test_s99_a_code_fails_after_ten_minutes(program: Program) -> None:
    await program.register()
    code = (await program.consent())["code"]

    program.exhibition.site.clock.advance(600)  # type: ignore[attr-defined]

    assert (await program.redeem(code)).body["error"] == "invalid_grant"


async def test_s100_a_verifier_without_a_challenge_is_refused(program: Program) -> None:
    """Somebody took the challenge out of the first request."""
    await program.make_app()
    code = (await program.consent(code_challenge=None, code_challenge_method=None))["code"]

    assert (await program.redeem(code, code_verifier=VERIFIER)).body["error"] == "invalid_grant"


async def test_s109_the_scope_is_exactly_what_was_granted(program: Program) -> None:
    await program.register()

    given = await program.log_in(scope="activitypub:read:me:inbox write:media everything")

    assert given["scope"] == "activitypub:read:me:inbox write:media"


async def test_s109_a_refresh_may_ask_for_less_but_not_for_more(program: Program) -> None:
    await program.register()
    given = await program.log_in(scope="read write:media")

    more = await program.refresh(given["refresh_token"], scope="read write")
    less = await program.refresh(given["refresh_token"], scope="read:statuses")
    again = await program.refresh(less.body["refresh_token"])

    assert more.body["error"] == "invalid_scope"
    assert less.body["scope"] == "read:statuses"
    assert again.body["scope"] == "read write:media"


async def test_s111_the_actors_id_reaches_the_client(program: Program) -> None:
    await program.register()

    given = await program.log_in()

    alice = program.exhibition.site.actor_uri("alice")
    assert given["activitypub_actor_id"] == given["me"] == alice


async def test_s112_an_access_token_is_opaque(program: Program) -> None:
    await program.register()

    assert "." not in (await program.log_in())["access_token"]


async def test_s113_the_secret_of_a_public_client_is_ignored(program: Program) -> None:
    await program.register()
    code = (await program.consent())["code"]

    assert (await program.redeem(code, client_secret="whatever")).status == 200


async def test_tokens_and_codes_are_kept_as_hashes(program: Program) -> None:
    await program.register()
    code = (await program.consent())["code"]
    given = (await program.redeem(code)).body

    async with program.exhibition.services.database.read() as reader:
        now = program.exhibition.site.clock.now()
        assert await oauth.find_code(reader, code) is None
        assert await tokens.find_live(reader, given["access_token"], now=now) is None
        assert await tokens.find_refresh(reader, given["refresh_token"]) is None
        assert await tokens.find_live(reader, hash_token(given["access_token"]), now=now) is not None


@pytest.mark.parametrize("secret", [None, "wrong"])
async def test_a_client_with_a_secret_must_prove_it(program: Program, secret: str | None) -> None:
    await program.make_app()
    code = (await program.consent())["code"]

    refused = await program.redeem(code, client_secret=secret)

    assert (refused.status, refused.body["error"]) == (401, "invalid_client")
    assert "WWW-Authenticate" not in refused.headers


async def test_a_client_may_prove_itself_by_http_basic(program: Program) -> None:
    await program.make_app()
    code = (await program.consent())["code"]
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
    }

    wrong = await program.call("POST", "/oauth/token", form=fields, headers=_basic(program.client_id, "wrong"))
    right = await program.call(
        "POST", "/oauth/token", form=fields, headers=_basic(program.client_id, program.secret or "")
    )

    assert (wrong.status, wrong.body["error"]) == (401, "invalid_client")
    assert wrong.headers["WWW-Authenticate"].startswith("Basic ")
    assert right.status == 200


async def test_a_token_may_be_asked_for_in_json(program: Program) -> None:
    """Elk does."""
    await program.make_app()
    code = (await program.consent(code_challenge=None, code_challenge_method=None))["code"]
    fields = {
        "client_id": program.client_id,
        "client_secret": program.secret,
        "redirect_uri": CALLBACK,
        "grant_type": "authorization_code",
        "code": code,
        "scope": "read write follow push",
    }

    assert (await program.call("POST", "/oauth/token", json=fields)).status == 200


async def test_an_app_may_speak_for_itself(program: Program) -> None:
    await program.make_app()

    given = await program.ask_token(grant_type="client_credentials", scope="read")

    assert given.status == 200
    assert given.body["scope"] == "read"
    assert "me" not in given.body
    headers = {"Authorization": f"Bearer {given.body['access_token']}"}
    shown = await program.call("GET", "/api/v1/apps/verify_credentials", headers=headers)
    assert shown.body["name"] == "Tusk"


async def test_an_app_gets_no_more_than_it_registered(program: Program) -> None:
    await program.make_app(scopes="read")

    given = await program.ask_token(grant_type="client_credentials", scope="write")

    assert given.body["error"] == "invalid_scope"


async def test_a_public_client_cannot_speak_for_itself(program: Program) -> None:
    await program.register()

    given = await program.ask_token(grant_type="client_credentials")

    assert given.body["error"] == "unauthorized_client"


@pytest.mark.parametrize("kind", ["password", "implicit", "urn:ietf:params:oauth:grant-type:device_code"])
async def test_other_grants_are_not_known(program: Program, kind: str) -> None:
    await program.make_app()

    refused = await program.ask_token(grant_type=kind, username="alice", password="x")

    assert (refused.status, refused.body["error"]) == (400, "unsupported_grant_type")


async def test_what_is_sent_twice_or_not_at_all_is_refused(program: Program) -> None:
    await program.make_app()

    missing = await program.ask_token(grant_type="authorization_code")
    twice = await program.call("POST", "/oauth/token", json={"grant_type": ["password", "authorization_code"]})
    broken = await program.call(
        "POST", "/oauth/token", headers={"Content-Type": "application/json"}, form=None, json="x"
    )

    assert missing.body["error"] == twice.body["error"] == broken.body["error"] == "invalid_request"


async def test_a_suspended_account_gets_no_more_tokens(program: Program) -> None:
    await program.register()
    given = await program.log_in()
    code = (await program.consent())["code"]
    async with program.exhibition.services.database.write() as tx:
        alice = await actors.find_by_uri(tx, program.exhibition.site.actor_uri("alice"))
        assert alice is not None
        await actors.mark_gone(tx, alice.uri, at=1)

    assert (await program.redeem(code)).body["error"] == "invalid_grant"
    assert (await program.refresh(given["refresh_token"])).body["error"] == "invalid_grant"
    assert await program.whoami(given["access_token"]) == 401


async def test_s126_guessing_is_slowed_down(program: Program) -> None:
    await program.make_app()
    for _ in range(30):
        await program.redeem("guess")

    refused = await program.redeem("guess")
    elsewhere = await program.redeem("guess", address="198.51.100.1")

    assert refused.status == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert elsewhere.status == 400


async def test_a_browser_session_is_no_bearer_token(program: Program) -> None:
    async with program.exhibition.services.database.write() as tx:
        account = await accounts.find_by_username(tx, "alice")
        assert account is not None
        session = await log_in(tx, program.exhibition.site, account)

    assert await program.whoami(session) == 401


def _basic(client_id: str, secret: str) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(f'{client_id}:{secret}'.encode()).decode()}"}
