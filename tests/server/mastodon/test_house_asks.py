"""One of us wants to be asked by another of us: a like, answer or boost waits under one roof as it does from afar."""

import pytest

from server.actions.writing.quote import change_policy
from server.actions.writing.settle import decide, take_back
from server.store.writing import consents, posts
from server.store.writing.interactions import Allowed

ASK = Allowed((), ("public",))
VERBS = pytest.mark.parametrize(("verb", "shown"), [("favourite", "favourited"), ("reblog", "reblogged")])


async def bens(desk):
    """A post of ben's, who wants to be asked for everything."""
    post = await desk.write("hm", app=desk.bens_app, visibility="public")
    async with desk.house.database.write() as tx:
        found = await posts.find(tx, int(post["id"]))
        rules = {"like": ASK, "reply": ASK, "announce": ASK}
        await change_policy(tx, desk.site, desk.ben, found, None, rules=rules)
    await desk.settle()
    return post


async def say(desk, *, yes):
    async with desk.house.database.write() as tx:
        (consent,) = await consents.list_waiting(tx, desk.ben.id)
        await decide(tx, desk.site, desk.ben, consent.id, yes=yes)
    await desk.settle()
    return consent


@VERBS
async def test_a_yes_does_it(desk, verb, shown):
    post = await bens(desk)

    await desk.do(verb, post)
    assert not (await desk.look(post))[shown]
    await say(desk, yes=True)

    assert (await desk.look(post))[shown]


@VERBS
async def test_a_no_is_final(desk, verb, shown):
    post = await bens(desk)
    await desk.do(verb, post)

    await say(desk, yes=False)

    assert (await desk.do(verb, post)).status == 403
    assert not (await desk.look(post))[shown]


@VERBS
async def test_a_yes_is_taken_back(desk, verb, shown):
    post = await bens(desk)
    await desk.do(verb, post)
    consent = await say(desk, yes=True)

    async with desk.house.database.write() as tx:
        await take_back(tx, desk.site, desk.ben, consent.id)

    assert not (await desk.look(post))[shown]


async def test_an_answer_is_ben_and_its_writers_alone_until_he_agrees(desk):
    post = await bens(desk)
    answer = await desk.write("yes", in_reply_to_id=post["id"], visibility="public")
    assert (await desk.look(answer, app=desk.bens_app))["content"]
    assert (await desk.stranger.get(f"/api/v1/statuses/{answer['id']}")).status == 404

    await say(desk, yes=True)

    assert (await desk.look(answer))["visibility"] == "public"
    assert (await desk.stranger.get(f"/api/v1/statuses/{answer['id']}")).status == 200
    assert (await desk.look(post))["replies_count"] == 1


async def test_an_answer_that_is_refused_is_its_writers_alone(desk):
    post = await bens(desk)
    answer = await desk.write("yes", in_reply_to_id=post["id"], visibility="public")

    await say(desk, yes=False)

    assert (await desk.bens_app.get(f"/api/v1/statuses/{answer['id']}")).status == 404
    assert (await desk.app.get(f"/api/v1/statuses/{answer['id']}")).status == 200


async def test_an_emoji_cannot_be_asked_for(desk):
    post = await bens(desk)
    assert (await desk.app.put(f"/api/v1/pleroma/statuses/{post['id']}/reactions/🔥")).status == 403
