"""FEP-844e as it is written by Mitra, Akkoma and WordPress, and as we write it."""

import pytest

from activitypub.capabilities import IMPLEMENTS, RFC9421, implements

WORDPRESS = {"type": "Application", "implements": [{"href": RFC9421, "name": "RFC-9421: HTTP Message Signatures"}]}


@pytest.mark.parametrize(
    "actor",
    [
        {"generator": WORDPRESS},
        {"generator": [WORDPRESS]},
        {"generator": {"implements": {"href": RFC9421}}},
        {"generator": {"implements": RFC9421}},
        {"generator": {"implements": [{"id": RFC9421}]}},
        {"type": "Application", "implements": IMPLEMENTS},
    ],
)
def test_fep_844e_what_a_generator_or_a_server_actor_implements_is_read(actor):
    assert implements(actor, RFC9421)


@pytest.mark.parametrize(
    "actor",
    [
        {},
        {"generator": "https://peer.example/actor"},
        {"generator": {"implements": [{"href": "https://w3id.org/fep/844e"}, 7, None]}},
        {"generator": {"implements": {"name": RFC9421}}},
        {"generator": {"implements": [{"href": "https://x.example"}] * 60 + [{"href": RFC9421}]}},
    ],
)
def test_fep_844e_nothing_else_says_so(actor):
    assert not implements(actor, RFC9421)
