"""Emoji under a picture in a browser: given with one press, with the keyboard, and without script."""

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import come_in
from tests.browser.test_pages import person
from tests.server.web.exhibition import Exhibition


async def test_an_emoji_is_given_and_taken_back(exhibition: Exhibition, context: BrowserContext, page: Page) -> None:
    post = await exhibition.hang(await person(exhibition, "alice"), "a boat")
    await come_in(context, exhibition, "bob")
    await page.goto(f"/@alice/{post.id}")

    await page.get_by_text("React with an emoji").click()
    await page.get_by_role("button", name="palette").click()
    given = page.get_by_role("list", name="Reactions").get_by_role("button", name="🎨 1")
    await expect(given).to_have_attribute("aria-pressed", "true")

    await page.get_by_text("React with an emoji").click()
    await page.get_by_label("Another").fill("🦊")
    await page.get_by_label("Another").press("Enter")
    await expect(page.get_by_role("list", name="Reactions").get_by_role("button")).to_have_count(2)

    await given.press("Enter")
    await expect(page.get_by_role("list", name="Reactions").get_by_role("button")).to_have_count(1)


@pytest.mark.parametrize("width", [360, 1280])
async def test_without_script_it_works_and_fits(exhibition: Exhibition, browser: Browser, width: int) -> None:
    post = await exhibition.hang(await person(exhibition, "alice"), "a boat")
    plain = await browser.new_context(
        base_url=exhibition.site.origin, java_script_enabled=False, viewport={"width": width, "height": 800}
    )
    await come_in(plain, exhibition, "bob")
    page = await plain.new_page()
    await page.goto(f"/@alice/{post.id}")
    await page.get_by_text("React with an emoji").click()
    await page.get_by_role("button", name="palette").click()
    await expect(page.get_by_role("button", name="🎨 1")).to_be_visible()
    await page.get_by_text("React with an emoji").click()
    box = await page.locator(".react").bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= width
    await plain.close()
