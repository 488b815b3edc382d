"""What holds for every activity that arrives: taken once, acted upon once, and how it ended is kept."""

import pytest
from sqlalchemy import select

from activitypub.vocabulary import PUBLIC
from server.actions.network.rule_domain import rule_domain
from server.inbox.dispatch import FETCH_ATTEMPTS, HANDLERS
from server.store.network import peers
from server.store.network.domain_rules import SUSPEND, Rule
from server.store.network.peers import Peer
from server.store.schema import metadata
from tests.instance import let_time_pass, run_jobs_until_idle
from tests.remote_host import Shown
from tests.rows import make

# What peers are known to send beside what we act on, and what the vocabulary has beside that.
STRANGE_TYPES = [
    *("View", "Dislike", "Listen", "Blah", "Offer", "Invite", "Join", "Leave", "Arrive", "Travel", "Read", "Ignore"),
    *("TentativeAccept", "TentativeReject", "FeatureRequest", "FeatureAuthorization", "Story", "StoryRequest"),
    *("Story:Reply", "Story:Reaction", "Bite", "Choose", "ChatMessage", "Profile", "Activity", "EchoRequest"),
    *("IntransitiveActivity", "QuoteAuthorization", "Lock", "Approve", "Vote", "RsvpYes", "Question"),
]


@pytest.mark.parametrize("type", STRANGE_TYPES)
async def test_s175_a_type_that_we_do_not_act_on_is_taken_without_error(street, type):
    post = await street.publish()
    before = await _everything(street)

    outcome = await street.arrive(street.bob, street.bob.activity(type, post.uri, content="🎉", to=[PUBLIC]))

    assert outcome == "ignored: a type that we do not act on"
    assert await street.house.jobs() == await street.house.jobs("failed") == []
    assert await _everything(street) == before
    assert street.bob.host.inbox == []


async def _everything(street):
    """Each row that means something to somebody; what came, and who is known to have sent it, is left out."""
    aside = ("activities", "actors", "actor_keys", "inbox_entries", "jobs", "peers", "actors_fts")
    names = [name for name in metadata.tables if not name.startswith(aside)]
    async with street.house.database.read() as reader:
        return {name: await reader.all(select(metadata.tables[name])) for name in names}


@pytest.mark.parametrize("type", HANDLERS)
@pytest.mark.parametrize(
    "object",
    [
        None,
        [],
        {},
        "not a uri",
        "https://remote.example/nothing",
        {"type": "Note"},
        {"id": 7, "type": 7},
        {"id": "https://pinxit.example/users/alice", "type": "Person", "actor": "https://pinxit.example/users/alice"},
        ["https://remote.example/1", {"id": "https://remote.example/2"}],
    ],
)
async def test_whatever_stands_as_the_object_is_answered_without_a_fault_of_ours(street, type, object):
    document = street.bob.activity(type, object)

    assert await street.bob.send(document, street.alice.inbox) in (202, 400, 403)
    await run_jobs_until_idle(street.house)

    assert await street.house.jobs() == await street.house.jobs("failed") == []


@pytest.mark.parametrize("form", ["actor", "host"])
async def test_s174_one_with_whom_we_do_not_speak_is_refused_at_the_door(street, form):
    post = await street.publish()
    await street.known(street.bob)
    if form == "actor":
        await street.suspend(street.bob)
    else:
        async with street.house.database.write() as tx:
            await rule_domain(tx, street.house.site, Rule(domain="remote.example", severity=SUSPEND, created_at=0))
        street.house.clock.advance(61)

    assert await street.bob.send(street.bob.activity("Like", post.uri), street.alice.inbox) == 403
    # What is left of the host's files is looked for; of what it sends nothing waits.
    assert {job.kind for job in await street.house.jobs()} <= {"purge"}


async def test_a_peer_that_is_down_while_we_ask_it_is_asked_again_and_given_up_at_last(street):
    note = street.bob.note()
    street.bob.host.show_raw(note["id"].removeprefix(street.bob.host.origin), Shown(b"", 503))
    await street.follow(street.bob)
    create = street.bob.create(note) | {"object": note["id"]}

    assert await street.arrive(street.bob, create) is None
    before = len(street.bob.host.gets)
    await let_time_pass(street.house)

    assert await street.house.outcome(create["id"]) == "ignored: the peer answered 503"
    asked = [one for one in street.bob.host.gets[before:] if "/notes/" in one.target]
    assert len(asked) == FETCH_ATTEMPTS - 1
    assert await street.house.jobs("failed") == []


async def test_a_host_that_speaks_is_no_longer_left_alone(street):
    resting = make(Peer, host="remote.example", signature_form="cavage", failures=12, resting_until=10**18)
    async with street.house.database.write() as tx:
        await peers.put(tx, resting)

    await street.arrive(street.bob, street.bob.activity("Follow", street.alice.uri))

    assert len(street.bob.host.received("Accept")) == 1


async def test_a_host_that_signs_in_the_newer_form_is_answered_in_it(street):
    follow = street.bob.activity("Follow", street.alice.uri)
    await street.bob.send(follow, street.alice.inbox, form="rfc9421")
    await run_jobs_until_idle(street.house)

    (arrived,) = street.bob.host.inbox
    assert arrived.verified.form == "rfc9421"


async def test_s151_a_second_run_of_the_same_job_changes_nothing(street):
    """The end of a job may be lost although its work was committed."""
    post = await street.publish()
    like = street.bob.activity("Like", post.uri)
    assert await street.bob.send(like, street.alice.inbox) == 202
    (job,) = await street.house.jobs()
    await run_jobs_until_idle(street.house)
    async with street.house.database.write() as tx:
        await street.house.site.queue.enqueue(tx, "inbox", {"received": int(job.payload[12:-1])})

    await run_jobs_until_idle(street.house)

    assert (await street.post(post.uri)).likes_count == 1
    assert await street.house.outcome(like["id"]) == "liked"


async def test_s152_an_activity_under_an_id_of_another_origin_is_refused(street):
    like = street.bob.activity("Like", (await street.publish()).uri, id="https://other.example/likes/1")

    assert await street.bob.send(like, street.alice.inbox) == 403
    assert await street.house.jobs() == []


@pytest.mark.parametrize("actor", ["mallory", "alice"])
async def test_t17_a_signature_of_one_on_an_activity_of_another_is_refused(street, actor):
    who = getattr(street, actor)
    like = street.bob.activity("Like", (await street.publish()).uri) | {"actor": who.uri}

    assert await street.bob.send(like, street.alice.inbox) == 403
    assert await street.house.jobs() == []
