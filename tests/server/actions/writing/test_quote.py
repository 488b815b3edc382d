"""Who may quote what: the author's word, the reader's standing, and what peers say."""

import pytest

from activitypub.audience import Visibility
from activitypub.interaction import Policy, Rule
from activitypub.vocabulary import PUBLIC
from server.actions.ties.follow import follow
from server.actions.writing.allow import Standing, keep_policy, may_quote
from server.actions.writing.choose import policy_for
from server.actions.writing.keep_note import change_note, keep_note
from server.ids import MICROSECONDS, iso
from server.problems import Invalid
from server.remote.notes import fetch_note
from server.store.writing import quotes
from server.store.writing.quotes import QuotePolicy


@pytest.mark.parametrize(
    ("policy", "follows", "standing"),
    [
        (QuotePolicy("public"), False, Standing.AUTOMATIC),
        (QuotePolicy("followers"), True, Standing.AUTOMATIC),
        (QuotePolicy("followers"), False, Standing.DENIED),
        (QuotePolicy("followers", "public"), False, Standing.MANUAL),
        (QuotePolicy("nobody", "followers"), True, Standing.MANUAL),
        (QuotePolicy("nobody"), True, Standing.DENIED),
        (None, True, Standing.DENIED),
    ],
)
async def test_a_policy_is_kept(ground, policy, follows, standing):
    post = await ground.publish()
    if follows:
        await ground.once(follow, ground.site, ground.carol, ground.alice)

    async with ground.house.database.read() as reader:
        assert await may_quote(reader, post, ground.alice, ground.carol, policy) is standing
        assert await may_quote(reader, post, ground.alice, ground.alice, policy) is Standing.AUTOMATIC


@pytest.mark.parametrize(
    ("visibility", "own"), [(Visibility.FOLLOWERS, Standing.AUTOMATIC), (Visibility.DIRECT, Standing.DENIED)]
)
async def test_what_is_not_for_everybody_is_quoted_by_its_author_at_most(ground, visibility, own):
    post = await ground.publish(visibility=visibility)
    policy = QuotePolicy("public")

    async with ground.house.database.read() as reader:
        assert await may_quote(reader, post, ground.alice, ground.alice, policy) is own
        assert await may_quote(reader, post, ground.alice, ground.carol, policy) is Standing.DENIED


async def test_a_peer_that_said_nothing_is_not_known_to_mind(ground):
    note = await fetch_note(ground.house.services, ground.person.note()["id"])
    post = await ground.once(keep_note, ground.site, ground.bob, note)

    async with ground.house.database.read() as reader:
        assert await may_quote(reader, post, ground.bob, ground.alice, None) is Standing.UNKNOWN


@pytest.mark.parametrize(
    ("automatic", "manual", "kept"),
    [
        ((PUBLIC,), (), QuotePolicy("public")),
        (("https://remote.example/users/bob/followers",), (PUBLIC,), QuotePolicy("followers", "public")),
        (("https://remote.example/users/bob",), ("https://x.example/1",), QuotePolicy()),
    ],
)
async def test_of_what_peers_say_everybody_and_followers_are_understood(ground, automatic, manual, kept):
    note = await fetch_note(ground.house.services, ground.person.note()["id"])
    post = await ground.once(keep_note, ground.site, ground.bob, note)

    await ground.once(keep_policy, post, ground.bob, Policy(quote=Rule(automatic, manual)))

    async with ground.house.database.read() as reader:
        assert await quotes.find_policy(reader, post.id) == kept


async def test_a_peers_new_policy_is_taken_over_and_is_no_edit(ground):
    first = ground.person.note()
    post = await ground.once(keep_note, ground.site, ground.bob, await fetch_note(ground.house.services, first["id"]))
    ground.house.clock.moment += 60 * MICROSECONDS
    ground.person.note(
        id=first["id"],
        published=iso(post.published_at),
        interactionPolicy={"canQuote": {"automaticApproval": [PUBLIC]}},
    )
    again = await fetch_note(ground.house.services, first["id"])

    assert not await ground.once(change_note, ground.site, ground.bob, post, again)

    async with ground.house.database.read() as reader:
        assert await quotes.find_policy(reader, post.id) == QuotePolicy("public")
    assert (await ground.post(post)).updated_at is None


def test_a_post_for_some_is_quoted_by_nobody_else():
    assert policy_for(Visibility.FOLLOWERS, "public") == QuotePolicy("nobody")
    with pytest.raises(Invalid):
        policy_for(Visibility.PUBLIC, "friends")
