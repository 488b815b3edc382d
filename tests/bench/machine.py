"""What the figures were measured on: a line about the machine, and how long a few fixed pieces of work take on it.

Figures from two machines, or from two moods of one, compare only as multiples of these.
"""

import os
import platform
import time
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

ROUNDS = 5
MESSAGE = b"(request-target): post /inbox\n" * 10


def describe() -> str:
    """One line: processor, cores, memory, system, Python."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, {_system()}, {python}"


def calibrate() -> dict[str, float]:
    """CPU microseconds of signatures by both kinds of keys, and of a fixed loop in Python; the best of five rounds."""
    curve = ed25519.Ed25519PrivateKey.generate()
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public, padding, sha256 = key.public_key(), PKCS1v15(), SHA256()
    signature = key.sign(MESSAGE, padding, sha256)
    return {
        "RSA-2048 verify": _best(lambda: public.verify(signature, MESSAGE, padding, sha256), 2000),
        "RSA-2048 sign": _best(lambda: key.sign(MESSAGE, padding, sha256), 200),
        "Ed25519 sign": _best(lambda: curve.sign(MESSAGE), 2000),
        "Python loop (10,000 additions)": _best(_loop, 50),
    }


def _loop() -> int:
    total = 0
    for number in range(10_000):
        total += number
    return total


def _best(work: Callable[[], object], times: int) -> float:
    work()
    rounds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(times):
            work()
        rounds.append((time.process_time() - start) / times * 1e6)
    return min(rounds)


def _processor() -> str:
    for line in _lines("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _system() -> str:
    for line in _lines("/etc/os-release"):
        if line.startswith("PRETTY_NAME="):
            return line.partition("=")[2].strip('"')
    return platform.platform()


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
