import pytest

from activitypub.audience import Visibility
from activitypub.emoji import Emoji
from server.actions.writing.react_emoji import give_emoji
from server.store.reading import reactions
from server.store.writing import emojis, posts
from server.store.writing.emojis import OURS, CustomEmoji
from tests.server.web.exhibition import Exhibition, Visitor


@pytest.mark.parametrize(("verb", "kind"), [("like", reactions.LIKE), ("boost", reactions.ANNOUNCE)])
async def test_a_reaction_is_given_and_taken_back(
    exhibition: Exhibition, visitor: Visitor, verb: str, kind: str
) -> None:
    post = await exhibition.hang(await exhibition.person("alice"), "a boat")
    bob = await exhibition.person("bob")
    await visitor.enter("bob")
    await visitor.get(f"/@alice/{post.id}")
    assert (await visitor.submit(f"/posts/{post.id}/{verb}")).location == f"/@alice/{post.id}"
    async with exhibition.services.database.read() as reader:
        assert await reactions.find(reader, kind=kind, actor_id=bob.id, post_id=post.id)
    assert 'aria-pressed="true"' in (await visitor.get(f"/@alice/{post.id}")).text
    await visitor.submit(f"/posts/{post.id}/un{verb}")
    async with exhibition.services.database.read() as reader:
        assert await reactions.find(reader, kind=kind, actor_id=bob.id, post_id=post.id) is None


async def test_a_picture_for_followers_offers_no_boost(exhibition: Exhibition, visitor: Visitor) -> None:
    post = await exhibition.hang(await exhibition.person("alice"), "a boat", Visibility.FOLLOWERS)
    await visitor.enter("alice")
    page = (await visitor.get(f"/@alice/{post.id}")).text
    assert f"/posts/{post.id}/boost" not in page
    token = page.partition('name="token" value="')[2].partition('"')[0]
    assert (await visitor.post(f"/posts/{post.id}/boost", {"token": token})).status == 403


async def test_it_goes_back_to_our_own_pages_alone(exhibition: Exhibition, visitor: Visitor) -> None:
    post = await exhibition.hang(await exhibition.person("alice"), "a boat")
    await visitor.enter("alice")
    await visitor.get(f"/@alice/{post.id}")
    answer = await visitor.submit(f"/posts/{post.id}/like", back="//evil.example")
    assert answer.location == f"/@alice/{post.id}"


async def test_a_deleted_post_cannot_be_liked(exhibition: Exhibition, visitor: Visitor) -> None:
    post = await exhibition.hang(await exhibition.person("alice"), "a boat")
    await visitor.enter("alice")
    await visitor.get(f"/@alice/{post.id}")
    async with exhibition.services.database.write() as tx:
        await posts.bury(tx, post.id, at=1)
    assert (await visitor.submit(f"/posts/{post.id}/like")).status == 404


async def test_an_emoji_is_given_on_the_page_and_taken_back(exhibition: Exhibition, visitor: Visitor) -> None:
    alice = await exhibition.person("alice")
    post = await exhibition.hang(alice, "a boat")
    await exhibition.person("bob")
    await visitor.enter("bob")
    await visitor.get(f"/@alice/{post.id}")

    assert (await visitor.submit(f"/posts/{post.id}/react", emoji="🎨")).location == f"/@alice/{post.id}#reactions"
    page = (await visitor.get(f"/@alice/{post.id}")).text
    assert f'action="/posts/{post.id}/unreact"' in page and 'value="🎨" aria-pressed="true"' in page

    await visitor.submit(f"/posts/{post.id}/unreact", emoji="🎨")
    assert f'action="/posts/{post.id}/unreact"' not in (await visitor.get(f"/@alice/{post.id}")).text


async def test_words_are_no_emoji(exhibition: Exhibition, visitor: Visitor) -> None:
    post = await exhibition.hang(await exhibition.person("alice"), "a boat")
    await visitor.enter("alice")
    await visitor.get(f"/@alice/{post.id}")
    assert (await visitor.submit(f"/posts/{post.id}/react", emoji="<b>hello</b>")).status == 422


async def test_a_strangers_page_has_no_form_for_emoji(exhibition: Exhibition, visitor: Visitor) -> None:
    post = await exhibition.hang(await exhibition.person("alice"), "a boat")
    assert "/react" not in (await visitor.get(f"/@alice/{post.id}")).text


async def test_the_author_reads_which_emoji_it_was(exhibition: Exhibition, visitor: Visitor) -> None:
    alice, bob = await exhibition.person("alice"), await exhibition.person("bob")
    post = await exhibition.hang(alice, "a boat")
    async with exhibition.services.database.write() as tx:
        await give_emoji(tx, exhibition.site, bob, post, Emoji("🎨"))
    await visitor.enter("alice")
    assert "gave 🎨" in (await visitor.get("/notifications")).text


async def test_our_own_emoji_are_offered_and_given(exhibition: Exhibition, visitor: Visitor) -> None:
    post = await exhibition.hang(await exhibition.person("alice"), "a boat")
    key = "ab/" + "c" * 62 + ".png"
    async with exhibition.services.database.write() as tx:
        await emojis.put(tx, CustomEmoji(1, OURS, "fox", None, key, None, 1))
    await visitor.enter("alice")
    assert f'value=":fox:" title=":fox:"><img src="/media/{key}"' in (await visitor.get(f"/@alice/{post.id}")).text
    await visitor.submit(f"/posts/{post.id}/react", emoji=":fox:")
    page = (await visitor.get(f"/@alice/{post.id}")).text
    assert f'<img src="{exhibition.site.media_url(key)}" alt=":fox:"' in page
