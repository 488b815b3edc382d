"""Who gets an activity: statements 133 to 138, 143 and 147, and that a kill neither doubles nor loses anybody."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from activitypub.vocabulary import PUBLIC
from server.services import Services
from server.store.network import domain_rules
from server.store.network.domain_rules import SUSPEND, Rule
from server.store.ties import follows
from tests.fakes import FakeClock
from tests.mortal import Killed, Life, MortalDatabase
from tests.server.delivery.office import (
    add_follower,
    change_actor,
    follow_in,
    rows_of,
    run_due,
    waiting_jobs,
    write,
)
from tests.server.house import add_local, alice_of, open_house
from tests.server.neighbour import Answer, open_neighbour

A, B = "https://a.example", "https://b.example"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def house(tmp_path: Path, clock: FakeClock) -> AsyncIterator[Services]:
    async with open_house(tmp_path, clock=clock) as services:
        yield services


async def fan_out(services: Services, activity_id: int) -> list[str]:
    await run_due(services, only="fanout")
    return [row.inbox for row in await rows_of(services, activity_id)]


async def test_s50_a_public_post_goes_once_to_each_shared_inbox_and_to_who_has_none(house: Services) -> None:
    for name in ("u1", "u2", "u3"):
        await add_follower(house, f"{A}/{name}", shared_inbox=f"{A}/inbox")
    await add_follower(house, f"{B}/u4")
    assert await fan_out(house, await write(house)) == [f"{A}/inbox", f"{B}/u4/inbox"]


async def test_a_followers_only_post_uses_shared_inboxes_too(house: Services) -> None:
    await add_follower(house, f"{A}/u1", shared_inbox=f"{A}/inbox")
    assert await fan_out(house, await write(house, to=())) == [f"{A}/inbox"]


async def test_a_direct_message_goes_to_the_persons_own_inbox(house: Services) -> None:
    await add_follower(house, f"{A}/u1", shared_inbox=f"{A}/inbox")
    assert await fan_out(house, await write(house, to=(f"{A}/u1",), followers=False)) == [f"{A}/u1/inbox"]


async def test_s136_who_only_asked_to_follow_or_is_gone_or_suspended_or_ours_gets_nothing(house: Services) -> None:
    await add_follower(house, f"{A}/asked", state="pending")
    await change_actor(house, await add_follower(house, f"{A}/gone"), gone_at=1)
    await change_actor(house, await add_follower(house, f"{A}/suspended"), suspended_at=1)
    bob = await add_local(house, "bob")
    alice = await alice_of(house)
    async with house.database.write() as tx:
        await follows.put(tx, follows.Follow(1, bob.id, alice.id, "x", "accepted", 1, 1))
    assert await fan_out(house, await write(house, to=(PUBLIC, bob.uri, alice.uri))) == []


async def test_a_suspended_host_gets_nothing(house: Services) -> None:
    await add_follower(house, f"{A}/u1")
    await add_follower(house, f"{B}/u2")
    async with house.database.write() as tx:
        await domain_rules.put(tx, Rule(domain="a.example", severity=SUSPEND, created_at=1))
    assert await fan_out(house, await write(house)) == [f"{B}/u2/inbox"]


async def test_s133_blind_and_audience_recipients_are_reached(house: Services) -> None:
    for name in ("bto", "bcc", "audience"):
        await add_follower(house, f"{A}/{name}")
    sent = await write(house, to=(), followers=False, bto=[f"{A}/bto"], bcc=f"{A}/bcc", audience=[f"{A}/audience"])
    assert await fan_out(house, sent) == [f"{A}/audience/inbox", f"{A}/bcc/inbox", f"{A}/bto/inbox"]


async def test_somebody_not_yet_known_is_looked_up(house: Services) -> None:
    async with open_neighbour() as neighbour:
        uri = neighbour.serve_person("bob")
        assert await fan_out(house, await write(house, to=(uri,), followers=False)) == [f"{uri}/inbox"]


async def test_s134_a_foreign_collection_is_nobody(house: Services) -> None:
    async with open_neighbour() as neighbour:
        neighbour.serve("/users/bob/followers", {"id": f"{neighbour.origin}/users/bob/followers", "type": "Collection"})
        sent = await write(house, to=(f"{neighbour.origin}/users/bob/followers",))
        assert await fan_out(house, sent) == []
        assert await waiting_jobs(house) == []


async def test_somebody_who_cannot_be_looked_up_now_is_tried_again_and_holds_up_nobody(
    house: Services, clock: FakeClock
) -> None:
    await add_follower(house, f"{A}/u1")
    async with open_neighbour() as neighbour:
        uri = neighbour.serve_person("bob")
        document = neighbour.person("bob")
        neighbour.answer("/users/bob", Answer(status=503))
        sent = await write(house, to=(PUBLIC, uri))
        assert await fan_out(house, sent) == [f"{A}/u1/inbox"]

        neighbour.serve("/users/bob", document)
        clock.advance(60)
        assert await fan_out(house, sent) == sorted([f"{A}/u1/inbox", f"{neighbour.origin}/inbox"])


async def test_s134_thousands_of_followers_are_reached_page_by_page_once_each(house: Services) -> None:
    async with house.database.write() as tx:
        for number in range(2300):
            await follow_in(tx, house, f"https://h{number % 700}.example/u{number}")
    sent = await write(house)
    await run_due(house, only="fanout")
    rows = await rows_of(house, sent)
    assert len(rows) == len({row.inbox for row in rows}) == 2300
    sizes = [sum(row.batch == batch for row in rows) for batch in {row.batch for row in rows}]
    assert max(sizes) == 100 and len(sizes) == 23
    assert len([job for job in await waiting_jobs(house) if job.kind == "deliver"]) == 23


@pytest.mark.parametrize("type", ["Delete", "Update"])
async def test_a_change_reaches_who_got_the_post_and_follows_no_more(house: Services, type: str) -> None:
    fan = await add_follower(house, f"{A}/u1", shared_inbox=f"{A}/inbox")
    alice = await alice_of(house)
    post = f"{alice.uri}/posts/1"
    await fan_out(house, await write(house, object_uri=post))
    async with house.database.write() as tx:
        await follows.drop(tx, fan.id, alice.id)
    assert await fan_out(house, await write(house, type=type, object_uri=post)) == [f"{A}/inbox"]


async def test_payloads_hold_ids_alone(house: Services) -> None:
    await add_follower(house, f"{A}/u1")
    sent = await write(house)
    await run_due(house, only="fanout")
    (row,) = await rows_of(house, sent)
    assert [job.payload for job in await waiting_jobs(house)] == [f'{{"batch":{row.batch}}}']


async def test_a_kill_at_any_step_doubles_and_loses_nobody(tmp_path: Path) -> None:
    """A life of 1,100 followers has two steps of fan-out; each life dies one step later than the one before."""
    dies_at, survived = 0, False
    while not survived:
        folder = tmp_path / str(dies_at)
        folder.mkdir()
        async with open_house(folder) as services:
            async with services.database.write() as tx:
                for number in range(1100):
                    await follow_in(tx, services, f"https://h{number}.example/u")
            sent = await write(services)
            life = Life()
            life.die_after(dies_at)
            mortal = replace(services, database=MortalDatabase(services.database, life))
            try:
                await run_due(mortal, only="fanout")
                survived = True
            except Killed:
                await run_due(services, only="fanout")
            rows = await rows_of(services, sent)
            assert len(rows) == 1100
            batches = {row.batch for row in rows}
            queued = [job.payload for job in await waiting_jobs(services)]
            assert sorted(queued) == sorted(f'{{"batch":{batch}}}' for batch in batches)
        dies_at += 1
    assert dies_at > 4
