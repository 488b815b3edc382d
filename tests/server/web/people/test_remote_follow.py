import pytest

from server.actions.network.rule_domain import rule_domain
from server.store.network.domain_rules import SUSPEND, Rule
from server.web.people.remote_follow import SUBSCRIBE
from tests.server.web.exhibition import Exhibition, Page, QuietPeers, Visitor

FINGER = "https://home.example/.well-known/webfinger?resource=acct%3Ayou%40home.example"
TEMPLATE = "https://home.example/authorize_interaction?uri={uri}"


def finger(template: object) -> dict[str, object]:
    return {"subject": "acct:you@home.example", "links": [{"rel": SUBSCRIBE, "template": template}]}


@pytest.fixture(autouse=True)
async def alice(exhibition: Exhibition) -> None:
    await exhibition.person("alice")


async def ask(visitor: Visitor, handle: str = "you@home.example") -> Page:
    await visitor.get("/@alice")
    return await visitor.submit("/remote-follow", handle=handle)


@pytest.mark.parametrize("handle", ["you@home.example", "@you@home.example", "acct:you@HOME.example"])
async def test_a_visitor_is_sent_to_their_own_server(visitor: Visitor, outside: QuietPeers, handle: str) -> None:
    outside.json[FINGER] = finger(TEMPLATE)
    page = await ask(visitor, handle)
    address = "https://home.example/authorize_interaction?uri=https%3A%2F%2Fpinxit.example%2Fusers%2Falice"
    assert page.headers["Refresh"] == f"0; url={address}"
    assert f'href="{address}"' in page.text


@pytest.mark.parametrize("handle", ["you", "you@", "@home.example", "you@home.example/x", "a b@home.example", ""])
async def test_what_is_no_handle_is_said_and_nobody_is_asked(
    visitor: Visitor, outside: QuietPeers, handle: str
) -> None:
    page = await ask(visitor, handle)
    assert page.status == 422 and "Write your handle like" in page.text
    assert outside.asked == []


@pytest.mark.parametrize(
    "template",
    [
        None,
        "",
        7,
        "https://home.example/follow",
        "javascript:alert('{uri}')",
        "http://home.example/{uri}",
        "https://home.example/{uri}\r\nSet-Cookie: a=b",
        "https://home.example/{uri} x",
    ],
)
async def test_a_template_that_is_no_web_address_is_not_followed(
    visitor: Visitor, outside: QuietPeers, template: object
) -> None:
    outside.json[FINGER] = finger(template)
    page = await ask(visitor)
    assert page.status == 422 and "Refresh" not in page.headers
    assert "https://pinxit.example/users/alice" in page.text


async def test_a_server_that_does_not_answer_is_said(visitor: Visitor) -> None:
    page = await ask(visitor)
    assert page.status == 422 and "home.example did not answer" in page.text


async def test_only_our_own_people_and_pictures_can_be_taken_along(visitor: Visitor) -> None:
    for uri in ("https://evil.example/", "https://pinxit.example.evil.example/", "", "javascript:alert(1)"):
        assert (await visitor.get(f"/remote-follow?uri={uri}")).status == 422


async def test_a_picture_can_be_taken_along_too(exhibition: Exhibition, visitor: Visitor, outside: QuietPeers) -> None:
    bob = await exhibition.person("bob")
    post = await exhibition.hang(bob, "a boat")
    outside.json[FINGER] = finger(TEMPLATE)
    await visitor.get(f"/@bob/{post.id}")
    link = visitor.page.text.partition('href="/remote-follow?uri=')[2].partition('"')[0]
    page = await visitor.get(f"/remote-follow?uri={link}")
    assert f'href="/@bob/{post.id}"' in page.text
    assert str(post.id) in (await visitor.submit("/remote-follow", handle="you@home.example")).headers["Refresh"]


async def test_strangers_cannot_make_us_ask_around_without_end(visitor: Visitor, outside: QuietPeers) -> None:
    for _ in range(20):
        await ask(visitor)
    asked = len(outside.asked)
    assert (await ask(visitor)).status == 429
    assert len(outside.asked) == asked


async def test_a_server_that_is_suspended_here_is_not_asked(
    exhibition: Exhibition, visitor: Visitor, outside: QuietPeers
) -> None:
    outside.json[FINGER] = finger(TEMPLATE)
    async with exhibition.services.database.write() as tx:
        await rule_domain(tx, exhibition.site, Rule(domain="home.example", severity=SUSPEND, created_at=0))
    page = await ask(visitor)
    assert page.status == 422 and "does not speak with home.example" in page.text
    assert outside.asked == []
