"""What the pages do with script, without it, on a phone and by keyboard."""

import io

import pytest
from PIL import Image
from playwright.async_api import Browser, BrowserContext, Page, expect

from activitypub.audience import Visibility
from server.store.people import accounts, actors
from server.store.people.actors import Actor
from server.store.writing import generations
from server.store.writing.generations import Generation
from tests.browser.conftest import come_in
from tests.server.web.exhibition import PASSWORD, Exhibition

# Text, and what it stands on: WCAG AA wants 4.5 to 1.
INKS = [
    ("--ink", "--paper"),
    ("--ink", "--sheet"),
    ("--ink", "--wall"),
    ("--ink", "--wash"),
    ("--soft", "--paper"),
    ("--soft", "--sheet"),
    ("--soft", "--wall"),
    ("--accent", "--paper"),
    ("--accent", "--sheet"),
    ("--gold", "--paper"),
    ("--gold", "--sheet"),
    ("--on-accent", "--accent"),
    ("--on-accent", "--accent-deep"),
]


async def person(exhibition: Exhibition, name: str) -> Actor:
    async with exhibition.services.database.read() as reader:
        account = await accounts.find_by_username(reader, name)
        actor = await actors.find(reader, account.actor_id) if account else None
    assert actor is not None
    return actor


async def newest_wish(exhibition: Exhibition, author: Actor) -> Generation:
    async with exhibition.services.database.read() as reader:
        return (await generations.list_of_actor(reader, author.id, limit=1))[0]


async def step(exhibition: Exhibition, wish: Generation, number: int) -> None:
    """Be the studio: one step further, with a preview."""
    preview = io.BytesIO()
    Image.new("RGB", (96, 64), (number * 40, 80, 120)).save(preview, "JPEG")
    async with exhibition.services.database.write() as tx:
        await generations.begin(tx, wish.id, at=exhibition.site.clock.now())
        await generations.progress(tx, wish.id, step=number, total=4, preview=preview.getvalue())


async def test_from_the_log_in_to_a_posted_picture(exhibition: Exhibition, page: Page) -> None:
    alice = await person(exhibition, "alice")
    await page.goto("/create")
    await page.get_by_label("Name").fill("alice")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.locator("main").get_by_role("button", name="Log in", exact=True).click()
    await page.get_by_placeholder("a red boat").fill("a red boat at sunset")
    await page.get_by_text("Public", exact=True).click()
    await page.get_by_role("button", name="Paint it").click()
    await expect(page.get_by_role("status")).to_have_text("Next in line.")
    wish = await newest_wish(exhibition, alice)
    await step(exhibition, wish, 1)
    await expect(page.get_by_role("status")).to_have_text("Painting, step 1 of 4.")
    await step(exhibition, wish, 3)
    # The newest lies on top; the one before stays beneath it until it has faded in.
    newest = page.locator("[data-canvas] image").last
    await expect(newest).to_have_attribute("href", f"/create/{wish.id}/preview?step=3")
    post = await exhibition.paint(wish)
    assert post is not None
    await page.wait_for_url(f"**/@alice/{post.id}")
    await expect(page.get_by_role("heading", name="a red boat at sunset")).to_be_visible()
    await expect(page.locator(".mount img")).to_have_js_property("complete", True)


async def test_a_wish_is_cancelled_while_its_page_watches(
    exhibition: Exhibition, context: BrowserContext, page: Page
) -> None:
    wish = await exhibition.wish(await person(exhibition, "alice"), "a boat")
    await come_in(context, exhibition, "alice")
    await page.goto(f"/create/{wish.id}")
    await page.get_by_role("button", name="Cancel").click()
    await expect(page.get_by_text("You took this wish back.")).to_be_visible()


async def test_liking_changes_the_button_and_not_the_page(
    exhibition: Exhibition, context: BrowserContext, page: Page
) -> None:
    post = await exhibition.hang(await person(exhibition, "alice"), "a boat")
    await come_in(context, exhibition, "bob")
    await page.goto(f"/@alice/{post.id}")
    await page.evaluate("window.stayed = true")
    await page.get_by_role("button", name="Like 0").click()
    liked = page.get_by_role("button", name="Take your like back")
    await expect(liked).to_have_attribute("aria-pressed", "true")
    await expect(liked).to_be_focused()
    assert await page.evaluate("window.stayed")
    await page.reload()
    await expect(liked).to_be_visible()


