"""An avatar goes up in a browser that keeps to the policy of the pages."""

import io

from PIL import Image
from playwright.async_api import BrowserContext, FilePayload, Page, expect

from tests.browser.conftest import come_in
from tests.server.web.exhibition import Exhibition


def picture() -> FilePayload:
    buffer = io.BytesIO()
    Image.new("RGB", (640, 480), (40, 110, 170)).save(buffer, "PNG")
    return {"name": "me.png", "mimeType": "image/png", "buffer": buffer.getvalue()}


async def test_an_avatar_goes_up_and_is_drawn_beside_the_name(
    exhibition: Exhibition, context: BrowserContext, page: Page
) -> None:
    await come_in(context, exhibition, "alice")
    await page.goto("/home")
    await page.get_by_role("link", name="Settings").click()

    await page.get_by_label("Avatar").set_input_files(picture())
    await page.get_by_role("button", name="Put up").click()
    await expect(page.get_by_role("status")).to_contain_text("Saved.")

    await page.get_by_role("link", name="Your profile").click()
    avatar = page.locator(".portrait img.avatar")
    await expect(avatar).to_be_visible()
    # Nobody who looks at the picture but the browser itself can say whether it was let in.
    await avatar.evaluate("picture => picture.decode()")
    assert await avatar.evaluate("picture => picture.naturalWidth") == 400
