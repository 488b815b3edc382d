import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activitypub.errors import Forbidden, Malformed
from activitypub.synchronisation import Synchronisation, build_header, check_header, digest_of, read_header

AUTHOR = "https://peer.example/users/a"
FOLLOWERS = f"{AUTHOR}/followers"
SAID = Synchronisation(FOLLOWERS, f"{AUTHOR}/followers_synchronization", "ab" * 32)


def test_digest_of_nobody_is_zeros_and_of_one_its_hash():
    assert digest_of([]) == "0" * 64
    assert digest_of(["https://a.example/1"]) == hashlib.sha256(b"https://a.example/1").hexdigest()


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))), st.randoms())
def test_s241_digest_does_not_depend_on_order_or_repetition(uris, dice):
    shuffled = uris + uris[:2]
    dice.shuffle(shuffled)
    assert digest_of(shuffled) == digest_of(uris)


def test_fep_8fcf_digest_of_two_is_the_xor_of_their_hashes():
    # The followers of the proposal's own example.
    assert (
        digest_of(["https://testing.example.org/users/1", "https://testing.example.org/users/2"])
        == "c33f48cd341ef046a206b8a72ec97af65079f9a3a9b90eef79c5920dce45c61f"
    )


def test_header_survives_the_journey():
    header = build_header(SAID.collection_id, SAID.url, SAID.digest)
    assert read_header(header) == SAID
    assert read_header(header.replace(", ", ",").replace("ab", "AB")) == SAID


@pytest.mark.parametrize(
    "value",
    [
        "",
        'collectionId="x", url="y", digest="z"',
        f'collectionId="{FOLLOWERS}", digest="{"ab" * 32}"',
        f'collectionId="{FOLLOWERS}", url="{FOLLOWERS}", digest="abcd"',
        f'collectionId="{FOLLOWERS}", url="javascript:x", digest="{"ab" * 32}"',
        'collectionId="' * 2000,
    ],
)
def test_malformed_headers_are_refused(value):
    with pytest.raises(Malformed):
        read_header(value)


def test_header_about_the_signers_own_followers_is_believed():
    check_header(SAID, AUTHOR, FOLLOWERS)


@pytest.mark.parametrize(
    ("said", "followers"),
    [
        (SAID, "https://peer.example/users/b/followers"),
        (SAID, None),
        (Synchronisation(FOLLOWERS, "https://victim.example/x", SAID.digest), FOLLOWERS),
    ],
)
def test_header_about_others_or_leading_elsewhere_is_forbidden(said, followers):
    with pytest.raises(Forbidden):
        check_header(said, AUTHOR, followers)
