"""What the server says it can do, and who guards an address."""

import pytest

from tests.server.oauth.program import CALLBACK, Program

SERVER = "/.well-known/oauth-authorization-server"
RESOURCE = "/.well-known/oauth-protected-resource"


async def test_s101_the_issuer_is_the_origin_of_an_actors_id(program: Program) -> None:
    told = await program.call("GET", SERVER)

    assert told.status == 200
    assert told.headers["Content-Type"].startswith("application/json")
    assert told.headers["Access-Control-Allow-Origin"] == "*"
    assert program.exhibition.site.actor_uri("alice").startswith(f"{told.body['issuer']}/users/")


async def test_s102_every_address_in_it_answers(program: Program) -> None:
    told = (await program.call("GET", SERVER)).body
    named = {name: value for name, value in told.items() if name.endswith("_endpoint")}

    for name, address in named.items():
        path = address.removeprefix(told["issuer"])
        if name == "authorization_endpoint":
            # Nobody is logged in: the page is there, and asks who comes.
            assert (await program.call("GET", path)).status == 303
            continue
        answer = await program.call("POST", path, form={})
        assert answer.status in (400, 401, 422) and isinstance(answer.body, dict), name
    assert set(named) == {
        *("authorization_endpoint", "token_endpoint", "registration_endpoint", "revocation_endpoint"),
        *("introspection_endpoint", "userinfo_endpoint", "app_registration_endpoint"),
    }


async def test_s102_it_names_what_is_supported_and_nothing_else(program: Program) -> None:
    told = (await program.call("GET", SERVER)).body

    assert told["response_types_supported"] == ["code"]
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["grant_types_supported"] == ["authorization_code", "refresh_token", "client_credentials"]
    assert "none" in told["token_endpoint_auth_methods_supported"]
    assert told["authorization_response_iss_parameter_supported"] is True
    assert told["client_id_metadata_document_supported"] is True
    assert told["activitypub_object_id_as_client_id"] is True
    assert {"read", "write", "follow", "push", "profile", "write:media", "activitypub:write:create"} <= set(
        told["scopes_supported"]
    )


async def test_s102_every_scope_in_it_can_be_had(program: Program) -> None:
    scopes = (await program.call("GET", SERVER)).body["scopes_supported"]

    made = await program.register(scope=" ".join(scopes))

    assert set(made.body["scope"].split()) == set(scopes)
    assert (await program.open_consent(scope=" ".join(scopes))).status == 200


@pytest.mark.parametrize("target", ["", "/users/alice/inbox", "/users/alice/outbox?page=true", "/a%20b/c"])
async def test_s114_the_resource_is_the_address_that_was_asked_for(program: Program, target: str) -> None:
    told = await program.call("GET", f"{RESOURCE}{target}")

    origin = program.exhibition.site.origin
    assert told.body["resource"] == f"{origin}{target}"
    assert told.body["authorization_servers"] == [origin]
    assert told.headers["Access-Control-Allow-Origin"] == "*"


async def test_s114_a_refused_token_is_told_where_that_lies(program: Program) -> None:
    answer = await program.call("GET", "/oauth/userinfo", headers={"Authorization": "Bearer wrong"})

    assert answer.status == 401
    origin = program.exhibition.site.origin
    assert answer.headers["WWW-Authenticate"] == (
        f'Bearer realm="pinxit.example", error="invalid_token", resource_metadata="{origin}{RESOURCE}/oauth/userinfo"'
    )
    assert "WWW-Authenticate" in answer.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize(
    "path",
    [
        *("/oauth/token", "/oauth/revoke", "/oauth/introspect", "/oauth/userinfo", "/oauth/register", "/api/v1/apps"),
        *("/api/v1/apps/verify_credentials", SERVER, RESOURCE, f"{RESOURCE}/users/alice"),
    ],
)
async def test_s125_every_endpoint_answers_a_preflight_for_every_origin(program: Program, path: str) -> None:
    preflight = {"Origin": "https://app.example", "Access-Control-Request-Method": "POST"}

    told = await program.call("OPTIONS", path, headers=preflight)
    other = await program.call("DELETE", path)

    assert told.status == 204
    assert told.headers["Access-Control-Allow-Origin"] == "*"
    assert "Authorization" in told.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in told.headers
    assert (other.status, other.headers["Access-Control-Allow-Origin"]) == (405, "*")
    assert other.headers["Allow"]


async def test_s125_a_refusal_can_be_read_by_every_origin_too(program: Program) -> None:
    for body in ({"form": {}}, {"json": {"redirect_uris": [CALLBACK]}}):
        answer = await program.call("POST", "/oauth/token", **body)  # type: ignore[arg-type]
        assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (400, "*")
