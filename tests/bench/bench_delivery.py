"""Deliveries to 200 TLS hosts, from the job to the stored result: CPU of our process against an RSA sign.

The hosts are loopback addresses with a certificate of a test authority, all answered by one other process.
"""

import asyncio
import ipaddress
import logging
import resource
import ssl
import subprocess
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

import structlog
import trustme
import uvloop

from server.config import FederationConfig
from server.delivery import fanout
from server.delivery.deliver import Deliverer
from server.jobs.queue import Handler, Job
from server.services import Services
from server.store import deliveries
from tests.bench.machine import calibrate
from tests.bench.table import Row
from tests.server.delivery.office import follow_in, write
from tests.server.house import open_house

HOSTS = 200
ACTIVITIES = 6  # the first opens the connections and is not counted
LIMIT = 2.0


def run() -> list[Row]:
    """Deliver a few public posts to a follower on each host."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    sign = calibrate()["RSA-2048 sign"]
    cold, warm = uvloop.run(_measure())
    # The machine may have been in another mood before: the cheaper sign is the honest measure.
    sign = min(sign, calibrate()["RSA-2048 sign"])
    return [
        Row("delivery, warm, 200 TLS hosts", warm / sign, "× RSA sign", LIMIT, note="job, sign, POST, stored result"),
        Row("delivery, warm, 200 TLS hosts", warm, "µs CPU"),
        Row("delivery, first to a host", cold, "µs CPU", note="with the TLS handshake"),
    ]


async def _measure() -> tuple[float, float]:
    """(µs of CPU for a first delivery to a host, and for a later one)."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        hosts = [str(ipaddress.IPv4Address("127.0.16.1") + number) for number in range(HOSTS)]
        authority = trustme.CA()
        outside = ssl.create_default_context()
        authority.configure_trust(outside)
        authority.issue_cert(*hosts).private_key_and_cert_chain_pem.write_to_path(str(folder / "cert.pem"))
        port = _start_hosts(stack, folder / "cert.pem", hosts)
        settings = FederationConfig(allow_private_addresses=True)
        services = await stack.enter_async_context(open_house(folder, tls=outside, federation=settings))
        async with services.database.write() as tx:
            for host in hosts:
                await follow_in(tx, services, f"https://{host}:{port}/users/fan")
        spent = [await _deliver(services) for _ in range(ACTIVITIES)]
    # The best round, as the sign's is: what else runs on the machine is not what is measured.
    return spent[0] / HOSTS, min(spent[1:]) / HOSTS


def _start_hosts(stack: AsyncExitStack, certificate: Path, hosts: list[str]) -> int:
    """Start the process that plays all hosts; return its port."""
    command = [sys.executable, "-m", "tests.bench.answerer", str(certificate), *hosts]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    stack.callback(process.wait)
    stack.callback(process.terminate)
    assert process.stdout is not None
    stack.callback(process.stdout.close)
    return int(process.stdout.readline())


async def _deliver(services: Services) -> float:
    """Publish once and work until all is delivered; return the CPU of it in µs."""
    stop = asyncio.Event()
    deliverer = Deliverer(services)
    await write(services)
    begun = _cpu()

    async def fan_out(job: Job) -> None:
        await fanout.handle(job, services)

    async def deliver(job: Job) -> None:
        await deliverer.handle(job)
        async with services.database.read() as reader:
            counts = await deliveries.count_by_state(reader)
        if not counts.get(deliveries.WAITING):
            stop.set()

    handlers: dict[str, Handler] = {"fanout": fan_out, "deliver": deliver}
    await services.site.queue.run(handlers, concurrency=4, stop=stop)
    async with services.database.read() as reader:
        assert set(await deliveries.count_by_state(reader)) == {deliveries.DELIVERED}
    return _cpu() - begun


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return (usage.ru_utime + usage.ru_stime) * 1e6
