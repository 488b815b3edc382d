"""Wishes: taken whole or not at all, within bounds, and taken back by who made them."""

import pytest

from activitypub.audience import Visibility
from server.actions.painting.request_picture import ALT_AT_MOST, PROMPT_AT_MOST, Wish, cancel_picture, request_picture
from server.problems import Conflict, Invalid, TooMany
from server.store.writing import generations


async def find(ground, wished):
    async with ground.house.database.read() as reader:
        return await generations.find(reader, wished.id)


async def test_a_wish_takes_the_defaults_of_the_site_and_a_seed_that_stays(ground):
    async with ground.write() as tx:
        wished = await request_picture(tx, ground.site, ground.alice, Wish(prompt="  a boat \n"))

    found = await find(ground, wished)
    assert found == wished
    assert (found.prompt, found.visibility, found.draft) == ("a boat", "unlisted", False)
    assert 0 <= found.seed < 1 << 32
    assert [(job.kind, job.payload) for job in await ground.house.jobs()] == [
        ("render", f'{{"generation":{wished.id}}}')
    ]


async def test_the_painter_is_asked_for_exactly_what_was_wished(ground):
    wanted = {"negative": "people", "steps": 4, "guidance": 2.5, "width": 32, "height": 16, "model": "fake"}
    post = await ground.paint("a boat", visibility=Visibility.FOLLOWERS, alt="A boat.", **wanted)

    (asked,) = ground.house.painter.requests
    assert (asked.prompt, asked.seed) == ("a boat", 7)
    assert {name: getattr(asked, name) for name in wanted} == wanted
    picture = await ground.picture(post)
    assert (picture.width, picture.height, picture.alt, post.visibility) == (32, 16, "A boat.", "followers")


@pytest.mark.parametrize(
    "wish",
    [
        {"prompt": ""},
        {"prompt": " \n"},
        {"prompt": "x" * (PROMPT_AT_MOST + 1)},
        {"negative": "x" * (PROMPT_AT_MOST + 1)},
        {"prompt": "a\x00b"},
        {"prompt": "a\udcffb"},
        {"caption": "a\x1bb"},
        {"alt": "x" * (ALT_AT_MOST + 1)},
        {"seed": -1},
        {"seed": 1 << 32},
    ],
)
async def test_what_makes_no_sense_is_refused(ground, wish):
    with pytest.raises(Invalid):
        await ground.once(request_picture, ground.site, ground.alice, Wish(**{"prompt": "a boat"} | wish))

    assert await ground.house.jobs() == []


async def test_nobody_has_more_wishes_open_than_allowed(ground):
    most = ground.site.config.generation.waiting_per_account
    for _ in range(most):
        await ground.wish()

    with pytest.raises(TooMany):
        await ground.wish()
    await ground.wish(by=ground.carol)
    await ground.settle()
    await ground.wish()


async def test_a_wish_can_be_taken_back_before_it_is_painted(ground):
    wished = await ground.wish()

    await ground.once(cancel_picture, ground.site, ground.alice, wished)
    await ground.settle()

    assert (await find(ground, wished)).state == "cancelled"
    assert ground.house.painter.requests == []


async def test_a_wish_of_another_or_one_that_ended_is_not_taken_back(ground):
    wished = await ground.wish()
    with pytest.raises(Conflict):
        await ground.once(cancel_picture, ground.site, ground.carol, wished)
    await ground.settle()
    with pytest.raises(Conflict):
        await ground.once(cancel_picture, ground.site, ground.alice, wished)

    assert (await find(ground, wished)).state == "painted"
