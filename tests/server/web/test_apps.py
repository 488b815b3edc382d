"""The page of apps."""

import re

import pytest

from server.actions.login import make_token
from server.passwords import hash_token
from server.store import accounts, tokens
from tests.server.web.exhibition import Exhibition, Visitor


@pytest.fixture
async def token(exhibition: Exhibition) -> str:
    """A token of alice's that an app has."""
    await exhibition.person("alice")
    async with exhibition.services.database.write() as tx:
        account = await accounts.find_by_username(tx, "alice")
        assert account is not None
        return await make_token(tx, exhibition.site, account, scopes="read write:media", label="A phone app")


async def test_an_app_is_listed_with_what_it_may_do_and_can_lose_it(
    exhibition: Exhibition, visitor: Visitor, token: str
) -> None:
    await visitor.log_in("alice")
    page = (await visitor.get("/settings/apps")).text
    assert "A phone app" in page and "See everything in your account" in page
    found = re.search(r'name="app" value="([0-9a-f]+)"', page)
    assert found

    await visitor.submit("/settings/apps/take-away", app=found[1])

    assert "No app may act for you" in (await visitor.get("/settings/apps")).text
    async with exhibition.services.database.read() as reader:
        assert await tokens.find_live(reader, hash_token(token), now=0) is None


async def test_nobody_takes_away_what_is_somebody_elses(exhibition: Exhibition, visitor: Visitor, token: str) -> None:
    await exhibition.person("bob")
    await visitor.log_in("bob")
    await visitor.get("/settings/apps")
    fields = {"app": hash_token(token)[:16]}
    assert (await visitor.post("/settings/apps/take-away", fields)).status in (403, 404)
    async with exhibition.services.database.read() as reader:
        assert await tokens.find_live(reader, hash_token(token), now=0) is not None
