"""The page on which somebody says how they want to post, and the posts that follow it."""

import pytest

from server.store.people import preferences
from server.store.people.actors import Actor
from server.store.people.preferences import Preferences
from server.store.writing import generations, posts
from server.web.account.preferences import PAGE
from tests.server.web.exhibition import Exhibition, Visitor, read_forms


@pytest.fixture(autouse=True)
async def alice(exhibition: Exhibition, visitor: Visitor) -> Actor:
    alice = await exhibition.person("alice")
    await visitor.enter("alice")
    return alice


async def chosen(exhibition: Exhibition, alice: Actor) -> Preferences:
    async with exhibition.services.database.read() as reader:
        return await preferences.find(reader, alice.id)


async def test_the_form_begins_with_what_the_instance_does(visitor: Visitor) -> None:
    form = read_forms((await visitor.get(PAGE)).text)[PAGE]
    shown = (form["visibility"], form["quote_policy"], form["language"], form["paint_word"])
    assert shown == ("unlisted", "public", "", "/paint")
    assert "sensitive" not in form


async def test_choices_are_kept_and_shown_again(exhibition: Exhibition, visitor: Visitor, alice: Actor) -> None:
    await visitor.get(PAGE)
    choices = {"visibility": "followers", "quote_policy": "nobody", "language": "de", "paint_word": "!malen"}

    saved = await visitor.submit(PAGE, sensitive="yes", **choices)

    assert saved.location == f"{PAGE}?saved"
    assert await chosen(exhibition, alice) == Preferences(alice.id, sensitive=True, **choices)
    form = read_forms((await visitor.get(saved.location)).text)[PAGE]
    assert {**choices, "sensitive": "yes"}.items() <= form.items()


async def test_what_is_left_empty_is_taken_away(exhibition: Exhibition, visitor: Visitor, alice: Actor) -> None:
    await visitor.get(PAGE)
    await visitor.submit(PAGE, language="de", sensitive="yes")
    form = read_forms((await visitor.get(PAGE)).text)[PAGE]
    kept = {name: value for name, value in form.items() if name != "sensitive"}

    await visitor.post(PAGE, {**kept, "language": "", "paint_word": ""}, {"Sec-Fetch-Site": "same-origin"})

    now = await chosen(exhibition, alice)
    assert (now.language, now.paint_word, now.sensitive) == (None, None, False)


@pytest.mark.parametrize(
    ("name", "value"),
    [("visibility", "friends"), ("quote_policy", "some"), ("language", "german!"), ("paint_word", "paint")],
)
async def test_what_is_no_choice_is_refused_and_nothing_kept(
    exhibition: Exhibition, visitor: Visitor, alice: Actor, name: str, value: str
) -> None:
    await visitor.get(PAGE)

    page = await visitor.submit(PAGE, **{"paint_word": "/draw", name: value})

    assert page.status == 422 and page.text.count('class="problem"') == 1
    assert await chosen(exhibition, alice) == Preferences(alice.id)


async def test_new_pictures_and_answers_follow_the_choices(
    exhibition: Exhibition, visitor: Visitor, alice: Actor
) -> None:
    await visitor.get(PAGE)
    await visitor.submit(PAGE, visibility="followers", sensitive="yes", language="de")

    form = read_forms((await visitor.get("/create")).text)["/create"]
    assert form["visibility"] == "followers"
    made = await visitor.submit("/create", prompt="a red boat")
    generation_id = int(made.location.rpartition("/")[2])
    post = await exhibition.say(alice, "hello")
    await visitor.get(f"/@alice/{post.id}")
    await visitor.submit(f"/posts/{post.id}/reply", text="servus")

    async with exhibition.services.database.read() as reader:
        from_reply = (await posts.list_replies(reader, post.id, limit=1))[0]
    assert from_reply.language == "de"
    picture = await paint(exhibition, generation_id)
    assert (picture.visibility, picture.sensitive, picture.language) == ("followers", True, "de")


async def paint(exhibition: Exhibition, generation_id: int) -> posts.Post:
    async with exhibition.services.database.read() as reader:
        generation = await generations.find(reader, generation_id)
    assert generation is not None
    post = await exhibition.paint(generation)
    assert post is not None
    return post
