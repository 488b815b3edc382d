"""What every database engine keeps: transactions that end whole or not at all, one writer at a time, shared commits."""

import asyncio

import pytest
from sqlalchemy import bindparam, insert, select, update

from server.store.database import COMMITS_PER_CHECKPOINT
from server.store.settings import settings

_put = insert(settings)
_get = select(settings.c.value).where(settings.c.name == bindparam("wanted"))
_names = select(settings.c.name).order_by(settings.c.name)
_set = update(settings).where(settings.c.name == bindparam("wanted")).values(value=bindparam("new_value"))


async def value_of(database, name):
    async with database.read() as reader:
        row = await reader.one(_get, wanted=name)
    return None if row is None else row[0]


async def names_in(database):
    async with database.read() as reader:
        return [row[0] for row in await reader.all(_names)]


async def add_one(database, name, *, durable=True):
    """Count up, in a transaction that lets others run between reading and writing."""
    async with database.write(durable=durable) as tx:
        row = await tx.one(_get, wanted=name)
        await asyncio.sleep(0)
        await tx.run(_set, wanted=name, new_value=str(int(row[0]) + 1))


@pytest.mark.parametrize("durable", [True, False])
async def test_what_was_committed_is_read_by_every_process(engine, database, durable):
    async with engine.open() as other:
        async with database.write(durable=durable) as tx:
            await tx.run(_put, name="a", value="1")

        assert await value_of(database, "a") == "1"
        assert await value_of(other, "a") == "1"


@pytest.mark.parametrize("durable", [True, False])
async def test_nobody_sees_what_is_not_committed(engine, database, durable):
    async with engine.open() as other, database.write(durable=durable) as tx:
        await tx.run(_put, name="a", value="1")

        assert await value_of(database, "a") is None
        assert await value_of(other, "a") is None
        assert await tx.one(_get, wanted="a") == ("1",)


@pytest.mark.parametrize("durable", [True, False])
async def test_an_error_undoes_the_whole_transaction(database, durable):
    async def write_and_fail():
        async with database.write(durable=durable) as tx:
            await tx.run(_put, name="a", value="1")
            raise LookupError

    with pytest.raises(LookupError):
        await write_and_fail()

    assert await names_in(database) == []


async def test_a_statement_that_fails_undoes_what_went_before_it(database):
    async with database.write() as tx:
        await tx.run(_put, name="a", value="1")

    async def write_twice():
        async with database.write() as tx:
            await tx.run(_put, name="b", value="1")
            await tx.run(_put, name="a", value="2")

    with pytest.raises(Exception, match=r"(?i)unique"):
        await write_twice()

    assert await names_in(database) == ["a"]


@pytest.mark.parametrize("durable", [True, False])
@pytest.mark.parametrize("times", [1, 2, 3])
async def test_a_cancellation_undoes_the_whole_transaction_and_hinders_nobody(database, durable, times):
    inside = asyncio.Event()

    async def begin():
        async with database.write(durable=durable) as tx:
            await tx.run(_put, name="a", value="1")
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(begin())
    await inside.wait()
    for _ in range(times):
        task.cancel()
        await asyncio.sleep(0)
    async with database.write() as tx:
        await tx.run(_put, name="b", value="1")
        # Whatever is left of the first must not reach into this one.
        await asyncio.sleep(0.01)
    await asyncio.gather(task, return_exceptions=True)

    assert task.cancelled()
    assert await names_in(database) == ["b"]


async def test_a_transaction_inside_another_is_refused_and_the_outer_goes_on(database):
    async def write_again():
        async with database.write() as tx:
            await tx.run(_put, name="inner", value="1")

    async with database.write() as tx:
        await tx.run(_put, name="outer", value="1")
        with pytest.raises(RuntimeError, match="transaction"):
            await write_again()
        with pytest.raises(RuntimeError, match="transaction"):
            async with asyncio.timeout(5):
                await database.commit_together([(_put, {"name": "together", "value": "1"})])

    assert await names_in(database) == ["outer"]
    await write_again()
    assert await names_in(database) == ["inner", "outer"]


async def test_another_task_waits_for_its_turn(database):
    first_is_inside, order = asyncio.Event(), []

    async def first():
        async with database.write() as tx:
            first_is_inside.set()
            await asyncio.sleep(0)
            await tx.run(_put, name="a", value="1")
            order.append("first")

    async def second():
        await first_is_inside.wait()
        async with database.write(durable=False) as tx:
            assert await tx.one(_get, wanted="a") == ("1",)
            order.append("second")

    await asyncio.gather(second(), first())
    assert order == ["first", "second"]


async def test_run_says_how_many_rows_it_touched(database):
    async with database.write() as tx:
        assert await tx.run(_put, name="a", value="1") == 1
        assert await tx.run(_set, wanted="a", new_value="2") == 1
        assert await tx.run(_set, wanted="b", new_value="2") == 0


