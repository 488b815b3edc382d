"""The workers' locks and their cleaning."""

import fcntl
import threading

from server.actions.painting import models as painting
from server.agenda.strangers import DROPPED_AT_ONCE
from server.config import Config, GenerationConfig, ModelConfig, SiteConfig
from server.jobs.queue import Job
from server.store.network import activities
from server.web.making import models as making
from server.work import hold_locks, is_anyone_working, model_settings, plain_handlers
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


async def test_before_the_generator_has_told_all_rooms_know_the_same_models(tmp_path):
    configured = GenerationConfig(models=(ModelConfig("sdxl", "diffusers", path="/srv/sdxl"),))
    config = Config(site=SiteConfig(domain="pinxit.example"), generation=configured)
    opened = open_instance(tmp_path, Network(), FakeClock(), config=config)
    async with opened as house, house.database.read() as reader:
        asked_for = await painting.list_models(reader, house.site)
        shown = await making.list_models(reader, house.site)
    assert [model.sizes == () for model in asked_for] == [model.sizes == () for model in shown] == [True, False]
    assert painting.choose_size(asked_for[0], 1.0) is None
    by_rules = {"sdxl": False, "drawing": True}
    assert {model.name: model.drawn_by_rules for model in asked_for} == by_rules
    assert {model.name: model.drawn_by_rules for model in shown} == by_rules
    assert [(model.shown_name, model.license) for model in shown] == [("sdxl", ""), ("Drawing by rules", "CC0-1.0")]
    told = model_settings(config)
    assert [(model.name, model.engine, model.path) for model in told] == [
        ("sdxl", "diffusers", "/srv/sdxl"),
        ("drawing", "drawing", None),
    ]
