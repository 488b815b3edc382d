"""The workers' locks and their cleaning."""

import fcntl
import threading

from server.agenda.strangers import DROPPED_AT_ONCE
from server.jobs.queue import Job
from server.store.network import activities
from server.work import hold_locks, is_anyone_working, plain_handlers
from tests.fakes import FakeClock, Network
from tests.instance import open_instance


def test_a_worker_starts_while_somebody_looks_whether_there_is_one(tmp_path):
    with (tmp_path / "work-inbox.lock").open("ab") as looking:
        fcntl.flock(looking, fcntl.LOCK_EX)
        threading.Timer(0.05, fcntl.flock, (looking, fcntl.LOCK_UN)).start()

        with hold_locks(tmp_path, ["inbox"]):
            assert is_anyone_working(tmp_path, "inbox")
    assert not is_anyone_working(tmp_path, "inbox")


async def test_cleaning_drops_all_that_is_old_and_nothing_else(tmp_path):
    async with open_instance(tmp_path, Network(), clock := FakeClock()) as house:
        number = 2 * DROPPED_AT_ONCE + 1
        async with house.database.write() as tx:
            for one in range(number + 1):
                change, values = activities.received(
                    id=one + 1,
                    uri=f"https://remote.example/{one}",
                    type="Like",
                    actor_uri="https://remote.example/bob",
                    object_uri=None,
                    document=b"{}",
                    at=clock.now(),
                )
                await tx.run(change, **values)
                if one < number:
                    await activities.finish(tx, one + 1, at=clock.now(), outcome="liked")
        clock.advance(house.config.keeping.activity_days * 86_400 + 1)

        await plain_handlers(house.services)["clean"](Job(1, "clean", {}, 1))

        async with house.database.read() as reader:
            assert await activities.find(reader, number) is None
            assert await activities.find(reader, number + 1) is not None
        assert [job.kind for job in await house.jobs()] == ["clean"]
