"""Hollo and others made with Fedify, behind a proxy: they sign the public address, and prove what they say."""

import json

import pytest

from activitypub import signatures
from activitypub.requests import SignedRequest
from activitypub.vocabulary import LD_MEDIA_TYPE
from tests.instance import run_jobs_until_idle


class Proxy:
    """Stands before our door as a reverse proxy does: another scheme and port than those that were signed."""

    def __init__(self, app, headers):
        self.app, self.headers = app, headers

    async def __call__(self, scope, receive, send):
        said = {name for name, _ in self.headers}
        kept = [(name, value) for name, value in scope["headers"] if name not in said]
        rewritten = {"scheme": "http", "server": ("127.0.0.1", 8080), "headers": kept + self.headers}
        await self.app(scope | rewritten, receive, send)


# Host stays as it was: Fedify covers it too (deploy/ has the proxies so).
SAID = [
    [],
    [(b"x-forwarded-host", b"other.example"), (b"x-forwarded-proto", b"http"), (b"x-forwarded-port", b"8080")],
    [(b"forwarded", b"host=other.example;proto=http"), (b"x-original-url", b"/other")],
]


@pytest.mark.parametrize("headers", SAID)
async def test_fedify_signs_the_public_address_whatever_a_proxy_makes_of_it(meet, headers):
    """`@target-uri` and `@authority` are ours by configuration; nothing of the request is asked."""
    visit = await meet("hollo")
    network = visit.house.network
    network.connect(visit.house.origin, Proxy(network._apps[visit.house.origin], headers))

    assert await visit.them.send(visit.word("follow"), f"{visit.house.origin}/inbox", form="rfc9421") == 202
    await run_jobs_until_idle(visit.house)

    assert await visit.followers() == [visit.them.uri]


@pytest.mark.parametrize(
    "origin", ["https://elsewhere.example", "http://pinxit.example", "https://pinxit.example:8443"]
)
async def test_fedify_signature_for_another_public_address_does_not_hold_even_if_the_proxy_says_so(meet, origin):
    visit = await meet("hollo")
    network = visit.house.network
    said = [(b"host", origin.partition("://")[2].encode()), (b"x-forwarded-host", origin.partition("://")[2].encode())]
    network.connect(visit.house.origin, Proxy(network._apps[visit.house.origin], said))
    body = json.dumps(visit.word("follow")).encode()
    headers = {"content-type": LD_MEDIA_TYPE}
    request = SignedRequest("POST", origin, "/inbox", headers, body)
    headers |= signatures.sign(request, visit.them.signer, "rfc9421", now=visit.house.clock.now())

    answer = await network.send("POST", f"{visit.house.origin}/inbox", headers, body)

    assert answer.status_code == 401


async def test_fedify_that_signs_in_the_new_form_is_answered_in_it(meet):
    visit = await meet("hollo")

    await visit.them.send(visit.word("follow"), f"{visit.house.origin}/inbox", form="rfc9421")
    await run_jobs_until_idle(visit.house)

    assert [one.verified.form for one in visit.host.inbox] == ["rfc9421"]


async def test_hollo_post_with_one_picture_bare_and_a_quote_as_object_link_is_kept(meet):
    visit = await meet("hollo")
    await visit.follow()

    assert await visit.arrive(visit.word("create")) == "kept"


async def test_hollo_gets_what_proves_itself(meet):
    visit = await meet("hollo")
    await visit.arrive(visit.word("follow"))

    (accept,) = visit.host.received("Accept")

    assert accept["proof"]["verificationMethod"].startswith(visit.anna.uri)
