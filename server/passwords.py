"""Hashes and checks passwords with argon2, off the event loop. It must not know whose they are."""

import asyncio
import hashlib
import secrets
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# A check costs 0.2 s of CPU and 64 MiB: two at once keep a small machine answering while somebody guesses.
CHECKS_AT_ONCE = 2
LENGTH_AT_LEAST = 8
# argon2 hashes any length; this only keeps a megabyte from being hashed. What is longer is cut, both times.
LENGTH_AT_MOST = 1024


class Passwords:
    """A small pool that hashes."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(CHECKS_AT_ONCE, thread_name_prefix="argon2")
        self._hasher = PasswordHasher()
        self._decoy: str | None = None

    async def hash(self, password: str) -> str:
        """Return a hash to store."""
        return await asyncio.get_running_loop().run_in_executor(
            self._pool, self._hasher.hash, password[:LENGTH_AT_MOST]
        )

    async def matches(self, stored: str | None, password: str) -> bool:
        """Say whether a password is right. Without an account it takes as long and says no."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._check, stored, password)

    def _check(self, stored: str | None, password: str) -> bool:
        if self._decoy is None:
            self._decoy = self._hasher.hash(secrets.token_urlsafe())
        try:
            return self._hasher.verify(stored or self._decoy, password[:LENGTH_AT_MOST]) and stored is not None
        except (VerificationError, InvalidHashError):
            return False

    def close(self) -> None:
        """Let the threads go."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def new_token() -> str:
    """Return a secret for a browser or a client: 32 random bytes."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """Return what is stored of a token. It has 256 random bits, so a plain SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
