"""Passkeys with Chromium's own virtual authenticator."""

from playwright.async_api import BrowserContext, Page, expect

from tests.browser.conftest import come_in
from tests.server.web.exhibition import PASSWORD, Exhibition

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


async def test_a_passkey_is_made_and_opens_the_door(
    exhibition: Exhibition, context: BrowserContext, page: Page
) -> None:
    devtools = await context.new_cdp_session(page)
    await devtools.send("WebAuthn.enable")
    await devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    await come_in(context, exhibition, "alice")

    await page.goto("/settings/security")
    await page.get_by_label("What to call it").fill("This laptop")
    await page.locator("#passkey-password").fill(PASSWORD)
    await page.get_by_role("button", name="Add a passkey").click()
    await expect(page.get_by_text("This laptop")).to_be_visible()

    await page.get_by_role("button", name="Log out", exact=True).click()
    await page.goto("/login?next=/create")
    await page.get_by_role("button", name="Log in with a passkey").click()
    await page.wait_for_url("**/create")
