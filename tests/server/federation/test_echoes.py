"""The conversation that one of our posts began, as a collection: whole, paged, and to each what is for them."""

from sqlalchemy import delete

from activitypub.audience import Visibility
from server.actions.writing.publish import Draft, publish
from server.store.writing import posts
from server.store.writing.contexts import post_contexts
from tests.server.federation.conftest import Door


async def answer(door: Door, parent, text="yes", visibility=Visibility.PUBLIC):
    async with door.house.database.write() as tx:
        return await publish(
            tx, door.house.site, door.alice, Draft(text=text, visibility=visibility, in_reply_to=parent)
        )


async def listed(door: Door, uri: str, token: str | None = None) -> list[str]:
    found, page = [], f"{uri}?page=true"
    while page:
        document = (await door.show(page, token) if token else await door.ask(door.path(page))).json()
        found += document["orderedItems"]
        page = document.get("next")
    return found


async def test_a_post_names_the_conversation_that_it_began_and_its_answers_the_same(door: Door):
    root = await door.write()
    below = await answer(door, await answer(door, root))

    shown = [(await door.ask(door.path(one.uri))).json() for one in (root, below)]

    assert {one["context"] for one in shown} == {f"{root.uri}/context"}
    collection = (await door.ask(door.path(shown[0]["context"]))).json()
    assert (collection["type"], collection["totalItems"]) == ("OrderedCollection", 3)
    assert collection["attributedTo"] == door.alice.uri


async def test_s40_s42_a_conversation_is_paged_newest_first(door: Door):
    root = await door.write()
    below = [await answer(door, root, str(number)) for number in range(45)]
    assert await listed(door, f"{root.uri}/context") == [one.uri for one in (*reversed(below), root)]


async def test_s12_strangers_are_shown_what_is_for_everybody_and_the_author_all(door: Door):
    root = await door.write()
    public = await answer(door, root)
    hidden = await answer(door, root, visibility=Visibility.DIRECT)
    uri = f"{root.uri}/context"
    assert await listed(door, uri) == [public.uri, root.uri]
    token = await door.token()
    assert await listed(door, uri, token) == [hidden.uri, public.uri, root.uri]


async def test_an_answer_and_a_hidden_or_deleted_post_have_no_collection(door: Door):
    root = await door.write()
    below = await answer(door, root)
    hidden = await door.write(visibility=Visibility.FOLLOWERS)
    for post in (below, hidden):
        assert (await door.ask(door.path(f"{post.uri}/context"))).status_code == 404
    async with door.house.database.write() as tx:
        await posts.bury(tx, root.id, at=1)
    assert (await door.ask(door.path(f"{root.uri}/context"))).status_code == 410


async def test_an_answer_from_before_conversations_had_addresses_is_given_that_of_its_thread(door: Door):
    root = await door.write()
    first = await answer(door, root)
    second = await answer(door, first)
    async with door.house.database.write() as tx:
        await tx.run(delete(post_contexts))

    for old in (first, second, await answer(door, second)):
        assert (await door.ask(door.path(old.uri))).json()["context"] == f"{root.uri}/context"
