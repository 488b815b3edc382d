"""What posts say, in a browser: polls, warnings, quotes and what was said before."""

from playwright.async_api import BrowserContext, Page, expect

from server.actions.writing.ask import Asked
from server.actions.writing.edit import Change, edit_post
from server.store.writing import quotes
from tests.browser.conftest import come_in
from tests.browser.test_pages import person
from tests.server.web.exhibition import Exhibition


async def test_a_poll_is_answered(exhibition: Exhibition, context: BrowserContext, page: Page) -> None:
    alice = await person(exhibition, "alice")
    post = await exhibition.say(
        alice, "Which colour for the boat?", asked=Asked(options=("red", "blue"), seconds=86_400)
    )
    await come_in(context, exhibition, "bob")
    await page.goto(f"/@alice/{post.id}")
    await page.get_by_role("radio", name="blue").check()
    await page.get_by_role("button", name="Vote").click()
    await expect(page.get_by_role("progressbar", name="blue")).to_have_js_property("value", 100)
    await expect(page.get_by_text("your answer")).to_be_visible()


async def test_words_are_folded_and_quotes_stand_in_cards(
    exhibition: Exhibition, context: BrowserContext, page: Page
) -> None:
    alice, bob = await person(exhibition, "alice"), await person(exhibition, "bob")
    quoted = await exhibition.hang(bob, "a lighthouse at dusk")
    post = await exhibition.say(alice, "Look at this light", quoted=quoted, summary="bright light")
    async with exhibition.services.database.write() as tx:
        await quotes.set_state(tx, post.id, quotes.ACCEPTED)
        await edit_post(tx, exhibition.site, alice, post, Change(text="Look at this light, once more"))
    await page.goto(f"/@alice/{post.id}")
    await expect(page.get_by_text("once more")).to_be_hidden()
    await page.get_by_text("Show the words").click()
    await expect(page.get_by_text("once more")).to_be_visible()
    await expect(page.locator("article.quote img").last).to_be_visible()
    await expect(page.locator(".quote-inline")).to_be_hidden()
    await page.get_by_role("link", name="changed").click()
    await expect(page.get_by_role("heading", name="What it said")).to_be_visible()
    await expect(page.get_by_role("listitem").filter(has_text="as it was first")).to_have_count(1)
