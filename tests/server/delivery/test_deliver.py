"""What becomes of deliveries: statements 140 to 145, the breaker, and a kill at any step."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import structlog
from aiohttp import web
from aiohttp.web_request import BaseRequest

from activitypub import signatures
from activitypub.delivery import BACKOFF_SECONDS, MAX_ATTEMPTS
from activitypub.keys import OwnedKey, Signer
from activitypub.reading import read_json
from activitypub.verified import Form
from server.actions.network.wake_peer import wake_peer
from server.config import FederationConfig
from server.delivery.breaker import FAILURES_AT_MOST
from server.delivery.deliver import Deliverer
from server.remote.seam import NOTHING, Document, Onward, Peers, Sent
from server.services import Services
from server.store.network import activities, peers
from server.store.people import actors
from tests.fakes import FakeClock, key_of
from tests.mortal import Killed, Life, MortalDatabase
from tests.server.delivery.office import add_follower, follow_in, rows_of, run_due, waiting_jobs, write
from tests.server.house import alice_of, open_house
from tests.server.neighbour import Answer, Neighbour, open_neighbour


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def house(tmp_path: Path, clock: FakeClock) -> AsyncIterator[Services]:
    async with open_house(tmp_path, clock=clock) as services:
        yield services


@pytest.fixture
async def neighbour() -> AsyncIterator[Neighbour]:
    async with open_neighbour() as opened:
        yield opened


@pytest.fixture
async def fan(house: Services, neighbour: Neighbour) -> actors.Actor:
    """Somebody next door who follows alice."""
    return await add_follower(house, f"{neighbour.origin}/users/fan")


async def state_of(services: Services, activity_id: int) -> tuple[str, int, int | None]:
    """(state, attempts, last status) of an activity's only delivery."""
    (row,) = await rows_of(services, activity_id)
    return row.state, row.attempts, row.last_status


async def peer_of(services: Services, neighbour: Neighbour) -> peers.Peer | None:
    async with services.database.read() as reader:
        return await peers.find(reader, neighbour.host)


async def test_an_activity_arrives_as_it_is_stored_signed_by_its_author(
    house: Services, neighbour: Neighbour, fan: actors.Actor
) -> None:
    sent = await write(house)
    await run_due(house)

    assert await state_of(house, sent) == ("delivered", 1, 202)
    (request,) = neighbour.asked
    async with house.database.read() as reader:
        stored = await activities.find(reader, sent)
    assert stored is not None and request.body == stored.document
    alice = await alice_of(house)
    key = OwnedKey(f"{alice.uri}#main-key", alice.uri, key_of("alice").public_key())
    assert signatures.verify(request, signatures.read(request), key, now=house.site.clock.now()).form == "cavage"


async def test_blind_recipients_are_not_on_the_wire(house: Services, neighbour: Neighbour, fan: actors.Actor) -> None:
    inner: dict[str, object] = {"id": "https://x.example/1", "type": "Note", "bcc": [fan.uri], "bto": ["x"]}
    await write(house, to=(), followers=False, bcc=[fan.uri], object=inner)
    await run_due(house)
    assert b"bcc" not in neighbour.asked[0].body and b"bto" not in neighbour.asked[0].body
    assert read_json(neighbour.asked[0].body)["object"] == {"id": "https://x.example/1", "type": "Note"}


@pytest.mark.parametrize(
    ("status", "state"), [(200, "delivered"), (404, "refused"), (413, "refused"), (501, "refused")]
)
async def test_a_final_answer_ends_the_delivery(
    house: Services, neighbour: Neighbour, fan: actors.Actor, status: int, state: str
) -> None:
    neighbour.answer("/users/fan/inbox", Answer(status=status))
    sent = await write(house)
    await run_due(house)
    assert await state_of(house, sent) == (state, 1, status)
    assert await waiting_jobs(house) == []


async def test_an_inbox_that_is_gone_gets_nothing_more(
    house: Services, neighbour: Neighbour, fan: actors.Actor
) -> None:
    neighbour.answer("/users/fan/inbox", Answer(status=410))
    sent = await write(house)
    await run_due(house)
    assert await state_of(house, sent) == ("gone", 1, 410)
    again = await write(house)
    await run_due(house)
    assert await rows_of(house, again) == []


