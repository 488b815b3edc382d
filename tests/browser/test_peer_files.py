"""Pictures of peers in a browser: shown, and fetched from nobody but us."""

import pytest
from playwright.async_api import BrowserContext, Page, expect

from tests.browser.conftest import come_in
from tests.photographs import photograph
from tests.server.web.exhibition import Exhibition, QuietPeers

SEA, FACE = "https://away.example/sea.png", "https://away.example/face.png"


async def test_a_peers_picture_and_portrait_are_shown_without_asking_the_peer(
    exhibition: Exhibition, page: Page
) -> None:
    outside = exhibition.services.peers
    assert isinstance(outside, QuietPeers)
    outside.files = {SEA: photograph("PNG", size=(640, 480)), FACE: photograph("PNG", size=(200, 200))}
    carol = await exhibition.stranger("carol", name="Carol", icon_url=FACE)
    post = await exhibition.receive(carol, "<p>the sea</p>", picture=SEA)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    await page.goto(f"/@carol@away.example/{post.id}")

    picture = page.locator("img[src*='/peers/media/']").first
    await expect(picture).to_be_visible()
    for image in await page.locator("img").all():
        await expect(image).to_have_js_property("complete", True)
        assert await image.evaluate("(image) => image.naturalWidth > 0")
    assert [url for url in asked if not url.startswith((exhibition.site.origin, "data:"))] == []
    assert sorted(outside.asked) == sorted([FACE, SEA])


@pytest.mark.parametrize("path", ["/admin", "/admin/servers", "/admin/people?handle=bob", "/admin/acts"])
async def test_the_operators_pages_fit_a_phone(
    exhibition: Exhibition, context: BrowserContext, page: Page, path: str
) -> None:
    await exhibition.person("olga", admin=True)
    await come_in(context, exhibition, "olga")
    await page.set_viewport_size({"width": 360, "height": 740})

    await page.goto(path)

    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await expect(page.get_by_role("navigation", name="Administration")).to_be_visible()
