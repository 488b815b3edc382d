"""The deadline: many waiters, one limit, and nobody else's cancellation taken for it."""

import asyncio

import pytest

from server.federation.deadline import Deadline


async def _forever() -> None:
    await asyncio.get_running_loop().create_future()


async def test_what_comes_in_time_is_returned():
    async def soon() -> int:
        await asyncio.sleep(0)
        return 7

    assert await Deadline(60).wait(soon()) == 7


async def test_what_does_not_come_is_a_timeout():
    with pytest.raises(TimeoutError):
        await Deadline(0.001).wait(_forever())


async def test_every_waiter_has_its_own_end():
    deadline = Deadline(0.001)
    ends = await asyncio.gather(*(deadline.wait(_forever()) for _ in range(3)), return_exceptions=True)
    assert [type(end) for end in ends] == [TimeoutError] * 3


async def test_it_holds_again_after_it_rang():
    deadline = Deadline(0.001)
    for _ in range(2):
        with pytest.raises(TimeoutError):
            await deadline.wait(_forever())


async def test_one_who_is_cancelled_by_others_stays_cancelled():
    waiter = asyncio.create_task(Deadline(60).wait(_forever()))
    await asyncio.sleep(0)
    waiter.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiter


async def test_the_task_may_go_on_after_a_timeout():
    async def twice() -> str:
        with pytest.raises(TimeoutError):
            await Deadline(0.001).wait(_forever())
        await asyncio.sleep(0)
        return "alive"

    assert await asyncio.create_task(twice()) == "alive"
