"""Clients that register: RFC 7591, and Mastodon's apps."""

import pytest

from server.remote.vapid import public_key
from server.store.clients import oauth
from tests.server.oauth.program import CALLBACK, Program


async def test_s105_a_public_client_registers(program: Program) -> None:
    made = await program.register(scope="read write nonsense", client_uri="https://app.example/")

    assert made.status == 201
    assert made.body["client_id"]
    assert made.body["client_id_issued_at"] > 0
    assert "client_secret" not in made.body and "client_secret_expires_at" not in made.body
    assert made.body["redirect_uris"] == [CALLBACK]
    assert made.body["grant_types"] == ["authorization_code", "refresh_token"]
    assert made.body["response_types"] == ["code"]
    assert made.body["scope"] == "read write"
    assert made.headers["Cache-Control"] == "no-store"


async def test_s105_a_confidential_client_gets_a_secret_of_which_a_hash_is_kept(program: Program) -> None:
    made = await program.register(token_endpoint_auth_method="client_secret_post")

    assert made.body["client_secret_expires_at"] == 0
    async with program.exhibition.services.database.read() as reader:
        kept = await oauth.find_client(reader, made.body["client_id"])
    assert kept is not None and not kept.is_public
    assert kept.secret_hash != made.body["client_secret"]
    assert (await program.log_in())["refresh_token"]


async def test_s105_what_is_left_out_means_what_the_rfc_says(program: Program) -> None:
    made = await program.call("POST", "/oauth/register", json={"redirect_uris": [CALLBACK]})

    assert made.status == 201
    assert made.body["token_endpoint_auth_method"] == "client_secret_basic"
    assert made.body["grant_types"] == ["authorization_code"]


async def test_s105_a_client_that_cannot_renew_gets_a_token_that_lasts(program: Program) -> None:
    await program.register(grant_types=["authorization_code"])

    given = await program.log_in()

    assert "expires_in" not in given and "refresh_token" not in given


async def test_s105_a_form_will_do(program: Program) -> None:
    fields = {"client_name": "Old", "redirect_uris": f"{CALLBACK}\r\nurn:ietf:wg:oauth:2.0:oob", "scope": "read"}

    made = await program.call("POST", "/oauth/register", form=fields)

    assert made.status == 201
    assert made.body["redirect_uris"] == [CALLBACK, "urn:ietf:wg:oauth:2.0:oob"]


@pytest.mark.parametrize(
    "redirects",
    [None, [], "", ["javascript:alert(1)"], [CALLBACK, "data:,x"], ["https://a.example/#x"], ["relative"], [1]],
)
async def test_s105_a_bad_redirect_is_refused_by_its_name(program: Program, redirects: object) -> None:
    refused = await program.register(redirect_uris=redirects)

    assert (refused.status, refused.body["error"]) == (400, "invalid_redirect_uri")
    assert refused.body["error_description"]


@pytest.mark.parametrize(
    "change",
    [
        {"token_endpoint_auth_method": "private_key_jwt"},
        {"grant_types": ["password"]},
        {"response_types": ["token"]},
    ],
)
async def test_s105_what_is_not_known_here_is_refused(program: Program, change: dict[str, object]) -> None:
    refused = await program.register(**change)

    assert (refused.status, refused.body["error"]) == (400, "invalid_client_metadata")


async def test_an_app_is_made_as_on_mastodon(program: Program) -> None:
    made = await program.make_app(website="https://tusk.example")

    assert made.status == 200
    assert made.body.pop("id").isdigit()
    assert made.body.pop("client_id") and made.body.pop("client_secret")
    assert made.body == {
        "name": "Tusk",
        "website": "https://tusk.example",
        "scopes": ["read", "write", "follow", "push"],
        "redirect_uri": CALLBACK,
        "redirect_uris": [CALLBACK],
        "client_secret_expires_at": 0,
        "vapid_key": public_key(program.exhibition.services.secret),
    }


@pytest.mark.parametrize(
    "redirects", [f"{CALLBACK}\nurn:ietf:wg:oauth:2.0:oob", [CALLBACK, "urn:ietf:wg:oauth:2.0:oob"]]
)
async def test_an_app_may_name_several_redirects(program: Program, redirects: object) -> None:
    made = await program.make_app(redirect_uris=redirects)

    assert made.body["redirect_uris"] == [CALLBACK, "urn:ietf:wg:oauth:2.0:oob"]
    assert made.body["redirect_uri"] == f"{CALLBACK}\nurn:ietf:wg:oauth:2.0:oob"


async def test_an_app_may_come_as_a_form_or_in_the_address(program: Program) -> None:
    fields = {"client_name": "Tusk", "redirect_uris": CALLBACK}

    form = await program.call("POST", "/api/v1/apps", form=fields)
    address = await program.call("POST", f"/api/v1/apps?client_name=Tusk&redirect_uris={CALLBACK}")

    assert form.body["scopes"] == address.body["scopes"] == ["read"]
    assert form.body["website"] is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"client_name": " "}, "name can't be blank"),
        ({"client_name": None}, "name can't be blank"),
        ({"redirect_uris": None}, "Redirect URI can't be blank"),
        ({"redirect_uris": "javascript:alert(1)"}, "must be an absolute URI"),
        ({"scopes": "everything"}, "Scopes doesn't match"),
    ],
)
async def test_an_app_is_refused_in_mastodons_words(program: Program, change: dict[str, object], words: str) -> None:
    refused = await program.make_app(**change)

    assert refused.status == 422
    assert words in refused.body["error"]


async def test_an_app_can_ask_who_it_is(program: Program) -> None:
    await program.make_app()
    token = (await program.log_in())["access_token"]

    shown = await program.call("GET", "/api/v1/apps/verify_credentials", headers={"Authorization": f"Bearer {token}"})
    nobody = await program.call("GET", "/api/v1/apps/verify_credentials")

    assert (shown.status, shown.body["name"]) == (200, "Tusk")
    assert "client_secret" not in shown.body
    assert (nobody.status, nobody.body["error"]) == (401, "The access token is invalid")
    assert nobody.headers["WWW-Authenticate"].startswith("Bearer ")


async def test_s126_registrations_from_one_address_are_limited(program: Program) -> None:
    for _ in range(10):
        assert (await program.register()).status == 201
        assert (await program.make_app()).status == 200

    refused = await program.register()

    assert refused.status == 429
    assert int(refused.headers["Retry-After"]) > 0
