"""What is long dead is forgotten, and what somebody may still use is not."""

import pytest

from server.actions.people import grant
from server.actions.people.enrol_client import Applicant, enrol
from server.actions.people.forget_clients import forget_clients
from server.actions.people.grant import Consent
from server.passwords import hash_token
from server.store.clients import oauth, tokens
from server.store.people import accounts

DAY = 86_400
APPLICANT = Applicant("App", None, ("https://app.example/",), "read", "authorization_code refresh_token")


@pytest.fixture
async def client(ground):
    made, _ = await ground.once(enrol, ground.site, APPLICANT, kind="registered", public=True)
    return made


async def found(ground, client):
    async with ground.house.database.read() as reader:
        return await oauth.find_client(reader, client.client_id)


async def let_in(ground, client):
    async with ground.write() as tx:
        account = await accounts.find_by_actor(tx, ground.alice.id)
        assert account is not None
        consent = Consent(client, "https://app.example/", "read", None)
        code = await grant.issue_code(tx, ground.site, account, consent)
        row = await oauth.find_code(tx, hash_token(code))
        assert row is not None
        return await grant.redeem(tx, ground.site, client, row), row


async def test_a_client_that_nobody_let_in_is_kept_for_thirty_days(ground, client):
    ground.house.clock.advance(30 * DAY)
    await ground.once(forget_clients, ground.site)
    assert await found(ground, client) is not None

    ground.house.clock.advance(1)
    assert await ground.once(forget_clients, ground.site) == 1
    assert await found(ground, client) is None


async def test_a_client_that_somebody_let_in_is_kept(ground, client):
    await let_in(ground, client)
    ground.house.clock.advance(400 * DAY)

    await ground.once(forget_clients, ground.site)

    assert await found(ground, client) is not None


async def test_dead_codes_and_tokens_are_forgotten_a_week_later(ground, client):
    issued, code = await let_in(ground, client)
    ground.house.clock.advance(7 * DAY)
    assert await ground.once(forget_clients, ground.site) == 0

    ground.house.clock.advance(DAY + 1)
    # The code and the access token; the refresh token lives for two months.
    assert await ground.once(forget_clients, ground.site) == 2
    async with ground.house.database.read() as reader:
        assert await oauth.find_code(reader, code.code_hash) is None
        assert await tokens.find_refresh(reader, hash_token(issued.refresh_token)) is not None


async def test_a_used_refresh_token_is_known_until_it_would_have_run_out(ground, client):
    issued, _ = await let_in(ground, client)
    async with ground.write() as tx:
        row = await tokens.find_refresh(tx, hash_token(issued.refresh_token))
        await grant.rotate(tx, ground.site, client, row, "read")
    ground.house.clock.advance(59 * DAY)
    await ground.once(forget_clients, ground.site)

    async with ground.write() as tx:
        assert await grant.rotate(tx, ground.site, client, row, "read") is None
        assert await tokens.find_refresh(tx, row.token_hash) is not None
