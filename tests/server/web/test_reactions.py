import pytest

from activitypub.audience import Visibility
from server.store.reading import reactions
from server.store.writing import posts
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
