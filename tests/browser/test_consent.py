"""The consent page in a browser that keeps to its policy: the answer leaves for the program, and goes on from there."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import pytest
from playwright.async_api import BrowserContext, Page, expect

from server.actions.people.enrol_client import Applicant, enrol
from tests.browser.conftest import come_in
from tests.server.web.exhibition import Exhibition


@pytest.fixture
async def callback() -> AsyncIterator[str]:
    """A program's address, which sends the browser on to another origin, as web clients do."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        moved = f"HTTP/1.1 302 Found\r\nlocation: http://localhost:{port}/arrived\r\ncontent-length: 0\r\n\r\n"
        page = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 14\r\n\r\n<h1>Hello</h1>"
        writer.write((moved if head.startswith("GET /callback?code=") else page).encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        yield f"http://127.0.0.1:{port}/callback"


async def test_s96_a_browser_takes_the_answer_to_the_program_and_beyond(
    page: Page, context: BrowserContext, exhibition: Exhibition, callback: str
) -> None:
    applicant = Applicant("Brushes", None, (callback,), "read write", "authorization_code")
    async with exhibition.services.database.write() as tx:
        client, _ = await enrol(tx, exhibition.site, applicant, kind="app", public=False)
    await come_in(context, exhibition, "alice")
    asked = {"client_id": client.client_id, "redirect_uri": callback, "response_type": "code", "scope": "read write"}

    await page.goto(f"/oauth/authorize?{urlencode(asked)}")
    await expect(page.get_by_role("heading", name="Let Brushes in?")).to_be_visible()
    await page.get_by_role("button", name="Let it in").click()

    await expect(page.get_by_role("heading", name="Hello")).to_be_visible()
    assert page.url.endswith("/arrived")
