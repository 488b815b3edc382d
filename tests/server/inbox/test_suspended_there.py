"""A peer's own server suspends somebody (`toot:suspended`): hidden here meanwhile, and shown again when it is over."""

import pytest

from server.actions.network.rule_domain import lift_domain, rule_domain
from server.actions.people import restrain
from server.actions.writing.see import find_seen
from server.problems import Conflict
from server.store.network.domain_rules import SUSPEND, Rule
from server.store.paging import Stretch
from server.store.people import hiding
from server.store.reading import timelines
from server.store.reading.showing import Ties
from tests.instance import run_jobs_until_idle


@pytest.fixture
async def post(street):
    """A post of bob's, whom alice follows."""
    await street.follow(street.bob)
    note = street.bob.note("<p>before</p>")
    assert await street.arrive(street.bob, street.bob.create(note)) == "kept"
    return await street.post(note["id"])


async def say(street, *, suspended):
    """Bob's server suspends him, or takes it back, and tells us as Mastodon does."""
    street.bob.host.person("bob", **({"suspended": True} if suspended else {}))
    outcome = await street.arrive(street.bob, street.bob.activity("Update", street.bob.uri))
    # What else our process believes of his key, it looks up again after a minute.
    street.house.clock.advance(61)
    return outcome


async def is_shown(street, post):
    """Whether alice may see a post, and meets it at home."""
    author = await street.house.actor(street.bob.uri)
    async with street.house.database.read() as reader:
        feed = await timelines.read_home(reader, street.alice.id, Stretch(), now=street.house.clock.now())
        seen = bool(await find_seen(reader, [post], {author.id: author}, street.alice, Ties()))
    assert seen == (post.id in [one.post.id for one in feed])
    return seen


async def do(street, deed):
    async with street.house.database.write() as tx:
        await deed(tx, street.house.site, await street.house.actor(street.bob.uri))
    await run_jobs_until_idle(street.house)
    street.house.clock.advance(61)


async def test_t69_whom_its_own_server_suspended_is_hidden_until_that_is_over(street, post):
    assert await say(street, suspended=True) == "changed"
    assert not await is_shown(street, post)

    assert await say(street, suspended=False) == "changed"
    assert await is_shown(street, post)
    assert await street.state(street.bob) == "accepted"


async def test_meanwhile_only_what_takes_back_or_changes_is_acted_on(street, post):
    await say(street, suspended=True)
    ours = await street.publish()

    liked = await street.arrive(street.bob, street.bob.activity("Like", ours.uri))
    assert liked == "ignored: who sent it is suspended"
    assert await street.arrive(street.bob, street.bob.activity("Delete", post.uri)) == "deleted"


async def test_the_operators_suspension_outlasts_that_of_the_peers_server(street, post):
    await say(street, suspended=True)
    with pytest.raises(Conflict, match="but at its own server"):
        await do(street, restrain.unsuspend)
    await do(street, restrain.suspend)

    document = street.bob.activity("Update", street.bob.uri)
    assert await street.bob.send(document, f"{street.house.origin}/inbox") == 403
    await do(street, restrain.unsuspend)
    assert not await is_shown(street, post)

    await say(street, suspended=False)
    assert (await street.house.actor(street.bob.uri)).suspended_at is None


async def test_a_rule_and_the_peers_server_each_lift_their_own_alone(street, post):
    await say(street, suspended=True)
    rule = Rule(domain="remote.example", severity=SUSPEND, created_at=0)
    async with street.house.database.write() as tx:
        kept = await rule_domain(tx, street.house.site, rule)
    street.house.clock.advance(61)
    assert (await street.house.actor(street.bob.uri)).suspended_at == kept.created_at

    async with street.house.database.write() as tx:
        await lift_domain(tx, street.house.site, "remote.example")
    street.house.clock.advance(61)
    assert not await is_shown(street, post)

    await say(street, suspended=False)
    assert (await street.house.actor(street.bob.uri)).suspended_at is None


async def test_an_operator_is_not_shown_them_as_restrained_here(street, post):
    await say(street, suspended=True)

    async with street.house.database.read() as reader:
        assert await hiding.list_marked(reader, limit=10) == []