async def test_run_many_runs_for_each_set_of_values(database):
    async with database.write() as tx:
        await tx.run_many(_put, [])
        await tx.run_many(_put, [{"name": name, "value": ""} for name in "cab"])

    assert await names_in(database) == ["a", "b", "c"]


async def test_no_update_is_lost_between_tasks_and_processes(engine, database):
    async with engine.open() as other:
        async with database.write() as tx:
            await tx.run(_put, name="n", value="0")

        await asyncio.gather(
            *[add_one(house, "n", durable=bool(turn % 2)) for turn in range(20) for house in (database, other)]
        )

        assert await value_of(database, "n") == await value_of(other, "n") == "40"


async def test_more_readers_than_connections_take_turns(database):
    async with database.write() as tx:
        await tx.run(_put, name="a", value="1")

    assert await asyncio.gather(*[value_of(database, "a") for _ in range(50)]) == ["1"] * 50


async def test_values_come_back_as_they_went_in(database):
    text = "ünï\u2028code '\"; drop table settings; --\n" + "x" * 100_000
    async with database.write() as tx:
        await tx.run(_put, name="a", value=text)

    assert await value_of(database, "a") == text


async def test_many_quick_transactions_are_all_there(engine, database):
    async with database.write() as tx:
        await tx.run(_put, name="n", value="0")
    for _ in range(600):
        await add_one(database, "n", durable=False)

    async with engine.open() as other:
        assert await value_of(other, "n") == "600"


async def test_a_durable_transaction_after_very_many_quick_ones_commits(database):
    for number in range(COMMITS_PER_CHECKPOINT):
        async with database.write(durable=False) as tx:
            await tx.run(_put, name=str(number), value="")

    async with database.write() as tx:
        await tx.run(_put, name="after", value="it")

    assert await value_of(database, "after") == "it"


async def test_shared_commits_are_there_for_every_process_when_they_return(engine, database):
    async with engine.open() as other:

        async def store(number):
            await database.commit_together([(_put, {"name": f"{number:03}", "value": "1"})])
            assert await value_of(other, f"{number:03}") == "1"

        await asyncio.gather(*[store(number) for number in range(200)])
        assert len(await names_in(other)) == 200


async def test_a_poisoned_entry_of_a_shared_commit_fails_alone(database):
    async with database.write() as tx:
        await tx.run(_put, name="taken", value="1")

    entries = [[(_put, {"name": name, "value": "2"})] for name in ("a", "taken", "b")]
    # The one who fails fails whole: its good half is undone as well.
    entries[1].insert(0, (_put, {"name": "half", "value": "2"}))
    results = await asyncio.gather(*[database.commit_together(one) for one in entries], return_exceptions=True)

    assert [isinstance(one, Exception) for one in results] == [False, True, False]
    assert await names_in(database) == ["a", "b", "taken"]
    assert await value_of(database, "taken") == "1"


async def test_the_changes_of_one_shared_entry_keep_their_order(database):
    """Also when two kinds of change take turns in it."""
    changes = [
        (_put, {"name": "a", "value": "1"}),
        (_set, {"wanted": "a", "new_value": "2"}),
        (_put, {"name": "b", "value": "1"}),
        (_set, {"wanted": "b", "new_value": "2"}),
    ]
    await asyncio.gather(database.commit_together(changes[:2]), database.commit_together(changes[2:]))

    assert [await value_of(database, name) for name in "ab"] == ["2", "2"]


async def test_one_who_leaves_a_shared_commit_takes_nobody_along(database):
    leaving = asyncio.create_task(database.commit_together([(_put, {"name": "left", "value": "1"})]))
    staying = asyncio.create_task(database.commit_together([(_put, {"name": "stayed", "value": "1"})]))
    await asyncio.sleep(0)
    leaving.cancel()
    await staying
    await asyncio.gather(leaving, return_exceptions=True)

    assert "stayed" in await names_in(database)


async def test_a_task_born_in_a_transaction_may_write_when_that_is_over(database):
    over = asyncio.Event()

    async def write_later():
        await over.wait()
        async with database.write() as tx:
            await tx.run(_put, name="later", value="1")

    async with database.write() as tx:
        later = asyncio.create_task(write_later())
        await tx.run(_put, name="first", value="1")
    over.set()
    await later

    assert await names_in(database) == ["first", "later"]


async def test_a_shared_commit_waits_for_an_open_transaction(database):
    begun = asyncio.Event()

    async def share_when_begun():
        await begun.wait()
        await _share(database)

    sharing = asyncio.create_task(share_when_begun())
    async with database.write() as tx:
        begun.set()
        await asyncio.sleep(0)
        await tx.run(_put, name="a", value="1")
        assert not sharing.done()
    await sharing

    assert await names_in(database) == ["a", "shared"]


async def _share(database):
    await database.commit_together([(_put, {"name": "shared", "value": "1"})])


async def test_closing_finishes_the_shared_commit_under_way(engine):
    async with engine.open() as database:
        waiting = asyncio.create_task(_share(database))
        await asyncio.sleep(0)
    await waiting

    async with engine.open() as again:
        assert await names_in(again) == ["shared"]
