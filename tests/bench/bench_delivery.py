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
from statistics import median

import structlog
import trustme
import uvloop
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from server.config import FederationConfig
from server.delivery import fanout
from server.delivery.deliver import Deliverer
from server.jobs.queue import Handler, Job
from server.services import Services
from server.store.network import deliveries
from tests.bench.machine import MESSAGE
from tests.bench.table import Row
from tests.fakes import key_of
from tests.server.delivery.office import follow_in, write
from tests.server.house import open_house

HOSTS = 200
ROUNDS = 7
SIGNATURES = 200
LIMIT = 2.0


def run() -> list[Row]:
    """Deliver a few public posts to a follower on each host, with signatures measured in between."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    cold, warm = uvloop.run(_measure())
    note = "job, sign, POST, stored result"
    return [
        Row("delivery, warm, 200 TLS hosts", median(one / sign for one, sign in warm), "× RSA sign", LIMIT, note=note),
        Row("delivery, warm, 200 TLS hosts", median(one for one, _ in warm), "µs CPU"),
        Row("delivery, first to a host", cold, "µs CPU", note="with the TLS handshake"),
    ]


async def _measure() -> tuple[float, list[tuple[float, float]]]:
    """CPU in µs: of a first delivery to a host; then of a later one, and of a signature just before, round by round."""
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
        cold = await _deliver(services)
        warm = []
        for _ in range(ROUNDS):
            sign = _sign()
            warm.append((await _deliver(services), sign))
    return cold, warm


def _sign() -> float:
    """CPU in µs of an RSA signature, here and now: on a busy machine it changes from one second to the next."""
    key, padding, sha256 = key_of("alice"), PKCS1v15(), SHA256()
    begun = _cpu()
    for _ in range(SIGNATURES):
        key.sign(MESSAGE, padding, sha256)
    return (_cpu() - begun) / SIGNATURES


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
    """Publish once and work until all is delivered; return the CPU of one delivery in µs."""
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
    return (_cpu() - begun) / HOSTS


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return (usage.ru_utime + usage.ru_stime) * 1e6