@pytest.mark.parametrize("status", [500, 503, 429, 408, 307])
async def test_trouble_that_may_pass_is_tried_again_after_a_while(
    house: Services, neighbour: Neighbour, fan: actors.Actor, clock: FakeClock, status: int
) -> None:
    neighbour.answer("/users/fan/inbox", Answer(status=status), Answer(status=202))
    sent = await write(house)
    await run_due(house)
    assert await state_of(house, sent) == ("waiting", 1, status)
    clock.advance(BACKOFF_SECONDS[0] - 1)
    assert await run_due(house) == 0
    clock.advance(1)
    await run_due(house)
    assert await state_of(house, sent) == ("delivered", 2, 202)


async def test_the_log_says_where_nothing_came_and_why(
    house: Services, neighbour: Neighbour, fan: actors.Actor
) -> None:
    neighbour.answer("/users/fan/inbox", Answer(status=500))
    await write(house)
    with structlog.testing.capture_logs() as lines:
        await run_due(house)
    (line,) = [line for line in lines if line["event"] == "not delivered"]
    assert (line["host"], line["status"], line["state"], line["attempts"]) == (neighbour.host, 500, "waiting", 1)
    assert line["again_in_seconds"] > 0


async def test_a_host_that_asks_for_time_gets_it_for_all_its_inboxes(
    house: Services, neighbour: Neighbour, fan: actors.Actor, clock: FakeClock
) -> None:
    neighbour.answer("/users/fan/inbox", Answer(status=503, headers={"Retry-After": "300"}))
    first = await write(house)
    await run_due(house)
    assert await state_of(house, first) == ("waiting", 1, 503)
    second = await write(house)
    await run_due(house)
    assert await state_of(house, second) == ("waiting", 0, None)
    neighbour.answer("/users/fan/inbox", Answer(status=202))
    clock.advance(301)
    await run_due(house)
    assert await state_of(house, first) == ("delivered", 2, 202)
    assert await state_of(house, second) == ("delivered", 1, 202)


async def test_after_three_days_of_trouble_it_is_given_up(
    house: Services, neighbour: Neighbour, fan: actors.Actor, clock: FakeClock
) -> None:
    neighbour.answer("/users/fan/inbox", Answer(status=401))
    sent = await write(house)
    begun = clock.now()
    while (await state_of_or_new(house, sent))[0] in ("new", "waiting"):
        await run_due(house)
        due = [job.not_before for job in await waiting_jobs(house)]
        clock.moment = min(due, default=clock.moment)
    assert await state_of(house, sent) == ("given_up", MAX_ATTEMPTS, 401)
    assert clock.now() - begun >= 2.5 * 86_400 * 1_000_000


async def state_of_or_new(services: Services, activity_id: int) -> tuple[str, int, int | None]:
    return await state_of(services, activity_id) if await rows_of(services, activity_id) else ("new", 0, None)


async def test_a_host_that_refuses_the_old_form_is_asked_in_the_new_one_and_remembered(
    house: Services, neighbour: Neighbour, fan: actors.Actor
) -> None:
    async def demand_new(request: BaseRequest) -> web.StreamResponse:
        return web.Response(status=202 if "Signature-Input" in request.headers else 401)

    neighbour.answer_with("/users/fan/inbox", demand_new)
    first = await write(house)
    await run_due(house)
    assert await state_of(house, first) == ("delivered", 1, 202)
    assert len(neighbour.asked) == 2
    peer = await peer_of(house, neighbour)
    assert peer is not None and peer.signature_form == "rfc9421"

    await write(house)
    await run_due(house)
    assert len(neighbour.asked) == 3 and "signature-input" in neighbour.asked[2].headers


