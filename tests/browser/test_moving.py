"""Somebody names the account they had, and moves away, in a browser that keeps to the policy of the pages."""

from playwright.async_api import BrowserContext, Page, expect

from tests.browser.conftest import come_in
from tests.server.web.exhibition import PASSWORD, Exhibition


async def test_an_account_is_named_and_another_moves_to_it(
    exhibition: Exhibition, context: BrowserContext, page: Page
) -> None:
    domain = exhibition.site.domain
    await come_in(context, exhibition, "bob")
    await page.goto("/settings/profile")
    await page.get_by_role("link", name="Moving").click()
    await page.get_by_label("The account you had").fill(f"alice@{domain}")
    await page.get_by_role("button", name="Add").click()
    await expect(page.get_by_role("listitem").filter(has_text=f"@alice@{domain}")).to_be_visible()

    await context.clear_cookies()
    await come_in(context, exhibition, "alice")
    await page.goto("/settings/moving")
    await page.get_by_label("The new account").fill(f"bob@{domain}")
    await page.get_by_label("Your password").fill(PASSWORD)
    await page.get_by_role("button", name="Move, with all my followers").click()
    await expect(page.get_by_text("You have moved to")).to_be_visible()

    await page.goto("/@alice")
    await expect(page.locator("#moved")).to_contain_text(f"Has moved to @bob@{domain}")
