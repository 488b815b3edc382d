"""Codes from an authenticator app (TOTP, RFC 6238: SHA-1, six digits, thirty seconds) and recovery codes.

It must not store anything.
"""

import hashlib
import hmac
import secrets

import pyotp

from server.ids import MICROSECONDS
from server.site import Site

STEP_SECONDS = 30
# A phone's clock may be off by half a minute, and typing takes time (RFC 6238 section 5.2).
STEPS_AROUND = 1
RECOVERY_CODES = 10
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is taken for something else
_HALF = 5


def new_secret() -> str:
    """Return a secret in base32, 160 bits."""
    return pyotp.random_base32()


def address_of(site: Site, secret: str, username: str) -> str:
    """Return the address that an app reads from a QR code."""
    issuer = f"{site.config.site.name} ({site.domain})"
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=issuer)


def step_of(site: Site, secret: str, code: str) -> int | None:
    """Return the time step whose code this is, now or a step before or after; None for a wrong one."""
    digits = "".join(code.split())
    if not (digits.isascii() and digits.isdigit() and len(digits) == 6):
        return None
    now = site.clock.now() // MICROSECONDS // STEP_SECONDS
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
    for step in range(now - STEPS_AROUND, now + STEPS_AROUND + 1):
        if hmac.compare_digest(totp.generate_otp(step), digits):
            return step
    return None


def new_recovery_codes() -> list[str]:
    """Return codes to be written down, each good for one time: about 49 bits."""
    return [f"{_word()}-{_word()}" for _ in range(RECOVERY_CODES)]


def hash_recovery_code(actor_id: int, code: str) -> str:
    """Return what is stored of a recovery code; blanks, dashes and case do not matter."""
    letters = "".join(letter for letter in code.lower() if letter.isalnum())
    # A code has few bits for a quick hash, so it costs the one who stole the table a while each.
    return hashlib.scrypt(letters.encode(), salt=f"recovery:{actor_id}".encode(), n=2**12, r=8, p=1).hex()


def _word() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_HALF))
