"""Our own keys as objects: made once, and never older than their row."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from activitypub.keys import private_pem
from server.remote.signers import Signers
from server.services import Services
from server.store.people import actors
from tests.fakes import key_of
from tests.server.house import alice_of, open_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Services]:
    async with open_house(tmp_path) as services:
        yield services


async def test_the_key_object_is_made_once(house: Services) -> None:
    alice = await alice_of(house)
    first, second = await house.signers.of(alice.id), await house.signers.of(alice.id)
    assert first is not None and second is not None
    assert first.key_id == f"{alice.uri}#main-key" and first.key is second.key


async def test_a_new_key_counts_at_once(house: Services) -> None:
    alice = await alice_of(house)
    await house.signers.of(alice.id)
    async with house.database.write() as tx:
        (row,) = await actors.list_keys(tx, alice.id)
        newer = replace(row, private_pem=private_pem(key_of("alice, later")), created_at=row.created_at + 1)
        await actors.replace_keys(tx, alice.id, [newer])
    signer = await house.signers.of(alice.id)
    assert signer is not None and signer.key.private_numbers() == key_of("alice, later").private_numbers()  # type: ignore[union-attr]


async def test_whoever_has_no_key_signs_nothing(house: Services) -> None:
    assert await house.signers.of(1) is None


async def test_the_instance_signs_with_its_own_key(house: Services) -> None:
    assert (await house.signers.instance()).key_id == f"{house.site.instance_uri}#main-key"


async def test_an_instance_without_an_actor_says_what_to_do(house: Services) -> None:
    with pytest.raises(LookupError, match="pinxit init"):
        await Signers(house.database, "http://localhost:1/nobody").instance()