async def test_the_theme_switches_and_stays(exhibition: Exhibition, page: Page) -> None:
    await page.goto("/")
    light = await page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    await page.get_by_role("button", name="Dark theme").click()
    dark = await page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert light != dark
    await page.goto("/about")
    assert await page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == dark
    await page.get_by_role("button", name="Light theme").click()
    assert await page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == light


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_every_ink_can_be_read_on_its_ground(exhibition: Exhibition, browser: Browser, theme: str) -> None:
    page = await browser.new_page(base_url=exhibition.site.origin)
    await page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    await page.goto("/about")
    for ink, ground in INKS:
        values = await page.evaluate(
            "names => names.map(name => getComputedStyle(document.documentElement).getPropertyValue(name).trim())",
            [ink, ground],
        )
        assert contrast(*values) >= 4.5, (theme, ink, ground)


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2 between two colours written `#rrggbb`."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


async def test_the_gallery_grows_as_one_reads(exhibition: Exhibition, page: Page) -> None:
    alice = await person(exhibition, "alice")
    for number in range(30):
        await exhibition.say(alice, f"number {number}")
    await page.goto("/")
    prints = page.locator(".print")
    await page.get_by_text("About and rules").scroll_into_view_if_needed()
    await expect(prints).to_have_count(30)
    await expect(page.get_by_text("Older pictures")).to_have_count(0)


async def test_rows_are_of_one_height_and_fill_the_wall(exhibition: Exhibition, page: Page) -> None:
    alice = await person(exhibition, "alice")
    for size in ((96, 64), (64, 96), (64, 64), (120, 60), (80, 64), (60, 72), (96, 54), (64, 64)):
        await exhibition.paint(await exhibition.wish(alice, "a boat", visibility=Visibility.PUBLIC), size=size)
    await page.set_viewport_size({"width": 1280, "height": 800})
    await page.goto("/")
    boxes = [await one.bounding_box() for one in await page.locator(".canvas").all()]
    tops = [round(box["y"]) for box in boxes if box]
    first_row = [box for box in boxes if box and round(box["y"]) == tops[0]]
    heights = [box["height"] for box in first_row]
    assert len(first_row) > 1 and max(heights) - min(heights) < 3
    gallery = await page.locator(".gallery").bounding_box()
    assert gallery is not None
    assert first_row[-1]["x"] + first_row[-1]["width"] == pytest.approx(gallery["x"] + gallery["width"], abs=2)


async def test_everything_works_without_script(exhibition: Exhibition, browser: Browser) -> None:
    alice = await person(exhibition, "alice")
    post = await exhibition.hang(alice, "a boat", summary="Waves", sensitive=True)
    context = await browser.new_context(base_url=exhibition.site.origin, java_script_enabled=False)
    page = await context.new_page()
    page.set_default_timeout(20_000)
    await come_in(context, exhibition, "bob")
    await page.goto(f"/@alice/{post.id}")
    await expect(page.locator(".mount img")).not_to_be_visible()
    await page.get_by_text("Show the picture").click()
    await expect(page.locator(".mount img")).to_be_visible()
    await page.get_by_role("button", name="Boost 0").click()
    await expect(page.get_by_role("button", name="Take your boost back")).to_be_visible()
    await page.get_by_role("button", name="Dark theme").click()
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    await page.goto("/create")
    await page.locator("#prompt").fill("a hill")
    await page.get_by_role("button", name="Paint it").click()
    await expect(page.get_by_text("Next in line.")).to_be_visible()
    await context.close()


@pytest.mark.parametrize("width", [320, 390])
async def test_no_page_is_wider_than_a_phone(
    exhibition: Exhibition, context: BrowserContext, page: Page, width: int
) -> None:
    alice = await person(exhibition, "alice")
    post = await exhibition.hang(alice, "a " + "very" * 40 + " long word", caption="https://example.org/" + "x" * 200)
    wish = await exhibition.wish(alice, "a boat")
    await come_in(context, exhibition, "alice")
    await page.set_viewport_size({"width": width, "height": 700})
    paths = (
        "/",
        "/home",
        "/@alice",
        f"/@alice/{post.id}",
        f"/posts/{post.id}/edit",
        "/create",
        f"/create/{wish.id}",
        "/notifications",
        "/follow-requests",
        "/approvals",
        "/about",
        "/authorize_interaction",
        *(f"/settings/{name}" for name in ("profile", "preferences", "security", "apps", "hidden")),
    )
    for path in paths:
        await page.goto(path)
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, path


