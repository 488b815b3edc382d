"""The page of apps; what the list holds is tested in `tests/server/oauth/test_consents.py`."""

import pytest

from server.actions.people.login import make_token
from server.passwords import hash_token
from server.store.clients import tokens
from server.store.people import accounts
from tests.server.web.exhibition import Exhibition, Visitor, read_forms

PAGE = "/settings/apps"


@pytest.fixture
async def token(exhibition: Exhibition) -> str:
    """A token of alice's that an app has."""
    await exhibition.person("alice")
    async with exhibition.services.database.write() as tx:
        account = await accounts.find_by_username(tx, "alice")
        assert account is not None
        return await make_token(tx, exhibition.site, account, scopes="read write:media", label="A phone app")


async def is_live(exhibition: Exhibition, token: str) -> bool:
    async with exhibition.services.database.read() as reader:
        return await tokens.find_live(reader, hash_token(token), now=0) is not None


async def test_an_app_is_listed_with_what_it_may_do_and_can_be_put_out(
    exhibition: Exhibition, visitor: Visitor, token: str
) -> None:
    await visitor.enter("alice")
    page = (await visitor.get(PAGE)).text
    assert "A phone app" in page and "See everything in your account" in page
    [action] = [path for path in read_forms(page) if path.startswith(f"{PAGE}/")]

    assert (await visitor.submit(action)).location == PAGE

    assert "None. An app that wants" in (await visitor.get(PAGE)).text
    assert not await is_live(exhibition, token)


async def test_nobody_puts_out_what_is_somebody_elses(exhibition: Exhibition, visitor: Visitor, token: str) -> None:
    await exhibition.person("bob")
    await visitor.enter("alice")
    [action] = [path for path in read_forms((await visitor.get(PAGE)).text) if path.startswith(f"{PAGE}/")]
    bob = Visitor(exhibition)
    await bob.enter("bob")
    form_token = read_forms((await bob.get(PAGE)).text)["/logout"]["token"]

    await bob.post(action, {"token": form_token}, {"Sec-Fetch-Site": "same-origin"})

    assert await is_live(exhibition, token)


async def test_the_page_of_security_leads_to_the_apps(visitor: Visitor, token: str) -> None:
    await visitor.enter("alice")
    page = (await visitor.get("/settings/security")).text
    assert f'href="{PAGE}"' in page and "A phone app" not in page