async def test_a_host_that_unlearnt_the_new_form_is_asked_in_the_old_one(
    house: Services, neighbour: Neighbour, fan: actors.Actor
) -> None:
    async def demand_old(request: BaseRequest) -> web.StreamResponse:
        return web.Response(status=401 if "Signature-Input" in request.headers else 202)

    neighbour.answer_with("/users/fan/inbox", demand_old)
    async with house.database.write() as tx:
        await peers.prefer_form(tx, neighbour.host, "rfc9421", at=1)
    sent = await write(house)
    await run_due(house)
    assert await state_of(house, sent) == ("delivered", 1, 202)
    peer = await peer_of(house, neighbour)
    assert peer is not None and peer.signature_form == "cavage"


async def test_s145_a_delete_does_not_overtake_its_create(
    house: Services, neighbour: Neighbour, fan: actors.Actor, clock: FakeClock
) -> None:
    neighbour.answer("/users/fan/inbox", Answer(status=503), Answer(status=202))
    post = f"{(await alice_of(house)).uri}/posts/1"
    create = await write(house, object_uri=post)
    await run_due(house)
    delete = await write(house, type="Delete", object_uri=post)
    await run_due(house)
    assert await state_of(house, create) == ("waiting", 1, 503)
    assert await state_of(house, delete) == ("waiting", 0, None)

    for _ in range(3):
        clock.advance(60)
        await run_due(house)

    assert [read_json(request.body)["type"] for request in neighbour.asked] == ["Create", "Create", "Delete"]
    assert await state_of(house, delete) == ("delivered", 1, 202)


async def test_a_host_that_fails_ten_times_rests_and_then_one_delivery_finds_it_back(
    house: Services, neighbour: Neighbour, clock: FakeClock
) -> None:
    async with house.database.write() as tx:
        for number in range(FAILURES_AT_MOST + 10):
            await follow_in(tx, house, f"{neighbour.origin}/users/u{number}")
    for number in range(FAILURES_AT_MOST + 10):
        neighbour.answer(f"/users/u{number}/inbox", Answer(status=500))
    sent = await write(house)
    await run_due(house)
    knocked = len(neighbour.asked)
    assert FAILURES_AT_MOST <= knocked < FAILURES_AT_MOST + 4
    rows = await rows_of(house, sent)
    assert sorted({row.attempts for row in rows}) == [0, 1]

    clock.advance(3600)
    for number in range(FAILURES_AT_MOST + 10):
        neighbour.answer(f"/users/u{number}/inbox", Answer(status=202))
    await run_due(house)
    clock.advance(60)
    await run_due(house)
    assert {row.state for row in await rows_of(house, sent)} == {"delivered"}
    peer = await peer_of(house, neighbour)
    assert peer is not None and (peer.failures, peer.resting_until) == (0, None)


async def test_a_host_that_speaks_gets_what_waits_for_it_at_once(
    house: Services, neighbour: Neighbour, fan: actors.Actor
) -> None:
    neighbour.answer("/users/fan/inbox", Answer(status=503), Answer(status=202))
    sent = await write(house)
    await run_due(house)
    async with house.database.write() as tx:
        await wake_peer(tx, house.site, neighbour.host)
    await run_due(house)
    assert await state_of(house, sent) == ("delivered", 2, 202)


async def test_s141_one_dead_host_does_not_hold_up_the_others(
    house: Services, neighbour: Neighbour, fan: actors.Actor
) -> None:
    async with open_neighbour() as gone:
        await add_follower(house, f"{gone.origin}/users/x")
    sent = await write(house)
    await run_due(house)
    states = {row.inbox: row.state for row in await rows_of(house, sent)}
    assert states == {fan.inbox: "delivered", f"{gone.origin}/users/x/inbox": "waiting"}
    assert (await rows_of(house, sent))[0].last_error is None or (await rows_of(house, sent))[1].last_error is None


async def test_no_more_than_four_knock_at_one_host_at_a_time(house: Services, neighbour: Neighbour) -> None:
    four = asyncio.Event()
    inside, most = 0, 0

    async def hold(request: BaseRequest) -> web.StreamResponse:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        if inside == 4:
            four.set()
        await four.wait()
        inside -= 1
        return web.Response(status=202)

    async with house.database.write() as tx:
        for number in range(12):
            await follow_in(tx, house, f"{neighbour.origin}/users/u{number}")
            neighbour.answer_with(f"/users/u{number}/inbox", hold)
    sent = await write(house)
    await run_due(house)
    assert {row.state for row in await rows_of(house, sent)} == {"delivered"}
    assert most == 4


