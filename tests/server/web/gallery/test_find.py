import pytest

from tests.server.web.exhibition import Exhibition, QuietPeers, Visitor

AS2 = "https://www.w3.org/ns/activitystreams"
CAROL = "https://away.example/users/carol"


@pytest.fixture(autouse=True)
async def alice(exhibition: Exhibition, visitor: Visitor) -> None:
    await exhibition.person("alice")
    await visitor.enter("alice")


@pytest.mark.parametrize(
    "wanted", ["@carol@away.example", "carol@away.example", "acct:carol@away.example", CAROL, "@CAROL@away.example"]
)
async def test_somebody_we_know_is_found_without_asking(
    exhibition: Exhibition, visitor: Visitor, outside: QuietPeers, wanted: str
) -> None:
    await exhibition.stranger("carol")
    answer = await visitor.get(f"/authorize_interaction?uri={wanted}")
    assert (answer.location, outside.asked) == ("/@carol@away.example", [])


@pytest.mark.parametrize("wanted", ["alice", "@alice", "alice@pinxit.example", "https://pinxit.example/@alice"])
async def test_our_own_people_are_found(visitor: Visitor, wanted: str) -> None:
    assert (await visitor.get(f"/authorize_interaction?uri={wanted}")).location == "/@alice"


async def test_a_post_we_know_is_found_by_its_id(exhibition: Exhibition, visitor: Visitor) -> None:
    carol = await exhibition.stranger("carol")
    post = await exhibition.receive(carol, "<p>sea</p>")
    answer = await visitor.get(f"/authorize_interaction?uri={post.uri}")
    assert answer.location == f"/@carol@away.example/{post.id}"


async def test_a_post_we_do_not_know_is_fetched_and_kept(
    exhibition: Exhibition, visitor: Visitor, outside: QuietPeers
) -> None:
    await exhibition.stranger("carol")
    uri = f"{CAROL}/posts/1"
    outside.json[uri] = {
        "@context": AS2,
        "id": uri,
        "type": "Note",
        "attributedTo": CAROL,
        "content": "<p>a <script>bad()</script>sea</p>",
        "to": [f"{AS2}#Public"],
        "published": "2026-11-01T10:00:00Z",
    }
    answer = await visitor.get(f"/authorize_interaction?uri={uri}")
    assert answer.location.startswith("/@carol@away.example/")
    page = (await visitor.get(answer.location)).text
    assert "sea" in page and "bad()" not in page


@pytest.mark.parametrize(
    "wanted",
    ["https://gone.example/users/nobody", "@nobody@gone.example", "nonsense words", "https://pinxit.example/x"],
)
async def test_what_leads_nowhere_is_said(visitor: Visitor, wanted: str) -> None:
    page = await visitor.get(f"/authorize_interaction?uri={wanted.replace(' ', '%20')}")
    assert page.status == 404 and "Nothing was found there" in page.text


async def test_without_a_question_there_is_a_form(visitor: Visitor) -> None:
    assert "Find somebody" in (await visitor.get("/authorize_interaction")).text


async def test_a_hidden_post_of_somebody_else_is_not_found(exhibition: Exhibition, visitor: Visitor) -> None:
    carol = await exhibition.stranger("carol")
    post = await exhibition.receive(carol, "<p>sea</p>", visibility="direct")
    assert (await visitor.get(f"/authorize_interaction?uri={post.uri}")).status == 404


async def test_asking_around_has_a_brake(visitor: Visitor) -> None:
    for _ in range(20):
        await visitor.get("/authorize_interaction?uri=@nobody@gone.example")
    assert (await visitor.get("/authorize_interaction?uri=@nobody@gone.example")).status == 429
