"""Forwarding by ActivityPub 7.1.2: whose answers under our posts reach our followers elsewhere, and whose do not."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from activitypub import keys, proofs
from activitypub.audience import Visibility
from activitypub.forwarding import MAX_DEPTH, MAX_LINKS, linked_uris
from activitypub.keys import Signer
from activitypub.vocabulary import AS2, DATA_INTEGRITY, PUBLIC
from server.actions.network.rule_domain import rule_domain
from server.actions.ties.follow import block
from server.actions.writing.publish import Draft, publish
from server.delivery.forward import PER_SENDER_AN_HOUR
from server.remote.people import find_actor
from server.store.network.domain_rules import Rule
from server.store.people.actors import Actor
from server.store.writing.posts import Post
from tests.fakes import FakeClock, Network
from tests.instance import Instance, open_instance, run_jobs_until_idle
from tests.remote_host import Document, Person, RemoteHost

PROVER = keys.generate_ed25519()


@dataclass
class Square:
    """Alice's house; erin and victor's neighbour follow her; victor answers her."""

    house: Instance
    alice: Actor
    erin: Person
    neighbour: Person
    victor: Person

    async def publish(self, author: Actor | None = None, **more: object) -> Post:
        draft = Draft(text="hello", visibility=Visibility.PUBLIC, **more)  # type: ignore[arg-type]
        async with self.house.database.write() as tx:
            post = await publish(tx, self.house.site, author or self.alice, draft)
        await run_jobs_until_idle(self.house)
        return post

    async def follow(self, follower: Person, followed: Actor) -> None:
        await self.send(follower, follower.activity("Follow", followed.uri))

    async def send(self, sender: Person, document: Document) -> None:
        assert await sender.send(document, f"{self.house.origin}/inbox") == 202
        await run_jobs_until_idle(self.house)

    def answer(self, uri: str, *, cc: list[str] | None = None, **more: object) -> Document:
        """The Create of an answer by victor, which goes to alice's followers too, unproven."""
        cc = [self.alice.uri, f"{self.alice.uri}/followers"] if cc is None else cc
        note = self.victor.note("<p>nice!</p>", inReplyTo=uri, to=[PUBLIC], cc=cc, **more)
        return self.victor.create(note)

    def heard(self, person: Person, type: str = "Create") -> list[Document]:
        """What of victor's arrived at somebody's host."""
        return [one for one in person.host.received(type) if one["actor"] == self.victor.uri]


def prove(person: Person, document: Document) -> Document:
    signer = Signer(f"{person.uri}#ed25519-key", PROVER)
    return proofs.attach(document | {"@context": [AS2, DATA_INTEGRITY]}, signer, created="2026-01-01T00:00:00Z")


def person_with_prover(host: RemoteHost, name: str, **more: object) -> Person:
    uri = f"{host.origin}/users/{name}"
    method = {
        "id": f"{uri}#ed25519-key",
        "type": "Multikey",
        "controller": uri,
        "publicKeyMultibase": keys.multikey(PROVER.public_key()),
    }
    return host.person(name, assertionMethod=[method], **more)


@pytest.fixture
async def square(tmp_path: Path) -> AsyncIterator[Square]:
    network, clock = Network(), FakeClock()
    far = RemoteHost(network, clock, origin="https://far.example")
    near = RemoteHost(network, clock, origin="https://near.example")
    async with open_instance(tmp_path, network, clock) as house:
        alice = await house.register("alice")
        square = Square(house, alice, far.person("erin"), near.person("nell"), person_with_prover(near, "victor"))
        await square.follow(square.erin, alice)
        await square.follow(square.neighbour, alice)
        yield square


async def test_s153_an_answer_to_our_post_goes_on_to_our_followers_word_for_word(square: Square):
    post = await square.publish()
    answer = prove(square.victor, square.answer(post.uri))
    await square.send(square.victor, answer)

    # Then it is at erin's host as victor wrote it, signed by our instance
    assert square.heard(square.erin) == [answer]
    arrived = square.erin.host.inbox[-1]
    assert arrived.verified is not None and arrived.verified.actor_uri == square.house.site.instance_uri
    assert arrived.path == "/inbox"
    # … and not sent back to where it came from
    assert square.heard(square.neighbour) == []


async def test_s153_what_comes_twice_is_forwarded_once(square: Square):
    post = await square.publish()
    answer = prove(square.victor, square.answer(post.uri))
    await square.send(square.victor, answer)
    await square.send(square.victor, answer)
    assert len(square.heard(square.erin)) == 1


async def test_s153_what_nothing_vouches_for_is_not_forwarded(square: Square):
    post = await square.publish()
    await square.send(square.victor, square.answer(post.uri))
    assert square.heard(square.erin) == []


async def test_s153_t26_a_proof_that_does_not_hold_is_not_forwarded(square: Square):
    post = await square.publish()
    answer = prove(square.victor, square.answer(post.uri))
    await square.send(square.victor, answer | {"published": "2026-01-01T00:00:00Z"})
    assert square.heard(square.erin) == []


async def test_s153_what_is_not_addressed_to_our_followers_stays_here(square: Square):
    post = await square.publish()
    await square.send(square.victor, prove(square.victor, square.answer(post.uri, cc=[square.alice.uri])))
    assert square.heard(square.erin) == []


