"""A real Chromium against a real port; the instance runs in this process, so that a test can play the studio."""

import asyncio
import contextlib
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from server.ids import SystemClock
from server.web.door import STOPPING
from tests.server.web.exhibition import Exhibition, QuietPeers, Visitor, open_exhibition

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# No sandbox, since tests may run as root; and nothing that speaks with anybody but the page.
FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker("browser")
            # One worker keeps its Chromium; two at once would starve each other on a small machine.
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as opened:
        yield opened


@pytest.fixture
async def exhibition(tmp_path: Path, listener: socket.socket) -> AsyncIterator[Exhibition]:
    """An instance with alice and bob, listening on a free port."""
    domain = f"localhost:{listener.getsockname()[1]}"
    async with open_exhibition(tmp_path, QuietPeers(), domain=domain, clock=SystemClock()) as opened:
        await opened.person("alice", name="Alice Aquarelle")
        await opened.person("bob")
        async with _serving(opened, listener):
            yield opened


@contextlib.asynccontextmanager
async def _serving(exhibition: Exhibition, listener: socket.socket) -> AsyncIterator[None]:
    config = uvicorn.Config(
        exhibition.app, lifespan="off", log_config=None, http="httptools", ws="none", timeout_graceful_shutdown=2
    )
    server = uvicorn.Server(config)
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield
    finally:
        exhibition.app.extensions[STOPPING].set()
        server.should_exit = True
        await serving


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.fail("Chromium is not installed; 'make browser' brings it")
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield opened
        await opened.close()


@pytest.fixture
async def context(browser: Browser, exhibition: Exhibition) -> AsyncIterator[BrowserContext]:
    opened = await browser.new_context(base_url=exhibition.site.origin, color_scheme="light")
    yield opened
    await opened.close()


@pytest.fixture
async def page(context: BrowserContext) -> AsyncIterator[Page]:
    """A tab; whatever the browser complained about fails the test at its end.

    Not that it left out the fade between two pages, which it does where the second was painted before it was ready.
    """
    opened = await context.new_page()
    opened.set_default_timeout(20_000)
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
    yield opened
    assert [one for one in complaints if not one.startswith("Transition was aborted")] == []


async def come_in(context: BrowserContext, exhibition: Exhibition, name: str) -> None:
    """Have the browser logged in."""
    visitor = Visitor(exhibition)
    await visitor.enter(name)
    [cookie] = visitor.client.cookie_jar or ()
    await context.add_cookies([{"name": cookie.name, "value": cookie.value or "", "url": exhibition.site.origin}])
