"""The pages of those who run the instance: who may come, what they settle, and that it is written down."""

import pytest

from server.actions.telling.report import Complaint, report
from server.store.network import audit, domain_rules
from server.store.people import actors
from server.store.people.actors import Actor
from server.web.door import ROUTES
from tests.server.web.exhibition import Exhibition, Visitor
from tests.server.web.test_door import path_of
from tests.server.web.test_escaping import PAYLOAD, TRACES

ADMIN = [route for route in ROUTES if route.who == "admin"]
PAGES = ("/admin", "/admin/reports", "/admin/reports?all=yes", "/admin/servers", "/admin/people", "/admin/acts")


@pytest.fixture
async def alice(exhibition: Exhibition, visitor: Visitor) -> Actor:
    """Alice runs the instance, and is logged in."""
    actor = await exhibition.person("alice", admin=True)
    await exhibition.person("bob")
    await visitor.enter("alice")
    return actor


async def acts(exhibition: Exhibition) -> list[tuple[str, str, str]]:
    async with exhibition.services.database.read() as reader:
        return [(one.by, one.act, one.target) for one in await audit.list_acts(reader, limit=10)]


@pytest.mark.parametrize("route", ADMIN, ids=lambda route: f"{route.method} {route.path}")
async def test_t56_nobody_else_comes_in(exhibition: Exhibition, visitor: Visitor, alice: Actor, route) -> None:
    await visitor.enter("bob")
    page = await (visitor.get(path_of(route)) if route.method == "GET" else visitor.post(path_of(route), {}))
    assert page.status == 403
    stranger = Visitor(exhibition)
    page = await (stranger.get(path_of(route)) if route.method == "GET" else stranger.post(path_of(route), {}))
    assert page.location.startswith("/login")
    assert await acts(exhibition) == []


async def test_every_page_opens_and_leads_to_the_others(exhibition: Exhibition, visitor: Visitor, alice: Actor) -> None:
    assert "/admin" in (await visitor.get("/settings/profile")).text
    for path in PAGES:
        page = await visitor.get(path)
        assert page.status == 200 and all(f'href="{place}"' in page.text for place in PAGES if "?" not in place)
    await visitor.enter("bob")
    assert "/admin" not in (await visitor.get("/settings/profile")).text


async def test_a_rule_is_made_and_lifted_from_the_page(exhibition: Exhibition, visitor: Visitor, alice: Actor) -> None:
    await visitor.get("/admin/servers")
    form = {"domain": "Rude.Example", "severity": "silence", "mark_sensitive": "on", "comment": "noise"}
    assert (await visitor.submit("/admin/servers", **form)).location == "/admin/servers"
    page = (await visitor.get("/admin/servers")).text
    assert "rude.example" in page and "silence, mark sensitive" in page and "noise" in page

    await visitor.submit("/admin/servers/lift")
    assert "There is no rule" in (await visitor.get("/admin/servers")).text
    assert await acts(exhibition) == [
        ("@alice", "domain.lift", "rude.example"),
        ("@alice", "domain.set", "rude.example"),
    ]


@pytest.mark.parametrize(
    ("domain", "severity"),
    [("pinxit.example", "suspend"), ("a b", "suspend"), ("x.example", "none"), ("x.example", "")],
)
async def test_a_rule_that_cannot_be_is_refused_on_the_page(
    exhibition: Exhibition, visitor: Visitor, alice: Actor, domain: str, severity: str
) -> None:
    await visitor.get("/admin/servers")
    page = await visitor.submit("/admin/servers", domain=domain, severity=severity)
    assert page.status == 422 and 'role="alert"' in page.text
    async with exhibition.services.database.read() as reader:
        assert await domain_rules.list_rules(reader) == []


async def test_the_mode_is_changed_and_changed_back(exhibition: Exhibition, visitor: Visitor, alice: Actor) -> None:
    await visitor.get("/admin/servers")
    await visitor.submit("/admin/servers/mode")
    assert "With those alone that have a rule" in (await visitor.get("/admin/servers")).text
    assert "speaks with those alone" in (await visitor.get("/admin")).text
    await visitor.get("/admin/servers")
    await visitor.submit("/admin/servers/mode")
    assert "With everybody" in (await visitor.get("/admin/servers")).text
    assert [act for _, act, _ in await acts(exhibition)] == ["federation.mode"] * 2