async def test_an_author_without_a_key_sends_nothing(house: Services, neighbour: Neighbour, fan: actors.Actor) -> None:
    sent = await write(house)
    alice = await alice_of(house)
    async with house.database.write() as tx:
        await actors.replace_keys(tx, alice.id, [])
    await run_due(house)
    assert await state_of(house, sent) == ("given_up", 0, None)
    assert neighbour.asked == []


async def test_an_inbox_where_we_do_not_go_is_not_tried_again(tmp_path: Path) -> None:
    settings = FederationConfig(allow_http=True)
    async with open_house(tmp_path, federation=settings) as services:
        await add_follower(services, "https://10.0.0.1/users/x")
        sent = await write(services)
        await run_due(services)
        assert await state_of(services, sent) == ("refused", 1, None)


async def test_a_job_that_runs_twice_sends_once(house: Services, neighbour: Neighbour, fan: actors.Actor) -> None:
    await write(house)
    await run_due(house, only="fanout")
    (job,) = await waiting_jobs(house)
    deliverer = Deliverer(house)
    await run_due(house, deliverer)
    async with house.database.write() as tx:
        await house.site.queue.enqueue(tx, "deliver", read_json(job.payload.encode()))  # type: ignore[arg-type]
    await run_due(house, deliverer)
    assert len(neighbour.asked) == 1


class MortalPeers:
    """The real peers, used by a process that may die after a post."""

    def __init__(self, inner: Peers, life: Life) -> None:
        self._inner = inner
        self._life = life

    async def fetch(
        self, url: str, *, signer: Signer | None = None, form: Form = "cavage", onward: Onward | None = None
    ) -> Document:
        return await self._inner.fetch(url, signer=signer, form=form, onward=onward)

    async def fetch_json(self, url: str, accept: str, *, onward: Onward | None = None) -> Document:
        return await self._inner.fetch_json(url, accept, onward=onward)

    async def download(self, url: str, max_bytes: int, *, onward: Onward | None = None) -> tuple[bytes, str]:
        return await self._inner.download(url, max_bytes, onward=onward)

    async def post(
        self, inbox: str, body: bytes, *, signer: Signer, form: Form, beside: Mapping[str, str] = NOTHING
    ) -> Sent:
        self._life.check()
        sent = await self._inner.post(inbox, body, signer=signer, form=form, beside=beside)
        self._life.step("after a post")
        return sent


async def test_s142_s238_a_kill_at_any_step_loses_nothing_and_repeats_only_what_peers_recognise(tmp_path: Path) -> None:
    """Three inboxes, of which one fails at first; each life dies one step later than the one before."""
    dies_at, survived = 0, False
    while not survived:
        folder, clock = tmp_path / str(dies_at), FakeClock()
        folder.mkdir()
        async with open_house(folder, clock=clock) as services, open_neighbour() as near:
            near.answer("/users/u0/inbox", Answer(status=503), Answer(status=202))
            async with services.database.write() as tx:
                for number in range(3):
                    await follow_in(tx, services, f"{near.origin}/users/u{number}")
            sent = await write(services)
            life = Life()
            life.die_after(dies_at)
            database = MortalDatabase(services.database, life)
            mortal = replace(services, database=database, peers=MortalPeers(services.peers, life))
            try:
                await run_due(mortal)
                survived = True
            except Killed:
                pass
            for _ in range(3):
                await run_due(services)
                clock.advance(60)
            assert [row.state for row in await rows_of(services, sent)] == ["delivered"] * 3
            assert await waiting_jobs(services) == []
            assert len({request.body for request in near.asked}) == 1
            assert set(near.targets("POST")) == {f"/users/u{number}/inbox" for number in range(3)}
        dies_at += 1
    assert dies_at > 6
