"""Clients that are their own document: metadata documents, and ActivityPub actors."""

import pytest

from server.oauth.documents import read_document
from server.oauth.errors import Unusable
from server.remote.seam import Document
from tests.server.oauth.program import CALLBACK, Program
from tests.server.web.exhibition import QuietPeers

DOCUMENT = "https://app.example/client.json"
ACTOR = "https://app.example/actor"


def metadata(**changes: object) -> dict[str, object]:
    usual: dict[str, object] = {
        "client_id": DOCUMENT,
        "client_name": "Documented",
        "client_uri": "https://app.example/",
        "redirect_uris": [CALLBACK],
        "token_endpoint_auth_method": "none",
        "grant_types": ["authorization_code", "refresh_token"],
    }
    return {name: value for name, value in (usual | changes).items() if value is not None}


def actor(**changes: object) -> dict[str, object]:
    return {
        "@context": ["https://www.w3.org/ns/activitystreams", "https://purl.archive.org/socialweb/oauth"],
        "id": ACTOR,
        "type": "Application",
        "name": "Acting",
        "redirectURI": CALLBACK,
    } | changes


async def test_s103_a_metadata_document_is_a_client(program: Program, outside: QuietPeers) -> None:
    outside.json[DOCUMENT] = metadata()
    program.introduce(DOCUMENT)

    page = await program.open_consent()
    given = await program.log_in()

    assert "Documented" in page.text and DOCUMENT in page.text
    assert given["refresh_token"]
    assert (await program.refresh(given["refresh_token"])).status == 200


@pytest.mark.parametrize(
    "change",
    [
        {"client_id": "https://app.example/other.json"},
        {"client_id": "https://APP.example/client.json"},
        {"client_id": 1},
        {"redirect_uris": None},
        {"redirect_uris": []},
        {"redirect_uris": ["javascript:alert(1)"]},
        {"token_endpoint_auth_method": "client_secret_post"},
        {"token_endpoint_auth_method": "private_key_jwt"},
        {"client_secret": "shared with the world"},
    ],
)
async def test_s103_a_document_of_another_client_or_without_use_is_refused(
    program: Program, outside: QuietPeers, change: dict[str, object]
) -> None:
    outside.json[DOCUMENT] = metadata(**change)
    program.introduce(DOCUMENT)

    page = await program.open_consent()

    assert (page.status, page.location) == (400, "")


@pytest.mark.parametrize(("name", "shown"), [(DOCUMENT, metadata()), (ACTOR, actor())])
def test_t58_a_document_that_another_address_gave_is_not_the_clients(name: str, shown: dict[str, object]) -> None:
    assert read_document(name, Document(name, shown), allow_http=False)
    with pytest.raises(Unusable):
        read_document(name, Document("https://evil.example/client.json", shown), allow_http=False)


async def test_s103_only_the_redirects_of_the_document_are_taken(program: Program, outside: QuietPeers) -> None:
    outside.json[DOCUMENT] = metadata()
    program.introduce(DOCUMENT)

    assert (await program.open_consent(redirect_uri="https://evil.example/")).status == 400


@pytest.mark.parametrize(
    "client_id",
    [
        "https://app.example",
        "https://app.example/../client.json",
        "https://user@app.example/client.json",
        "https://app.example/client.json#x",
        "https://app.example:x/client.json",
        "ftp://app.example/client.json",
        "https:///client.json",
        "https://app.example/a b",
    ],
)
async def test_s103_what_is_no_address_of_a_document_is_not_fetched(
    program: Program, outside: QuietPeers, client_id: str
) -> None:
    program.introduce(client_id)

    assert (await program.open_consent()).status == 400
    assert outside.asked == []


async def test_s103_a_document_is_read_again_after_an_hour(program: Program, outside: QuietPeers) -> None:
    outside.json[DOCUMENT] = metadata()
    program.introduce(DOCUMENT)
    await program.open_consent()
    await program.open_consent()
    assert outside.asked == [DOCUMENT]

    outside.json[DOCUMENT] = metadata(client_name="Renamed")
    program.exhibition.site.clock.advance(3600)  # type: ignore[attr-defined]

    assert "Renamed" in (await program.open_consent()).text
    assert outside.asked == [DOCUMENT, DOCUMENT]


async def test_s103_a_document_that_went_away_is_no_client_any_more(program: Program, outside: QuietPeers) -> None:
    outside.json[DOCUMENT] = metadata()
    program.introduce(DOCUMENT)
    await program.open_consent()

    del outside.json[DOCUMENT]
    program.exhibition.site.clock.advance(3600)  # type: ignore[attr-defined]

    assert (await program.open_consent()).status == 400


async def test_s103_nobody_but_our_people_can_have_us_fetch(program: Program, outside: QuietPeers) -> None:
    """A stranger's request goes to the log-in page; at the token endpoint no document is ever fetched."""
    outside.json[DOCUMENT] = metadata()
    program.introduce(DOCUMENT)
    program.visitor.client.cookie_jar.clear()

    assert (await program.open_consent()).status == 303
    assert (await program.redeem("x")).body["error"] == "invalid_client"
    assert outside.asked == []


async def test_s126_nobody_has_us_knock_at_many_doors(program: Program, outside: QuietPeers) -> None:
    for number in range(20):
        program.introduce(f"https://host{number}.example/client.json")
        assert (await program.open_consent()).status == 400
    outside.json[DOCUMENT] = metadata()
    program.introduce(DOCUMENT)

    assert (await program.open_consent()).status == 429
    assert len(outside.asked) == 20


async def test_s104_an_actor_is_a_client(program: Program, outside: QuietPeers) -> None:
    outside.json[ACTOR] = actor()
    program.introduce(ACTOR)

    page = await program.open_consent()

    assert "Acting" in page.text
    assert (await program.log_in())["scope"] == "read write"


async def test_s104_an_actor_may_name_several_redirects(program: Program, outside: QuietPeers) -> None:
    outside.json[ACTOR] = actor(redirectURI=["https://app.example/other", CALLBACK])
    program.introduce(ACTOR)

    assert (await program.open_consent()).status == 200


@pytest.mark.parametrize(
    "change",
    [
        {"id": "https://app.example/another"},
        {"redirectURI": "https://app.example/other"},
        {"redirectURI": "javascript:alert(1)"},
        {"redirectURI": None},
        {"redirectURI": {"id": CALLBACK}},
    ],
)
async def test_s104_a_mismatched_actor_is_refused(
    program: Program, outside: QuietPeers, change: dict[str, object]
) -> None:
    outside.json[ACTOR] = actor(**change)
    program.introduce(ACTOR)

    page = await program.open_consent()

    assert (page.status, page.location) == (400, "")


async def test_s104_an_actor_needs_pkce_and_its_secret_is_ignored(program: Program, outside: QuietPeers) -> None:
    outside.json[ACTOR] = actor()
    program.introduce(ACTOR)
    code = (await program.consent())["code"]

    assert (await program.redeem(code, code_verifier=None)).status == 400
    assert (await program.redeem(code, client_secret="x")).status == 200
