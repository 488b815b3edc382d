"""Job `deliver`: sends a batch, signs each request at the moment of sending, and writes all results together.

It must not choose recipients. A kill before the results are written sends the batch again, which peers recognise by the
activity's id; a kill after loses nothing, as what failed is in a new batch of the same transaction.
"""

import asyncio
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from weakref import WeakValueDictionary

import structlog

from activitypub.delivery import MAX_ATTEMPTS, Kind, Outcome, backoff_seconds, classify
from activitypub.signatures import asks_for_messages, other_form
from activitypub.verified import Form
from server.delivery.hosts import Host
from server.delivery.letters import Letter, Letters
from server.delivery.results import Result, write_results
from server.ids import MICROSECONDS
from server.jobs.queue import Job
from server.remote.seam import Sent
from server.services import Services
from server.store.network import deliveries, domain_rules, peers
from server.store.network.deliveries import Delivery

# Batches under way at once; each has more rows than there are places, and few batches end sooner than many.
BATCHES_AT_ONCE = 4
# An older activity about the same object is on its way to the same inbox: it is nearly always there in a moment.
OVERTAKING_SECONDS = 5
# … unless that host is in trouble.
OVERTAKING_SECONDS_IN_TROUBLE = 60
# A batch may go to a hundred hosts that are gone; the log names some, `pinxit jobs` counts all.
NAMED_AT_MOST = 5

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Batch:
    rows: list[Delivery]
    overtaking: set[int]
    letters: Mapping[int, Letter]
    hosts: Mapping[str, Host]


class Deliverer:
    """Sends batches. One per process: it bounds what is under way, in all and per host."""

    def __init__(self, services: Services, *, dice: Callable[[], float] = random.random) -> None:
        self._services = services
        self._dice = dice
        self._slots = asyncio.Semaphore(services.site.config.federation.deliveries_at_once)
        self._letters = Letters(services)
        # Shared by the batches under way, so that they see each other's failures.
        self._hosts: WeakValueDictionary[str, Host] = WeakValueDictionary()

    async def handle(self, job: Job) -> None:
        """Send what still waits of a batch."""
        number = job.number("batch")
        batch = await self._load(number)
        if not batch.rows:
            return
        results = await asyncio.gather(*[self._deliver(batch, row) for row in batch.rows])
        async with self._services.database.write(durable=False) as tx:
            await write_results(tx, self._services.site, number, results, batch.hosts.values())
        sent = sum(result.state == deliveries.DELIVERED for result in results)
        log.info("delivered", batch=number, delivered=sent, others=len(results) - sent)
        tried = [one for one in results if one.attempts > one.row.attempts or one.state != deliveries.WAITING]
        for result in [one for one in tried if one.state != deliveries.DELIVERED][:NAMED_AT_MOST]:
            self._explain(number, result)

    def _explain(self, batch: int, result: Result) -> None:
        """Say where nothing came and why; of what waits, when it is tried again."""
        waits = result.state == deliveries.WAITING
        again = max(0, (result.due - self._services.site.clock.now()) // MICROSECONDS) if waits else None
        log.info(
            "not delivered",
            batch=batch,
            host=result.row.host,
            state=result.state,
            attempts=result.attempts,
            status=result.status,
            error=result.error,
            again_in_seconds=again,
        )

    async def _load(self, number: int) -> _Batch:
        async with self._services.database.read() as reader:
            rows = await deliveries.list_waiting(reader, number)
            overtaking = await deliveries.list_overtaking(reader, number)
            names = {row.host for row in rows}
            known = await peers.find_many(reader, names)
            rules = await domain_rules.find_many_suspended(reader, names)
        hosts = {name: self._hosts.get(name) or Host(name, known.get(name)) for name in names}
        for name, host in hosts.items():
            host.suspended = name in rules
        self._hosts.update(hosts)
        letters = await self._letters.load(rows)
        return _Batch(rows, overtaking, letters, hosts)

    async def _deliver(self, batch: _Batch, row: Delivery) -> Result:
        host, letter = batch.hosts[row.host], batch.letters.get(row.activity_id)
        now = self._services.site.clock.now()
        if letter is None:
            return Result(row, deliveries.GIVEN_UP, row.attempts, error="the activity or its author's key is gone")
        if host.suspended:
            return Result(row, deliveries.REFUSED, row.attempts, error="we do not speak with this host")
        if row.id in batch.overtaking:
            seconds = OVERTAKING_SECONDS_IN_TROUBLE if host.breaker.failures else OVERTAKING_SECONDS
            return Result.later(row, now + seconds * MICROSECONDS)
        # The host's own bound first: who waits for a slow host must not hold a place that others could use.
        async with host.slots:
            due = host.breaker.ask(self._services.site.clock.now())
            if due is not None:
                return Result.later(row, due)
            try:
                async with self._slots:
                    return await self._send(host, letter, row)
            finally:
                host.breaker.probing = False

    async def _send(self, host: Host, letter: Letter, row: Delivery) -> Result:
        sent, outcome = await self._knock(row, letter, host.form, both_forms=False)
        if outcome.kind is Kind.KNOCK_AGAIN:
            other = other_form(host.form)
            sent, outcome = await self._knock(row, letter, other, both_forms=True)
            if outcome.kind is Kind.DELIVERED:
                host.learn(other)
        elif outcome.kind is Kind.DELIVERED and host.form == "cavage" and asks_for_messages(sent.headers):
            host.learn("rfc9421")
        now = self._services.site.clock.now()
        host.note(sent, outcome, now)
        return self._judge(row, sent, outcome, now)

    async def _knock(self, row: Delivery, letter: Letter, form: Form, *, both_forms: bool) -> tuple[Sent, Outcome]:
        beside = letter.beside(row.inbox)
        sent = await self._services.peers.post(row.inbox, letter.body, signer=letter.signer, form=form, beside=beside)
        if sent.hopeless:
            return sent, Outcome(Kind.REFUSED)
        now = self._services.site.clock.now()
        return sent, classify(sent.status, sent.headers, now, both_forms=both_forms)

    def _judge(self, row: Delivery, sent: Sent, outcome: Outcome, now: int) -> Result:
        attempts = row.attempts + 1
        if outcome.kind is not Kind.LATER:
            return Result(row, _STATES[outcome.kind], attempts, sent.status, sent.error)
        if attempts >= MAX_ATTEMPTS:
            return Result(row, deliveries.GIVEN_UP, attempts, sent.status, sent.error)
        seconds = outcome.after_seconds or backoff_seconds(attempts, self._dice())
        due = now + seconds * MICROSECONDS
        return Result(row, deliveries.WAITING, attempts, sent.status, sent.error, due=due)


_STATES = {
    Kind.DELIVERED: deliveries.DELIVERED,
    Kind.GONE: deliveries.GONE,
    Kind.REFUSED: deliveries.REFUSED,
    # Both forms were tried when this is still the answer; classify() does not give it then.
    Kind.KNOCK_AGAIN: deliveries.REFUSED,
}