async def test_s153_what_is_about_nothing_of_ours_stays_here(square: Square):
    note = square.victor.note(to=[PUBLIC], cc=[square.alice.uri, f"{square.alice.uri}/followers"])
    await square.send(square.victor, prove(square.victor, square.victor.create(note)))
    assert square.heard(square.erin) == []


async def test_s153_t54_nobody_reaches_the_followers_of_one_by_answering_another(square: Square):
    bob = await square.house.register("bob")
    post = await square.publish(bob)
    cc = [bob.uri, f"{square.alice.uri}/followers"]
    await square.send(square.victor, prove(square.victor, square.answer(post.uri, cc=cc)))
    assert square.heard(square.erin) == []


async def test_s153_a_blocked_answer_is_not_forwarded(square: Square):
    post = await square.publish()
    victor = await find_actor(square.house.services, square.victor.uri)
    async with square.house.database.write() as tx:
        await block(tx, square.house.site, square.alice, victor)
    await square.send(square.victor, prove(square.victor, square.answer(post.uri)))
    assert square.heard(square.erin) == []


@pytest.mark.parametrize(("domain", "severity"), [("near.example", "silence"), ("far.example", "suspend")])
async def test_s153_nothing_is_forwarded_from_a_silenced_host_nor_to_a_suspended_one(
    square: Square, domain: str, severity: str
):
    post = await square.publish()
    async with square.house.database.write() as tx:
        rule = Rule(domain=domain, severity=severity, created_at=square.house.clock.now())
        await rule_domain(tx, square.house.site, rule)
    await square.send(square.victor, prove(square.victor, square.answer(post.uri)))
    assert square.heard(square.erin) == []


@pytest.mark.parametrize(
    ("domain", "severity"),
    [("names.example", "silence"), ("homes.example", "silence"), ("names.example", "none"), ("homes.example", "none")],
)
async def test_s153_t66_nothing_is_forwarded_where_either_host_is_silenced(square: Square, domain: str, severity: str):
    # Given zoe, whose name is of one host and whose address of another
    network, clock = square.house.network, square.house.clock
    zoe = person_with_prover(
        RemoteHost(network, clock, origin="https://homes.example"), "zoe", webfinger="zoe@names.example"
    )
    RemoteHost(network, clock, origin="https://names.example").lend_name("zoe", zoe.uri)
    square = replace(square, victor=zoe)
    post = await square.publish()
    async with square.house.database.write() as tx:
        await rule_domain(tx, square.house.site, Rule(domain=domain, severity=severity, created_at=clock.now()))

    await square.send(zoe, prove(zoe, square.answer(post.uri)))

    assert len(square.heard(square.erin)) == (severity == "none")


async def test_s147_s153_a_deletion_goes_where_the_answer_was_forwarded(square: Square):
    post = await square.publish()
    answer = prove(square.victor, square.answer(post.uri))
    await square.send(square.victor, answer)

    # Mastodon addresses its deletions to the public alone.
    delete = square.victor.activity("Delete", answer["object"]["id"], to=[PUBLIC])
    await square.send(square.victor, prove(square.victor, delete))

    assert [one["object"] for one in square.heard(square.erin, "Delete")] == [answer["object"]["id"]]


async def test_s153_t54_who_answers_without_end_is_forwarded_so_often(square: Square):
    post = await square.publish()
    for number in range(PER_SENDER_AN_HOUR + 5):
        answer = square.answer(post.uri, id=f"{square.victor.uri}/notes/many/{number}")
        await square.victor.send(prove(square.victor, answer), f"{square.house.origin}/inbox")
    await run_jobs_until_idle(square.house)
    assert len(square.heard(square.erin)) == PER_SENDER_AN_HOUR


async def test_s154_an_answer_far_down_a_thread_of_ours_is_found(square: Square):
    post = await square.publish()
    first = square.answer(post.uri)
    await square.send(square.victor, first)
    second = square.answer(first["object"]["id"])
    await square.send(square.victor, prove(square.victor, second))
    assert [one["id"] for one in square.heard(square.erin)] == [second["id"]]


def test_s154_links_are_followed_to_a_bounded_depth_and_number():
    document: Document = {"type": "Note", "inReplyTo": "https://pinxit.example/deep"}
    for _ in range(MAX_DEPTH - 1):
        document = {"type": "Activity", "object": document}
    assert linked_uris(document) == ("https://pinxit.example/deep",)
    assert linked_uris({"type": "Activity", "object": document}) == ()
    wide: Document = {"tag": [{"href": f"https://pinxit.example/{number}"} for number in range(10_000)]}
    assert len(linked_uris(wide)) == MAX_LINKS


@pytest.mark.parametrize("field", ["to", "cc", "audience"])
async def test_s153_each_field_of_recipients_counts(square: Square, field: str):
    post = await square.publish()
    answer = square.answer(post.uri, cc=[square.alice.uri])
    answer[field] = [*answer.get(field, []), f"{square.alice.uri}/followers"]
    await square.send(square.victor, prove(square.victor, answer))
    assert len(square.heard(square.erin)) == 1


async def test_s153_a_mention_of_ours_is_enough_to_be_about_us(square: Square):
    tag = {"type": "Mention", "href": square.alice.uri, "name": "@alice"}
    note = square.victor.note(to=[PUBLIC], cc=[square.alice.uri, f"{square.alice.uri}/followers"], tag=[tag])
    await square.send(square.victor, prove(square.victor, square.victor.create(note)))
    assert len(square.heard(square.erin)) == 1
