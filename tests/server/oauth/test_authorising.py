"""The consent page and what comes back from it: who may ask, for what, and where the answer goes."""

import re
from urllib.parse import quote, urlencode, urlsplit

import pytest

from tests.server.oauth.program import CALLBACK, CHALLENGE, Program, read_redirect
from tests.server.web.exhibition import Visitor, read_forms


@pytest.fixture(autouse=True)
async def registered(program: Program) -> None:
    await program.register()


async def test_s96_a_stranger_logs_in_first_and_comes_back(program: Program) -> None:
    program.visitor = Visitor(program.exhibition)
    program.sent["state"] = "s" * 3000

    sent_off = await program.open_consent()
    await program.visitor.get(sent_off.location)
    back = await program.visitor.submit("/login", name="alice", password="correct horse battery")

    assert sent_off.location.startswith("/login?next=")
    assert (await program.visitor.get(back.location)).status == 200
    assert "Brushes" in program.visitor.page.text
    assert read_redirect(await program.visitor.submit("/oauth/authorize", decision="allow"))["state"] == "s" * 3000


async def test_s96_the_page_names_program_place_scopes_and_person(program: Program) -> None:
    page = await program.open_consent(scope="read write:media")

    assert page.status == 200
    for words in ("Brushes", "app.example", "Alice A.", "@alice@pinxit.example", "See everything", "your pictures"):
        assert words in page.text


async def test_s96_an_address_with_a_slash_at_its_end_will_do(program: Program) -> None:
    """toot asks there."""
    assert (await program.open_consent("/oauth/authorize/")).status == 200


async def test_s96_a_code_can_be_shown_instead_of_sent(program: Program) -> None:
    await program.make_app(redirect_uris="urn:ietf:wg:oauth:2.0:oob")
    out_of_band = {"redirect_uri": "urn:ietf:wg:oauth:2.0:oob", "code_challenge": None, "code_challenge_method": None}
    await program.open_consent(**out_of_band)

    page = await program.visitor.submit("/oauth/authorize", decision="allow")

    assert page.status == 200
    code = re.search(r'<code class="ticket" data-copy="([^"]+)">', page.text)
    assert code is not None
    given = await program.redeem(code[1], redirect_uri="urn:ietf:wg:oauth:2.0:oob", code_verifier=None)
    assert given.status == 200
    assert code[1] not in page.headers.get("Location", "")


async def test_s96_who_says_no_out_of_band_is_told_so(program: Program) -> None:
    await program.make_app(redirect_uris="urn:ietf:wg:oauth:2.0:oob")
    await program.open_consent(redirect_uri="urn:ietf:wg:oauth:2.0:oob")

    page = await program.visitor.submit("/oauth/authorize", decision="deny")

    assert page.status == 200
    assert "Not let in" in page.text


@pytest.mark.parametrize(
    "change",
    [
        {"code_challenge": None, "code_challenge_method": None},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": None},
        {"code_challenge": "short"},
        {"code_challenge": CHALLENGE + "="},
        {"code_challenge": None},
    ],
)
async def test_s100_pkce_is_required_of_public_clients_and_plain_refused(
    program: Program, change: dict[str, str | None]
) -> None:
    page = await program.open_consent(**change)

    assert read_redirect(page)["error"] == "invalid_request"


@pytest.mark.parametrize(
    "redirect_uri",
    [
        None,
        "https://app.example/other",
        "https://app.example/callback/more",
        "https://app.example/callback?x=1",
        "https://app.example/callback#x",
        "https://APP.example/callback",
        "https://app.example:444/callback",
        "http://app.example/callback",
        "https://evil.example/https://app.example/callback",
        "javascript:alert(1)",
        "urn:ietf:wg:oauth:2.0:oob",
    ],
)
async def test_s106_a_redirect_uri_that_was_not_registered_shows_a_page(
    program: Program, redirect_uri: str | None
) -> None:
    page = await program.open_consent(redirect_uri=redirect_uri)

    assert page.status == 400
    assert page.location == ""
    assert "did not register" in page.text


async def test_s106_an_unknown_client_shows_a_page(program: Program) -> None:
    for client_id in ("unknown", None, "x" * 5000, "https://"):
        page = await program.open_consent(client_id=client_id)
        assert (page.status, page.location) == (400, "")


async def test_s106_what_is_said_twice_shows_a_page(program: Program) -> None:
    query = urlencode([*program.sent.items(), ("redirect_uri", "https://evil.example/")])

    page = await program.visitor.get(f"/oauth/authorize?{query}")

    assert (page.status, page.location) == (400, "")


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost"])
async def test_s107_a_loopback_redirect_may_have_any_port(program: Program, host: str) -> None:
    await program.register(redirect_uris=[f"http://{host}/callback"])

    back = await program.consent(redirect_uri=f"http://{host}:63546/callback")

    assert "code" in back
    assert (await program.redeem(back["code"], redirect_uri=f"http://{host}:63546/callback")).status == 200
    assert (await program.open_consent(redirect_uri=f"http://{host}:63546/other")).status == 400