async def test_the_first_key_leads_past_the_masthead(exhibition: Exhibition, page: Page) -> None:
    await page.goto("/")
    await page.keyboard.press("Tab")
    skip = page.get_by_text("Skip to the pictures")
    await expect(skip).to_be_focused()
    await expect(skip).to_be_in_viewport()
    await page.keyboard.press("Enter")
    await expect(page.locator("#content")).to_be_focused()


async def test_every_control_has_a_name(exhibition: Exhibition, context: BrowserContext, page: Page) -> None:
    post = await exhibition.hang(await person(exhibition, "alice"), "a boat", alt="A boat")
    await come_in(context, exhibition, "alice")
    unnamed = """() => [...document.querySelectorAll('button, a, input:not([type=hidden]), textarea, select, img')]
        .filter(element => element.matches('img') ? !element.hasAttribute('alt')
            : !(element.textContent.trim() || element.getAttribute('aria-label') || element.labels?.length
                || element.querySelector('img[alt]:not([alt=""])') || element.closest('[aria-hidden]')))
        .map(element => element.outerHTML)"""
    for path in ("/", f"/@alice/{post.id}", "/create", "/notifications", "/@alice", "/about"):
        await page.goto(path)
        assert await page.evaluate(unnamed) == [], path


async def test_a_prompt_full_of_markup_stays_words(exhibition: Exhibition, context: BrowserContext, page: Page) -> None:
    payload = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    post = await exhibition.hang(await person(exhibition, "alice"), payload, caption=payload, alt=payload)
    await come_in(context, exhibition, "alice")
    for path in ("/", f"/@alice/{post.id}", "/create", f"/posts/{post.id}/edit"):
        await page.goto(path)
    await page.goto(f"/@alice/{post.id}")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("onerror=alert(1)")


async def test_known_words_are_put_into_the_prompt(exhibition: Exhibition, context: BrowserContext, page: Page) -> None:
    await exhibition.tell_models([{"name": "drawing", "drawn_by_rules": True, "vocabulary": ["boat", "hill"]}])
    await come_in(context, exhibition, "alice")
    await page.goto("/create")
    await page.locator("#prompt").fill("a")
    await page.get_by_text("The 2 words it knows").click()
    await page.get_by_role("button", name="hill").click()
    await expect(page.locator("#prompt")).to_have_value("a hill ")
    await page.get_by_role("button", name="Another seed").click()
    assert (await page.locator("#seed").input_value()).isdigit()


async def test_on_a_phone_the_words_of_who_asks_have_room(
    exhibition: Exhibition, context: BrowserContext, page: Page
) -> None:
    alice, bob = await person(exhibition, "alice"), await person(exhibition, "bob")
    asked = await exhibition.say(alice, "the sea at night", reply_policy="manual")
    await exhibition.say(bob, "I could look at this all evening", in_reply_to=asked)
    await come_in(context, exhibition, "alice")
    await page.set_viewport_size({"width": 360, "height": 700})
    await page.goto("/approvals")
    box = await page.locator(".quotes p").bounding_box()
    assert box is not None and box["width"] > 200


async def test_who_asks_to_quote_is_answered_on_the_page(
    exhibition: Exhibition, context: BrowserContext, page: Page
) -> None:
    alice, bob = await person(exhibition, "alice"), await person(exhibition, "bob")
    asked = await exhibition.say(alice, "the sea at night", quote_policy="manual")
    await exhibition.say(bob, "look at this, how the light falls", quoted=asked)
    free = await exhibition.say(alice, "a lighthouse")
    await exhibition.say(bob, "and this", quoted=free)
    await come_in(context, exhibition, "alice")
    await page.goto("/approvals")
    await expect(page.get_by_role("heading", name="They ask")).to_be_visible()
    await page.get_by_role("button", name="Allow").click()
    await expect(page.get_by_role("heading", name="They ask")).to_have_count(0)
    await expect(page.get_by_role("button", name="Take back")).to_have_count(2)
    await page.get_by_role("button", name="Take back").first.click()
    await expect(page.get_by_role("button", name="Take back")).to_have_count(1)
