"""Quotes: tied to the quoted post by its address, whichever came first; counted where they are accepted."""

import pytest

from server.store.paging import Stretch
from server.store.people import actors
from server.store.writing import posts, quotes
from server.store.writing.quotes import ACCEPTED, PENDING, QuotePolicy
from tests.rows import make_actor, make_post

BOB = make_actor("bob")


@pytest.fixture
async def tx(database):
    async with database.write() as tx:
        await actors.add(tx, BOB)
        yield tx


async def quote(tx, quoted, state=ACCEPTED):
    post = make_post(BOB)
    await posts.add(tx, post)
    await quotes.add(tx, post_id=post.id, quoted_uri=quoted.uri, state=state, at=1)
    return post


async def test_a_quote_finds_its_post_when_that_comes_later(tx):
    quoted = make_post(BOB)
    post = await quote(tx, quoted, PENDING)
    assert (await quotes.find(tx, post.id)).quoted_id is None

    await posts.add(tx, quoted)

    found = await quotes.find(tx, post.id)
    assert (found.quoted_id, found.state) == (quoted.id, PENDING)
    assert await quotes.list_waiting(tx, quoted.uri) == [post.id]


async def test_only_accepted_quotes_are_counted_and_listed(tx):
    quoted = make_post(BOB)
    await posts.add(tx, quoted)
    first, second = await quote(tx, quoted), await quote(tx, quoted)
    await quote(tx, quoted, PENDING)

    assert await quotes.count_of_posts(tx, [quoted.id]) == {quoted.id: 2}
    assert [one.id for one in await quotes.list_quoting(tx, quoted.uri, Stretch())] == [second.id, first.id]
    assert [one.id for one in await quotes.list_quoting(tx, quoted.uri, Stretch(ascending=True, limit=1))] == [first.id]


async def test_a_post_quotes_one_other(tx):
    one, other = make_post(BOB), make_post(BOB)
    post = await quote(tx, one)

    await quotes.add(tx, post_id=post.id, quoted_uri=other.uri, state=ACCEPTED, at=2)

    assert (await quotes.find(tx, post.id)).quoted_uri == one.uri


async def test_a_policy_is_put_anew_and_forgotten_with_its_post(tx):
    post = await quote(tx, make_post(BOB))
    await quotes.put_policy(tx, post.id, QuotePolicy("public"))
    await quotes.put_policy(tx, post.id, QuotePolicy("followers", "public"))
    assert await quotes.find_policy(tx, post.id) == QuotePolicy("followers", "public")

    await quotes.drop_of_post(tx, post.id)

    assert await quotes.find_policy(tx, post.id) is None
    assert await quotes.find(tx, post.id) is None
