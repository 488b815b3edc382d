from activitypub.audience import Visibility
from server.actions.people.preferences import PreferenceChange, change_preferences
from server.actions.writing.choose import Choices, read_choices
from server.store.telling import notifications
from server.store.writing import media, posts
from tests.server.web.exhibition import Exhibition, QuietPeers, Visitor


async def test_a_reply_stands_under_the_picture_and_its_author_is_told(
    exhibition: Exhibition, visitor: Visitor
) -> None:
    alice, _ = await exhibition.person("alice"), await exhibition.person("bob")
    post = await exhibition.hang(alice, "a boat")
    await visitor.enter("bob")
    await visitor.get(f"/@alice/{post.id}")
    await visitor.submit(f"/posts/{post.id}/reply", text="lovely sails", visibility="public")
    assert "lovely sails" in (await visitor.get(f"/@alice/{post.id}")).text
    async with exhibition.services.database.read() as reader:
        assert [one.kind for one in await notifications.list_of_actor(reader, alice.id)] == ["reply"]


async def test_a_reply_is_never_wider_than_its_question(exhibition: Exhibition, visitor: Visitor) -> None:
    post = await exhibition.hang(await exhibition.person("alice"), "a boat", Visibility.FOLLOWERS)
    await visitor.enter("alice")
    await visitor.get(f"/@alice/{post.id}")
    await visitor.submit(f"/posts/{post.id}/reply", text="hm", visibility="public")
    async with exhibition.services.database.read() as reader:
        [reply] = await posts.list_replies(reader, post.id)
    assert reply.visibility == "followers"


async def test_who_is_named_is_looked_up(exhibition: Exhibition, visitor: Visitor, outside: QuietPeers) -> None:
    post = await exhibition.hang(await exhibition.person("alice"), "a boat")
    bob, carol = await exhibition.person("bob"), await exhibition.stranger("carol")
    await visitor.enter("alice")
    await visitor.get(f"/@alice/{post.id}")
    await visitor.submit(f"/posts/{post.id}/reply", text="see @bob, @carol@away.example and @nobody@gone.example")
    async with exhibition.services.database.read() as reader:
        [reply] = await posts.list_replies(reader, post.id)
        named = {one.actor_uri for one in await posts.list_mentions(reader, reply.id)}
    assert named == {bob.uri, carol.uri}
    assert any("gone.example" in url for url in outside.asked)


async def test_an_empty_reply_is_refused_in_words(exhibition: Exhibition, visitor: Visitor) -> None:
    post = await exhibition.hang(await exhibition.person("alice"), "a boat")
    await visitor.enter("alice")
    await visitor.get(f"/@alice/{post.id}")
    refused = await visitor.submit(f"/posts/{post.id}/reply", text="  ")
    assert refused.status == 422 and "needs words" in refused.text


async def test_words_and_alt_text_can_be_changed(exhibition: Exhibition, visitor: Visitor) -> None:
    post = await exhibition.hang(await exhibition.person("alice"), "a boat", caption="frist")
    await visitor.enter("alice")
    page = await visitor.get(f"/posts/{post.id}/edit")
    assert "frist" in page.text
    await visitor.submit(f"/posts/{post.id}/edit", text="first", alt="A small boat", summary="Waves")
    async with exhibition.services.database.read() as reader:
        changed = await posts.find(reader, post.id)
        pictures = await media.list_of_posts(reader, [post.id])
    assert changed is not None and (changed.source, changed.summary, changed.sensitive) == ("first", "Waves", True)
    assert pictures[post.id][0].alt == "A small boat"


async def test_deleting_takes_the_post_away(exhibition: Exhibition, visitor: Visitor) -> None:
    post = await exhibition.hang(await exhibition.person("alice"), "a boat")
    await visitor.enter("alice")
    await visitor.get(f"/@alice/{post.id}")
    assert (await visitor.submit(f"/posts/{post.id}/delete")).location == "/@alice"
    assert (await visitor.get(f"/@alice/{post.id}")).status == 404


async def test_another_persons_post_can_be_neither_changed_nor_deleted(
    exhibition: Exhibition, visitor: Visitor
) -> None:
    post = await exhibition.hang(await exhibition.person("alice"), "a boat")
    await exhibition.person("mallory")
    await visitor.enter("mallory")
    page = (await visitor.get(f"/@alice/{post.id}")).text
    assert f"/posts/{post.id}/delete" not in page and f"/posts/{post.id}/edit" not in page
    token = page.partition('name="token" value="')[2].partition('"')[0]
    assert (await visitor.get(f"/posts/{post.id}/edit")).status == 403
    for verb in ("edit", "delete"):
        assert (await visitor.post(f"/posts/{post.id}/{verb}", {"token": token, "text": "mine"})).status == 403
    async with exhibition.services.database.read() as reader:
        kept = await posts.find(reader, post.id)
    assert kept is not None and kept.deleted_at is None and kept.updated_at is None


async def test_who_may_answer_and_quote_is_changed_with_the_words(exhibition: Exhibition, visitor: Visitor) -> None:
    alice, bob = await exhibition.person("alice"), await exhibition.person("bob")
    post = await exhibition.say(alice, "hello")
    await visitor.enter("alice")
    page = await visitor.get(f"/posts/{post.id}/edit")
    assert 'name="reply_policy" value="public" checked' in page.text
    fields = {"text": "hello", "reply_policy": "nobody", "quote_policy": "manual"}
    await visitor.submit(f"/posts/{post.id}/edit", **fields)
    page = await visitor.get(f"/posts/{post.id}/edit")
    assert 'name="reply_policy" value="nobody" checked' in page.text
    assert 'name="quote_policy" value="manual" checked' in page.text
    await visitor.enter(bob.username)
    await visitor.get(f"/@alice/{post.id}")
    assert (await visitor.submit(f"/posts/{post.id}/reply", text="hi")).status == 403


async def test_who_may_answer_and_quote_an_answer_is_chosen_for_it_alone(exhibition, visitor) -> None:
    post = await exhibition.say(await exhibition.person("bob"), "hello")
    alice = await exhibition.person("alice")
    async with exhibition.services.database.write() as tx:
        await change_preferences(tx, alice, PreferenceChange(reply_policy="followers", quote_policy="nobody"))
    await visitor.enter("alice")
    page = await visitor.get(f"/@bob/{post.id}")
    assert 'name="reply_policy" value="followers" checked' in page.text
    assert 'name="quote_policy" value="nobody" checked' in page.text

    await visitor.submit(f"/posts/{post.id}/reply", text="hi", reply_policy="manual", quote_policy="manual")

    async with exhibition.services.database.read() as reader:
        (answer,) = await posts.list_replies(reader, post.id)
        assert await read_choices(reader, answer) == Choices(quote="manual", reply="manual")


async def test_what_matters_most_in_a_picture_is_chosen_and_shown(exhibition: Exhibition, visitor: Visitor) -> None:
    post = await exhibition.hang(await exhibition.person("alice"), "a boat")
    await visitor.enter("alice")
    assert 'name="focus-x" min="0" max="10" value="5"' in (await visitor.get(f"/posts/{post.id}/edit")).text
    await visitor.submit(f"/posts/{post.id}/edit", text="a boat", alt="a boat", **{"focus-x": "10", "focus-y": "0"})
    async with exhibition.services.database.read() as reader:
        (picture,) = (await media.list_of_posts(reader, [post.id]))[post.id]
    assert (picture.focal_x, picture.focal_y) == (1.0, 1.0)
    assert '<img class="x10 y0"' in (await visitor.get("/")).text
