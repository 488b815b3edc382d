import re

import pytest

from server.web.door import ROUTES, STOPPING
from server.web.visit import Route
from tests.server.web.exhibition import Exhibition, Visitor, read_forms

PAGES = ("/", "/about", "/login", "/tags/sea", "/@alice", "/nothing/here", "/robots.txt")
FORMS = [route for route in ROUTES if route.method == "POST"]
PRIVATE = [route for route in ROUTES if route.who != "anyone"]


def path_of(route: Route) -> str:
    """A path that the route takes; what it names need not be there."""
    path = route.path.replace("<any(like, unlike, boost, unboost):verb>", "like")
    path = path.replace("<any(suspend, unsuspend, silence, unsilence):deed>", "suspend").replace("<handle>", "alice")
    path = re.sub(r"<id:\w+>", "1", path)
    return path.replace("<name>", "sea")


@pytest.fixture(autouse=True)
async def alice(exhibition: Exhibition) -> None:
    # Who may open everything, so that a form is refused for what it lacks.
    await exhibition.person("alice", admin=True)


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_guards_its_reader(visitor: Visitor, path: str) -> None:
    headers = (await visitor.get(path)).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Robots-Tag"] == "noai, noimageai"


@pytest.mark.parametrize("path", PAGES[:6])
async def test_no_page_needs_an_inline_script_or_style(visitor: Visitor, path: str) -> None:
    text = (await visitor.get(path)).text
    assert " style=" not in text and "<style" not in text and " onclick=" not in text
    assert text.count("<script") == text.count('<script type="module" src="/assets/')


@pytest.mark.parametrize("route", PRIVATE, ids=lambda route: f"{route.method} {route.path}")
async def test_a_private_page_leads_strangers_to_the_log_in(visitor: Visitor, route: Route) -> None:
    if route.method == "GET":
        assert (await visitor.get(path_of(route))).location.startswith("/login")
        return
    await visitor.get("/login")
    token = read_forms(visitor.page.text)["/login"]["token"]
    assert (await visitor.post(path_of(route), {"token": token})).location == "/login"


@pytest.mark.parametrize("route", FORMS, ids=lambda route: route.path)
async def test_t62_a_form_without_its_token_is_refused(visitor: Visitor, route: Route) -> None:
    await visitor.enter("alice")
    assert (await visitor.post(path_of(route), {"token": "forged"})).status == 403


@pytest.mark.parametrize("route", FORMS, ids=lambda route: route.path)
async def test_t62_a_form_from_another_site_is_refused(visitor: Visitor, route: Route) -> None:
    await visitor.enter("alice")
    await visitor.get("/home")
    token = read_forms(visitor.page.text)["/logout"]["token"]
    refused = await visitor.post(path_of(route), {"token": token}, {"Sec-Fetch-Site": "cross-site"})
    assert refused.status == 403


async def test_a_token_of_another_session_is_refused(exhibition: Exhibition, visitor: Visitor) -> None:
    await exhibition.person("bob")
    other = Visitor(exhibition)
    await other.enter("bob")
    await other.get("/home")
    await visitor.enter("alice")
    token = read_forms(other.page.text)["/logout"]["token"]
    assert (await visitor.post("/logout", {"token": token})).status == 403


async def test_a_form_that_is_too_large_is_refused_before_it_is_read(visitor: Visitor) -> None:
    assert (await visitor.post("/login", {"name": "x"}, {"Content-Length": "300000"})).status == 413


async def test_what_is_not_there_is_said_kindly(visitor: Visitor) -> None:
    page = await visitor.get("/nothing/here")
    assert page.status == 404
    assert "An empty frame" in page.text


async def test_a_wrong_method_is_said_too(visitor: Visitor) -> None:
    assert (await visitor.post("/about", {})).status == 405


async def test_a_fault_of_ours_is_a_page_without_its_details(exhibition: Exhibition, visitor: Visitor) -> None:
    await exhibition.services.database.close()
    page = await visitor.get("/")
    assert page.status == 500
    assert "The easel fell over" in page.text and "sqlite" not in page.text.lower()


async def test_assets_are_kept_for_ever_under_their_version(visitor: Visitor) -> None:
    start = (await visitor.get("/")).text
    address = start.partition('href="/assets/')[2].partition('"')[0]
    fresh = await visitor.get(f"/assets/{address}")
    assert (fresh.status, fresh.headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")
    old = await visitor.get(f"/assets/older/{address.partition('/')[2]}")
    assert (old.status, old.headers["Cache-Control"]) == (200, "no-cache")


@pytest.mark.parametrize("path", ["../door.py", "..%2fdoor.py", "%2e%2e/door.py", "nothing.css"])
async def test_assets_are_nothing_but_assets(visitor: Visitor, path: str) -> None:
    assert (await visitor.get(f"/assets/x/{path}")).status == 404


async def test_the_app_can_say_that_it_leaves(exhibition: Exhibition) -> None:
    assert STOPPING in exhibition.app.extensions


async def test_the_theme_is_remembered_without_script(visitor: Visitor) -> None:
    await visitor.get("/about")
    assert (await visitor.submit("/theme", theme="dark")).location == "/about"
    assert 'data-theme="dark"' in (await visitor.get("/about")).text
