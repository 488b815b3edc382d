"""Accounts: made once, logged in and out, and what they say of themselves told to who follows them."""

import pytest

from activitypub.vocabulary import PUBLIC
from server.actions.people.login import log_in, log_out, make_token
from server.actions.people.profile import ProfileChange, change_profile
from server.actions.people.register import check_username, ensure_instance_actor, register
from server.passwords import hash_token
from server.problems import Conflict, Forbidden, Invalid
from server.store.clients import tokens
from server.store.people import accounts, actors
from server.store.people.accounts import Account
from tests.instance import pair_of


async def account_of(ground, actor):
    async with ground.house.database.read() as reader:
        found = await accounts.find_by_actor(reader, actor.id)
    assert found is not None
    return found


async def session(ground, token):
    async with ground.house.database.read() as reader:
        found = await accounts.find_session(reader, hash_token(token), now=ground.site.clock.now())
    return found and found.actor_id


async def test_a_new_account_has_an_actor_and_the_key_that_speaks_for_it(ground):
    async with ground.write() as tx:
        dora = await register(tx, ground.site, " Dora ", password_hash="hash", keys=pair_of("dora"), admin=True)

    assert (dora.username, dora.handle) == ("dora", "dora@pinxit.example")
    assert dora.uri == f"{ground.house.origin}/users/dora"
    # Being found is for each to choose.
    assert not dora.discoverable and not dora.indexable
    found = await account_of(ground, dora)
    assert (found.username, found.role, found.password_hash) == ("dora", "admin", "hash")
    signer = await ground.house.services.signers.of(dora.id)
    assert signer is not None and signer.key_id == f"{dora.uri}#main-key"


@pytest.mark.parametrize("name", ["", "a b", "a-b", "a.b", "ä", "x" * 31, "admin", "Instance", "actor", "../x", "a\n"])
def test_some_names_may_not_be_taken(name):
    if name == "a\n":
        assert check_username(name) == "a"
        return
    with pytest.raises(Invalid):
        check_username(name)


async def test_a_name_is_taken_once_also_after_its_bearer_left(ground):
    await ground.once(actors.mark_gone, ground.alice.uri, at=1)

    for name in ("alice", "ALICE", "carol"):
        with pytest.raises(Conflict):
            await ground.once(register, ground.site, name, password_hash="h", keys=pair_of("x"))


async def test_the_instance_has_one_actor_however_often_it_starts(ground):
    first = await ground.once(ensure_instance_actor, ground.site, pair_of("one"))
    second = await ground.once(ensure_instance_actor, ground.site, pair_of("two"))

    assert first.id == second.id
    assert (first.type, first.uri) == ("Application", f"{ground.house.origin}/actor")


async def test_a_session_lasts_until_its_end_or_its_log_out(ground):
    account = await account_of(ground, ground.alice)
    one, other = [await ground.once(log_in, ground.site, account) for _ in range(2)]
    assert one != other
    assert await session(ground, one) == await session(ground, other) == ground.alice.id

    await ground.once(log_out, one)
    assert await session(ground, one) is None
    ground.house.clock.advance(ground.site.config.accounts.session_days * 86_400 - 1)
    assert await session(ground, other) == ground.alice.id
    ground.house.clock.advance(1)
    assert await session(ground, other) is None


async def test_a_new_password_ends_every_session(ground):
    token = await ground.once(log_in, ground.site, await account_of(ground, ground.alice))

    await ground.once(accounts.set_password, ground.alice.id, "another")

    assert await session(ground, token) is None
    assert (await account_of(ground, ground.alice)).password_hash == "another"


async def test_one_who_is_suspended_does_not_log_in(ground):
    account = await account_of(ground, ground.alice)
    suspended = Account(**{name: getattr(account, name) for name in account.__slots__} | {"suspended_at": 1})

    with pytest.raises(Forbidden):
        await ground.once(log_in, ground.site, suspended)


async def test_a_bearer_token_is_kept_as_a_hash_with_its_scopes(ground):
    account = await account_of(ground, ground.alice)
    token = await ground.once(make_token, ground.site, account, scopes="read write:media", label="phone")

    async with ground.house.database.read() as reader:
        found = await tokens.find_live(reader, hash_token(token), now=ground.site.clock.now())
        assert await tokens.find(reader, token) is None
    assert (found.actor_id, found.scopes, found.label) == (ground.alice.id, "read write:media", "phone")
    assert (found.client_id, found.expires_at) == (None, None)


async def test_a_changed_profile_is_sent_whole_to_the_followers(ground):
    await ground.let_bob_follow()
    change = ProfileChange(name=" Alice A. ", summary="I paint <b> #boats", locked=True, discoverable=True)

    await ground.once(change_profile, ground.site, ground.alice, change)
    await ground.settle()

    (update,) = ground.person.host.received("Update")
    shown = update["object"]
    assert (shown["id"], shown["name"], shown["manuallyApprovesFollowers"]) == (ground.alice.uri, "Alice A.", True)
    assert "&lt;b&gt;" in shown["summary"] and shown["publicKey"]["publicKeyPem"]
    assert PUBLIC in update["to"]


async def test_what_a_profile_change_leaves_out_stays(ground):
    await ground.once(change_profile, ground.site, ground.alice, ProfileChange(name="Alice", summary="I paint"))
    alice = await ground.house.actor(ground.alice.uri)

    changed = await ground.once(change_profile, ground.site, alice, ProfileChange(name=""))

    assert (changed.name, changed.summary_html, changed.display_name) == (None, "<p>I paint</p>", "alice")


@pytest.mark.parametrize("change", [{"name": "x" * 31}, {"summary": "x" * 501}])
async def test_a_profile_has_bounds(ground, change):
    with pytest.raises(Invalid):
        await ground.once(change_profile, ground.site, ground.alice, ProfileChange(**change))
