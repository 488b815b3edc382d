"""What a post said before: shown to who may see the post, with its warnings folded."""

from activitypub.audience import Visibility
from server.actions.writing.edit import Change, edit_post
from tests.server.web.exhibition import Exhibition, Visitor


async def test_the_states_of_a_post_are_shown_newest_first(exhibition: Exhibition, visitor: Visitor) -> None:
    alice = await exhibition.person("alice")
    post = await exhibition.say(alice, "first words")
    async with exhibition.services.database.write() as tx:
        await edit_post(tx, exhibition.site, alice, post, Change(text="second words", summary="careful"))
    assert f'href="/@alice/{post.id}/history"' in (await visitor.get(f"/@alice/{post.id}")).text
    page = (await visitor.get(f"/@alice/{post.id}/history")).text
    assert page.index("second words") < page.index("first words")
    assert "<summary>careful</summary>" in page


async def test_a_post_never_changed_and_a_hidden_one_have_none(exhibition: Exhibition, visitor: Visitor) -> None:
    alice = await exhibition.person("alice")
    plain = await exhibition.say(alice, "words")
    hidden = await exhibition.say(alice, "words", visibility=Visibility.FOLLOWERS)
    async with exhibition.services.database.write() as tx:
        await edit_post(tx, exhibition.site, alice, hidden, Change(text="others"))
    for post in (plain, hidden):
        assert (await visitor.get(f"/@alice/{post.id}/history")).status == 404
