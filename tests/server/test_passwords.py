from collections.abc import Iterator

import pytest

from server.passwords import LENGTH_AT_MOST, Passwords, hash_token, new_token


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    made = Passwords()
    yield made
    made.close()


async def test_the_right_password_matches_and_another_does_not(passwords: Passwords) -> None:
    stored = await passwords.hash("correct horse")
    assert stored.startswith("$argon2id$")
    assert await passwords.matches(stored, "correct horse")
    assert not await passwords.matches(stored, "correct mule")


async def test_nobody_s_password_is_never_right(passwords: Passwords) -> None:
    assert not await passwords.matches(None, "anything")


async def test_a_broken_hash_is_never_right(passwords: Passwords) -> None:
    assert not await passwords.matches("not a hash", "anything")


def test_tokens_differ_and_only_their_hash_need_be_kept() -> None:
    one, other = new_token(), new_token()
    assert one != other
    assert len(one) >= 43
    assert hash_token(one) == hash_token(one) != hash_token(other)


async def test_a_password_of_any_length_is_the_right_one_later() -> None:
    passwords = Passwords()
    long = "a" * (LENGTH_AT_MOST + 1)

    assert await passwords.matches(await passwords.hash(long), long)

    passwords.close()
