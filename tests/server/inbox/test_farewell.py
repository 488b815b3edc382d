"""An actor that was deleted elsewhere leaves nothing behind here, however much it wrote."""

import pytest

from server.actions.people.forget_actor import STEP, forget_actor, forget_step
from server.actions.writing.remove import forget_post
from server.problems import Forbidden
from server.store.paging import Stretch
from server.store.people import actors, endorsements, private_notes
from server.store.reading import filters, timelines
from server.store.reading.filters import Filter, FilteredPost
from server.store.telling import notifications
from server.store.ties import lists
from server.store.ties.lists import List


async def write_many(street, number):
    await street.follow(street.bob)
    notes = [street.bob.note() for _ in range(number)]
    for note in notes:
        await street.bob.send(street.bob.create(note), f"{street.house.origin}/inbox")
    await street.arrive(street.bob, street.bob.activity("Like", f"{street.house.origin}/nothing"))


async def test_one_of_ours_is_never_forgotten_as_a_peers_actor_is(street):
    async with street.house.database.write() as tx:
        with pytest.raises(Forbidden):
            await forget_actor(tx, street.house.site, street.alice)


async def test_every_post_of_a_deleted_actor_is_emptied(street):
    await write_many(street, STEP + 3)
    bob = await street.known(street.bob)

    assert await street.arrive(street.bob, street.bob.activity("Delete", street.bob.uri)) == "gone"

    async with street.house.database.read() as reader:
        assert await timelines.read_own_profile(reader, bob.id, Stretch(limit=1)) == []
    assert await street.house.jobs() == []


async def test_the_likes_and_boosts_of_a_deleted_actor_are_no_longer_counted(street):
    post = await street.publish()
    await street.arrive(street.bob, street.bob.activity("Like", post.uri))
    await street.arrive(street.bob, street.bob.activity("Announce", post.uri))
    await street.arrive(street.eve, street.eve.activity("Like", post.uri))
    counted = await street.post(post.uri)
    assert (counted.likes_count, counted.shares_count) == (2, 1)

    await street.arrive(street.bob, street.bob.activity("Delete", street.bob.uri))

    counted = await street.post(post.uri)
    assert (counted.likes_count, counted.shares_count) == (1, 0)
    assert await street.told() == [("like", "eve")]


async def test_what_an_actor_left_stays_when_it_is_back_before_its_turn(street):
    await street.follow(street.bob)
    note = street.bob.note()
    await street.arrive(street.bob, street.bob.create(note))
    bob = await street.known(street.bob)

    async with street.house.database.write() as tx:
        await forget_step(tx, street.house.site, bob.id)

    assert (await street.post(note["id"])).deleted_at is None


async def test_an_answer_that_is_not_for_whom_it_answers_is_not_told(street):
    await street.follow(street.bob, by=street.carol)
    asked = await street.publish()
    hidden = street.bob.note(inReplyTo=asked.uri, to=[street.bob.followers], cc=[])

    assert await street.arrive(street.bob, street.bob.create(hidden)) == "kept"

    assert await street.told() == []


async def test_a_deleted_actor_is_in_no_list_and_no_notification_and_has_no_name(street):
    await street.follow(street.bob)
    await street.arrive(street.bob, street.bob.activity("Follow", street.alice.uri))
    bob = await street.known(street.bob)
    async with street.house.database.write() as tx:
        await lists.add(tx, List(1, street.alice.id, "friends", "list", False, 1))
        await lists.add_member(tx, id=2, list_id=1, target_id=bob.id)
        await endorsements.add(tx, id=3, actor_id=street.alice.id, target_id=bob.id)
        await private_notes.put(tx, street.alice.id, bob.id, "a friend")
    assert await street.told() == [("follow", "bob")]

    await street.arrive(street.bob, street.bob.activity("Delete", street.bob.uri))

    assert await street.told() == []
    async with street.house.database.read() as reader:
        assert await lists.list_member_ids(reader, 1) == []
        assert await notifications.count_unread(reader, street.alice.id) == 0
        gone = await actors.find(reader, bob.id)
    assert (gone.name, gone.summary_html, gone.icon_url) == (None, None, None)


async def test_a_deleted_post_is_in_nobodys_filter(street):
    post = await street.publish()
    async with street.house.database.write() as tx:
        await filters.add(tx, Filter(1, street.alice.id, "this", '["home"]', "warn", None, 1))
        await filters.add_post(tx, FilteredPost(2, 1, post.id))
        await forget_post(tx, street.house.site, post)
        assert await filters.find_post(tx, street.alice.id, 2) is None