async def test_s107_a_program_may_have_a_scheme_of_its_own(program: Program) -> None:
    await program.register(redirect_uris=["tusk://oauth", "com.example.app:/back?a=1"])

    await program.open_consent(redirect_uri="tusk://oauth")
    left = await program.visitor.submit("/oauth/authorize", decision="allow")
    assert left.location.startswith("tusk://oauth?code=")

    await program.open_consent(redirect_uri="com.example.app:/back?a=1")
    left = await program.visitor.submit("/oauth/authorize", decision="allow")
    assert left.location.startswith("com.example.app:/back?a=1&code=")


async def test_s108_state_and_issuer_come_back(program: Program) -> None:
    back = await program.consent(state="ä b&c=d")

    assert set(back) == {"code", "state", "iss"}
    assert (back["state"], back["iss"]) == ("ä b&c=d", "https://pinxit.example")


async def test_s108_without_a_state_none_comes_back(program: Program) -> None:
    assert set(await program.consent(state=None)) == {"code", "iss"}


async def test_s108_a_no_is_an_error_with_state_and_issuer(program: Program) -> None:
    back = await program.consent("deny")

    assert back["error"] == "access_denied"
    assert (back["state"], back["iss"]) == ("a state & more", "https://pinxit.example")
    assert "code" not in back


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"scope": "everything"}, "invalid_scope"),
        ({"request": "eyJ"}, "request_not_supported"),
        ({"request_uri": "https://app.example/r"}, "request_uri_not_supported"),
    ],
)
async def test_s108_what_cannot_be_had_is_told_to_the_program(
    program: Program, change: dict[str, str | None], code: str
) -> None:
    back = read_redirect(await program.open_consent(**change))

    assert (back["error"], back["state"], back["iss"]) == (code, "a state & more", "https://pinxit.example")


async def test_s109_nobody_gets_more_than_the_program_registered(program: Program) -> None:
    await program.make_app(scopes="read write:media")

    back = read_redirect(await program.open_consent(scope="read write"))
    given = await program.log_in(scope="read:statuses write:media")

    assert back["error"] == "invalid_scope"
    assert given["scope"] == "read:statuses write:media"


async def test_s109_without_a_scope_it_is_what_was_registered_or_to_read(program: Program) -> None:
    assert (await program.log_in(scope=None))["scope"] == "read"
    await program.make_app(scopes="write:media profile")
    assert (await program.log_in(scope=None))["scope"] == "profile write:media"


async def test_s115_a_form_without_the_sessions_token_is_refused(program: Program) -> None:
    await program.open_consent()
    fields = read_forms(program.visitor.page.text)["/oauth/authorize"] | {"decision": "allow"}

    for token in ("", "wrong"):
        refused = await program.visitor.post("/oauth/authorize", {**fields, "token": token})
        assert (refused.status, refused.location) == (403, "")
    elsewhere = await program.visitor.post("/oauth/authorize", fields, {"Sec-Fetch-Site": "cross-site"})
    assert (elsewhere.status, elsewhere.location) == (403, "")


async def test_s115_the_page_is_framed_nowhere_and_kept_by_nobody(program: Program) -> None:
    page = await program.open_consent()

    policy = page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy and "script-src 'self'" in policy
    # A browser would hold the answer's redirect to it.
    assert "form-action" not in policy
    assert page.headers["X-Frame-Options"] == "DENY"
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "Access-Control-Allow-Origin" not in page.headers


async def test_s115_the_form_is_judged_as_strictly_as_the_address(program: Program) -> None:
    await program.open_consent()

    moved = await program.visitor.submit("/oauth/authorize", redirect_uri="https://evil.example/", decision="allow")
    await program.open_consent()
    plain = await program.visitor.submit("/oauth/authorize", code_challenge_method="plain", decision="allow")

    assert (moved.status, moved.location) == (400, "")
    assert read_redirect(plain)["error"] == "invalid_request"


async def test_what_a_program_says_of_itself_is_text_on_the_page(program: Program) -> None:
    await program.register(client_name="<script>alert(1)</script>", client_uri="javascript:alert(1)")

    page = await program.open_consent(state='"><img src=x onerror=alert(1)>')

    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text
    assert "javascript:" not in page.text


async def test_somebody_else_may_log_in_instead(program: Program) -> None:
    await program.exhibition.person("bob")
    await program.open_consent()

    out = await program.visitor.submit("/logout")
    await program.visitor.get(out.location)
    back = await program.visitor.submit("/login", name="bob", password="correct horse battery")
    page = await program.visitor.get(back.location)

    assert "@bob@pinxit.example" in page.text
    given = await program.redeem(
        read_redirect(await program.visitor.submit("/oauth/authorize", decision="allow"))["code"]
    )
    assert given.body["me"].endswith("/users/bob")


async def test_parameters_of_mastodons_apps_are_tolerated(program: Program) -> None:
    assert (await program.open_consent(force_login="true", lang="de")).status == 200


def test_the_callback_of_these_tests_is_one_address() -> None:
    assert urlsplit(CALLBACK).path == "/callback" and quote(CALLBACK, safe="") in urlencode({"u": CALLBACK})
