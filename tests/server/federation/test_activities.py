"""Activities as others fetch them by their ids."""

import json

import pytest

from activitypub.audience import Visibility
from server.actions.ties.follow import follow, receive_follow
from server.actions.writing.edit import Change, edit_post
from server.actions.writing.remove import remove_post
from server.remote.people import find_actor
from tests.server.federation.conftest import Door


async def _sent(door: Door, type: str) -> dict[str, object]:
    found = await door.house.sent(type)
    return dict(json.loads(found[-1].document))


async def test_s1_a_create_is_found_by_its_id(door: Door):
    post = await door.write()
    create = await _sent(door, "Create")
    answer = await door.ask(door.path(str(create["id"])))
    assert (answer.status_code, answer.json()) == (200, create)
    assert answer.json()["object"]["id"] == post.uri


async def test_an_edited_post_stands_in_its_create_as_it_is_now(door: Door):
    post = await door.write("first words")
    create = await _sent(door, "Create")
    async with door.house.database.write() as tx:
        await edit_post(tx, door.house.site, door.alice, post, Change(text="second words"))
    shown = (await door.ask(door.path(str(create["id"])))).text
    assert "second words" in shown and "first words" not in shown


async def test_the_activities_of_a_deleted_post_are_gone_with_it(door: Door):
    post = await door.write()
    create = await _sent(door, "Create")
    async with door.house.database.write() as tx:
        await remove_post(tx, door.house.site, door.alice, post)
    assert (await door.ask(door.path(str(create["id"])))).status_code == 404


@pytest.mark.parametrize("visibility", [Visibility.FOLLOWERS, Visibility.DIRECT])
async def test_s48_the_create_of_a_closed_post_is_404_for_strangers(door: Door, visibility):
    await door.write("hello", visibility)
    create = await _sent(door, "Create")
    assert (await door.ask(door.path(str(create["id"])))).status_code == 404
    assert (await door.ask_signed(door.path(str(create["id"])), door.victor)).status_code == 404


async def test_a_follower_who_signs_sees_the_create_of_a_followers_post(door: Door):
    victor = await find_actor(door.house.services, door.victor.uri)
    async with door.house.database.write() as tx:
        await receive_follow(tx, door.house.site, victor, door.alice, f"{victor.uri}/follows/1")
    await door.write("hello", Visibility.FOLLOWERS)
    create = await _sent(door, "Create")
    assert (await door.ask_signed(door.path(str(create["id"])), door.victor)).status_code == 200


async def test_a_follow_is_shown_to_whom_it_is_addressed_alone(door: Door):
    victor = await find_actor(door.house.services, door.victor.uri)
    async with door.house.database.write() as tx:
        await follow(tx, door.house.site, door.alice, victor)
    sent = await _sent(door, "Follow")
    assert (await door.ask(door.path(str(sent["id"])))).status_code == 404
    answer = await door.ask_signed(door.path(str(sent["id"])), door.victor)
    assert (answer.status_code, answer.json()["object"]) == (200, door.victor.uri)


async def test_what_others_sent_us_is_not_shown(door: Door):
    like = door.victor.activity("Like", "https://pinxit.example/users/alice/posts/1")
    await door.victor.send(like, f"{door.house.origin}/inbox")
    received = (await door.house.jobs())[0].payload
    number = json.loads(received)["received"]
    assert (await door.ask(f"/users/alice/activities/{number}")).status_code == 404


async def test_an_activity_under_the_name_of_another_is_404(door: Door):
    await door.house.register("bob")
    await door.write()
    number = str((await _sent(door, "Create"))["id"]).rpartition("/")[2]
    assert (await door.ask(f"/users/bob/activities/{number}")).status_code == 404
    assert (await door.ask(f"/actor/activities/{number}")).status_code == 404