async def test_somebody_is_found_suspended_and_let_back(exhibition: Exhibition, visitor: Visitor, alice: Actor) -> None:
    carol = await exhibition.stranger("carol")
    assert "Nobody known here" in (await visitor.get("/admin/people?handle=nobody@nowhere.example")).text
    assert "carol@away.example" in (await visitor.get("/admin/people?handle=carol@away.example")).text

    await visitor.submit(f"/admin/people/{carol.id}/suspend")
    page = await visitor.get("/admin/people")
    assert "carol@away.example" in page.text and "suspended since" in page.text
    await visitor.submit(f"/admin/people/{carol.id}/unsuspend")
    assert "Nobody else" in (await visitor.get("/admin/people")).text
    assert await acts(exhibition) == [
        ("@alice", "account.unsuspend", "@carol@away.example"),
        ("@alice", "account.suspend", "@carol@away.example"),
    ]


async def test_whom_a_rule_hides_is_not_listed_one_by_one(
    exhibition: Exhibition, visitor: Visitor, alice: Actor
) -> None:
    await exhibition.stranger("carol")
    await visitor.get("/admin/servers")
    await visitor.submit("/admin/servers", domain="away.example", severity="suspend")
    assert "carol" not in (await visitor.get("/admin/people")).text


async def test_who_runs_it_alone_cannot_lock_themselves_out(
    exhibition: Exhibition, visitor: Visitor, alice: Actor
) -> None:
    await visitor.get("/admin/people?handle=alice")
    page = await visitor.submit(f"/admin/people/{alice.id}/suspend")
    assert page.status == 403 and "Nobody else administers" in page.text


async def test_a_report_is_read_with_its_posts_and_dealt_with(
    exhibition: Exhibition, visitor: Visitor, alice: Actor
) -> None:
    number, post = await complain(exhibition, "rude words")
    assert f"/admin/reports/{number}" in (await visitor.get("/admin/reports")).text
    page = await visitor.get(f"/admin/reports/{number}")
    assert "rude words" in page.text and f"/{post}" in page.text and "/admin/people?handle=bob" in page.text

    assert (await visitor.submit(f"/admin/reports/{number}/resolve")).location == "/admin/reports"
    assert f"/admin/reports/{number}" not in (await visitor.get("/admin/reports")).text
    assert "dealt with" in (await visitor.get("/admin/reports?all=yes")).text
    assert await acts(exhibition) == [("@alice", "report.resolve", str(number))]
    assert (await visitor.get("/admin/reports/1")).status == 404


async def test_t38_nothing_that_somebody_wrote_becomes_markup_here(
    exhibition: Exhibition, visitor: Visitor, alice: Actor
) -> None:
    number, _ = await complain(exhibition, PAYLOAD)
    carol = await exhibition.stranger("carol", name=PAYLOAD, summary_html="", suspended_at=1)
    await visitor.get("/admin/servers")
    await visitor.submit("/admin/servers", domain="x.example", severity="suspend", comment=PAYLOAD, note=PAYLOAD)
    for path in (*PAGES, f"/admin/reports/{number}", f"/admin/people?handle={carol.handle}"):
        page = await visitor.get(path)
        assert page.status == 200, path
        assert [trace for trace in TRACES if trace in page.text] == [], path


async def complain(exhibition: Exhibition, words: str) -> tuple[int, int]:
    """Have alice report bob for a post; return the numbers of the report and of the post."""
    async with exhibition.services.database.read() as reader:
        people = [await actors.find_by_handle(reader, name, exhibition.site.domain) for name in ("alice", "bob")]
    alice, bob = people
    assert alice is not None and bob is not None
    post = await exhibition.hang(bob, "a boat")
    async with exhibition.services.database.write() as tx:
        kept = await report(tx, exhibition.site, alice, bob, Complaint(comment=words, post_ids=(post.id,)))
    return kept.id, post.id
