"""Somebody takes their data along, brings a table, and deletes the account, in a browser that keeps to the policy."""

import zipfile

from playwright.async_api import BrowserContext, FilePayload, Page, expect

from tests.browser.conftest import come_in
from tests.server.web.exhibition import PASSWORD, Exhibition

TABLE: FilePayload = {"name": "follows.csv", "mimeType": "text/csv", "buffer": b"Account address\nbob\nnonsense here\n"}


async def test_an_archive_is_downloaded_and_a_table_is_looked_at_and_brought(
    exhibition: Exhibition, context: BrowserContext, page: Page
) -> None:
    await come_in(context, exhibition, "alice")
    await page.goto("/settings/profile")
    await page.get_by_role("link", name="Data", exact=True).click()
    await page.get_by_label("Your password").fill(PASSWORD)
    async with page.expect_download() as coming:
        await page.get_by_role("button", name="Download the archive").click()
    with zipfile.ZipFile(await (await coming.value).path()) as whole:
        assert whole.testzip() is None and "outbox.json" in whole.namelist()

    await page.get_by_label("The table", exact=True).set_input_files(TABLE)
    await page.get_by_role("button", name="Only say what would change").click()
    await expect(page.get_by_role("status")).to_contain_text("This table would change 1")
    await page.get_by_label("The table", exact=True).set_input_files(TABLE)
    await page.get_by_role("button", name="Bring it").click()
    await expect(page.get_by_role("listitem").filter(has_text="0 of 1")).to_be_visible()


async def test_an_account_is_deleted_once_its_name_was_typed(
    exhibition: Exhibition, context: BrowserContext, page: Page
) -> None:
    await come_in(context, exhibition, "alice")
    await page.goto("/settings/moving")
    await page.get_by_role("link", name="Delete the account").click()
    await page.get_by_label("Type alice").fill("alice")
    await page.get_by_label("Your password").fill(PASSWORD)
    await page.get_by_role("button", name="Delete my account for good").click()
    await expect(page.get_by_role("heading", name="Your account is deleted")).to_be_visible()
    await expect(page.get_by_role("link", name="Log in")).to_be_visible()
