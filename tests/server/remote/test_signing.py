"""The signing thread: every request gets its own signature, whatever happens to its neighbours."""

import asyncio
from collections.abc import Iterator

import pytest

from activitypub import signatures
from activitypub.keys import OwnedKey, Signer
from activitypub.requests import SignedRequest
from server.remote.signing import SigningDesk
from tests.fakes import START, key_of

SIGNER = Signer("https://ours.example/actor#main-key", key_of("instance"))


@pytest.fixture
def desk() -> Iterator[SigningDesk]:
    desk = SigningDesk()
    yield desk
    desk.close()


def request(number: int) -> SignedRequest:
    return SignedRequest("POST", "https://peer.example", f"/{number}", {"content-type": "x"}, b"%d" % number)


def holds(asked: SignedRequest, headers: dict[str, str]) -> bool:
    signed = SignedRequest(asked.method, asked.origin, asked.target, {**asked.headers, **headers}, asked.body)
    key = OwnedKey(SIGNER.key_id, "https://ours.example/actor", SIGNER.key.public_key())
    return signatures.verify(signed, signatures.read(signed), key, now=START).key_id == SIGNER.key_id


async def test_many_at_once_each_get_the_signature_of_their_own_request(desk: SigningDesk) -> None:
    asked = [request(number) for number in range(30)]
    made = await asyncio.gather(*[desk.sign(one, SIGNER, "cavage", now=START) for one in asked])
    assert all(holds(one, headers) for one, headers in zip(asked, made, strict=True))


async def test_one_that_cannot_be_signed_fails_alone(desk: SigningDesk) -> None:
    broken = Signer("key", "no key at all")  # type: ignore[arg-type]
    made = await asyncio.gather(
        *[desk.sign(request(number), broken if number == 3 else SIGNER, "cavage", now=START) for number in range(6)],
        return_exceptions=True,
    )
    assert [isinstance(one, Exception) for one in made] == [False, False, False, True, False, False]


async def test_one_who_stops_waiting_does_not_stop_the_others(desk: SigningDesk) -> None:
    tasks = [asyncio.create_task(desk.sign(request(number), SIGNER, "cavage", now=START)) for number in range(5)]
    await asyncio.sleep(0)
    tasks[0].cancel()
    tasks[3].cancel()
    made = await asyncio.gather(*tasks, return_exceptions=True)
    assert [isinstance(one, dict) for one in made] == [False, True, True, False, True]
