"""Direct posts as conversations, through the door."""

from activitypub.audience import Visibility
from server.actions.writing.compose import Person
from server.actions.writing.remove import remove_post
from server.store.people.actors import Actor
from server.store.telling import notice_policy
from server.store.telling.notice_policy import Policy
from tests.server.mastodon.clients import Place

PATH = "/api/v1/conversations"


async def whisper(place: Place, by: Actor, to: Actor, text: str = "hello", **more):
    people = (Person(to.handle, to.uri, to.url or ""),)
    return await place.exhibition.say(by, text, people=people, visibility=Visibility.DIRECT, **more)


async def people(place: Place) -> tuple[Actor, Actor, Actor]:
    """Alice, who hears everybody, bob and carol."""
    alice, bob, carol = [await place.exhibition.person(name) for name in ("alice", "bob", "carol")]
    async with place.exhibition.services.database.write() as tx:
        await notice_policy.put_policy(tx, Policy(alice.id, for_private_mentions="accept"))
    return alice, bob, carol


async def test_a_whisper_and_its_answer_are_one_conversation(place: Place) -> None:
    alice, bob, _ = await people(place)
    app, theirs = await place.client(alice), await place.client(bob)
    first = await whisper(place, bob, alice)
    (one,) = (await app.get(PATH)).json
    assert one["unread"] is True and one["last_status"]["id"] == str(first.id)
    assert [account["acct"] for account in one["accounts"]] == ["bob"]

    read = await app.post(f"{PATH}/{one['id']}/read")
    assert read.json["unread"] is False
    answer = await whisper(place, alice, bob, "yes", in_reply_to=first)

    (mine,), (his,) = (await app.get(PATH)).json, (await theirs.get(PATH)).json
    assert mine["id"] == one["id"] and mine["unread"] is False
    assert his["unread"] is True and his["last_status"]["id"] == str(answer.id)
    assert (await app.post(f"{PATH}/{one['id']}/unread")).json["unread"] is True
    assert (await theirs.post(f"{PATH}/{one['id']}/read")).status == 404


async def test_conversations_come_in_pages_by_their_newest_post(place: Place) -> None:
    alice, bob, carol = await people(place)
    app = await place.client(alice)
    posts = [await whisper(place, by, alice, f"{number}") for number, by in enumerate((bob, carol, bob))]
    first = await app.get(f"{PATH}?limit=2")
    assert [one["last_status"]["id"] for one in first.json] == [str(posts[2].id), str(posts[1].id)]
    rest = await app.get(first.links["next"].removeprefix("https://pinxit.example"))
    assert [one["last_status"]["id"] for one in rest.json] == [str(posts[0].id)]


async def test_a_conversation_taken_off_the_list_comes_back_with_its_next_post(place: Place) -> None:
    alice, bob, _ = await people(place)
    app = await place.client(alice)
    first = await whisper(place, bob, alice)
    (one,) = (await app.get(PATH)).json
    assert (await app.delete(f"{PATH}/{one['id']}")).json == {}
    assert (await app.delete(f"{PATH}/{one['id']}")).status == 404
    assert (await app.get(PATH)).json == []
    await whisper(place, bob, alice, "still there?", in_reply_to=first)
    assert len((await app.get(PATH)).json) == 1


async def test_a_deleted_post_leaves_the_one_before_it(place: Place) -> None:
    alice, bob, _ = await people(place)
    app = await place.client(alice)
    first = await whisper(place, bob, alice)
    second = await whisper(place, bob, alice, "more", in_reply_to=first)
    for post, left in ((second, [str(first.id)]), (first, [])):
        async with place.exhibition.services.database.write() as tx:
            await remove_post(tx, place.exhibition.site, bob, post)
        assert [one["last_status"]["id"] for one in (await app.get(PATH)).json] == left


async def test_a_note_to_oneself_is_a_conversation_with_oneself(place: Place) -> None:
    alice, _, _ = await people(place)
    await place.exhibition.say(alice, "remember the milk", visibility=Visibility.DIRECT)
    (one,) = (await (await place.client(alice)).get(PATH)).json
    assert [account["acct"] for account in one["accounts"]] == ["alice"] and one["unread"] is False
