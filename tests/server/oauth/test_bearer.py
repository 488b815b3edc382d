"""Bearer tokens: who is behind one, when it is good, and what a refusal says."""

from dataclasses import replace

import pytest

from server.actions.people.login import make_token
from server.oauth.bearer import BadToken, challenge, read_bearer
from server.passwords import hash_token
from server.store.clients import tokens
from server.store.clients.tokens import AccessToken, AppToken
from server.store.people import accounts, actors


@pytest.fixture
async def token(ground):
    async with ground.write() as tx:
        account = await accounts.find_by_actor(tx, ground.alice.id)
        assert account is not None
        return await make_token(tx, ground.site, account, scopes="read write:media", label="shell")


async def read(ground, authorization, **more):
    async with ground.house.database.read() as reader:
        return await read_bearer(reader, ground.site, authorization, **more)


async def test_a_token_says_who_sent_it_and_what_they_may(ground, token):
    bearer = await read(ground, f"Bearer {token}")

    assert (bearer.actor.id, bearer.account.username, bearer.client_id) == (ground.alice.id, "alice", None)
    assert bearer.scopes == {"read", "write:media"}
    assert bearer.allows("read:statuses") and bearer.allows("write:media")
    assert not bearer.allows("write:statuses")
    assert token not in repr(bearer) and hash_token(token) not in repr(bearer)


async def test_a_token_may_come_in_the_query_and_in_any_case_of_the_scheme(ground, token):
    assert (await read(ground, None, query_token=token)).actor.id == ground.alice.id
    assert (await read(ground, f"bearer  {token} ")).actor.id == ground.alice.id


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer ", "Basic YTpi"])
async def test_without_a_token_nobody_is_there(ground, authorization):
    assert await read(ground, authorization) is None


@pytest.mark.parametrize("sent", ["x", "x" * 5000, "ü", "a b"])
async def test_an_unknown_token_is_refused(ground, sent):
    with pytest.raises(BadToken):
        await read(ground, f"Bearer {sent}")


async def test_a_revoked_token_is_refused(ground, token):
    await ground.once(tokens.revoke, hash_token(token), at=ground.site.clock.now())

    with pytest.raises(BadToken):
        await read(ground, f"Bearer {token}")


async def test_a_token_runs_out(ground):
    now = ground.site.clock.now()
    row = AccessToken(hash_token("t"), ground.alice.id, "read", "x", now, expires_at=now + 60_000_000)
    await ground.once(tokens.add, row)

    assert await read(ground, "Bearer t") is not None
    ground.house.clock.advance(60)
    with pytest.raises(BadToken):
        await read(ground, "Bearer t")


async def test_an_app_may_speak_for_itself(ground):
    now = ground.site.clock.now()
    await ground.once(tokens.add_app, AppToken(hash_token("t"), "app", "read", now, now + 60_000_000))

    bearer = await read(ground, "Bearer t")
    assert (bearer.actor, bearer.account, bearer.client_id) == (None, None, "app")
    assert bearer.allows("read:statuses") and not bearer.allows("write")
    ground.house.clock.advance(60)
    with pytest.raises(BadToken):
        await read(ground, "Bearer t")


async def test_the_token_of_a_suspended_actor_is_refused(ground, token):
    await ground.once(actors.replace, replace(ground.alice, suspended_at=1))

    with pytest.raises(BadToken):
        await read(ground, f"Bearer {token}")


async def test_a_changed_password_ends_every_token_of_the_account(ground, token):
    await ground.once(tokens.revoke_of_actor, ground.alice.id, at=ground.site.clock.now())

    with pytest.raises(BadToken):
        await read(ground, f"Bearer {token}")


def test_s114_a_challenge_names_the_error_and_where_the_metadata_lie(ground):
    origin = ground.site.origin
    well_known = f"{origin}/.well-known/oauth-protected-resource"

    assert challenge(ground.site, None, None) == f'Bearer realm="{ground.site.domain}"'
    assert challenge(ground.site, "invalid_token", f"{origin}/users/alice/inbox?page=1") == (
        f'Bearer realm="{ground.site.domain}", error="invalid_token", '
        f'resource_metadata="{well_known}/users/alice/inbox?page=1"'
    )
    assert challenge(ground.site, None, f"{origin}/a?access_token=x").endswith(f'="{well_known}/a"')
    assert challenge(ground.site, None, f'{origin}/a" b\r\nc').endswith(f'="{well_known}/a%22%20bc"')
    assert challenge(ground.site, None, f"{origin}/").endswith(f'resource_metadata="{well_known}"')
