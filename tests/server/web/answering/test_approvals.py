"""The page on which somebody answers who wants to do something with their posts, and takes it back."""

from activitypub.audience import Visibility
from server.store.people.actors import Actor
from server.store.writing import quotes
from server.store.writing.posts import Post
from server.web.gallery.cards import post_path
from tests.server.web.exhibition import Exhibition, Visitor


async def _quoted(exhibition: Exhibition, policy: str, visibility: Visibility = Visibility.PUBLIC) -> tuple[Post, Post]:
    """Bob quotes alice; return (her post, his)."""
    alice, bob = await exhibition.person("alice"), await exhibition.person("bob")
    quoted = await exhibition.say(alice, "the sea at night", quote_policy=policy)
    return quoted, await exhibition.say(bob, "bob looks", quoted=quoted, visibility=visibility)


async def _state(exhibition: Exhibition, post: Post) -> str | None:
    async with exhibition.services.database.read() as reader:
        found = await quotes.find(reader, post.id)
    return found.state if found else None


async def test_who_asks_is_let_in_from_the_page(exhibition: Exhibition, visitor: Visitor) -> None:
    _, quoting = await _quoted(exhibition, "manual")
    await visitor.enter("alice")
    assert "wants to quote you" in (await visitor.get("/notifications")).text
    page = await visitor.get("/approvals")
    assert "the sea at night" in page.text and "bob looks" in page.text
    await visitor.submit(_action(page.text, "allow"))
    assert await _state(exhibition, quoting) == "accepted"
    assert "They quote you" in (await visitor.get("/approvals")).text


async def test_who_asks_is_refused_from_the_page(exhibition: Exhibition, visitor: Visitor) -> None:
    _, quoting = await _quoted(exhibition, "manual")
    await visitor.enter("alice")
    page = await visitor.get("/approvals")
    await visitor.submit(_action(page.text, "refuse"))
    assert await _state(exhibition, quoting) == "rejected"
    assert "Nobody waits for your answer" in (await visitor.get("/approvals")).text


async def test_a_post_is_taken_out_of_a_quote_from_the_page(exhibition: Exhibition, visitor: Visitor) -> None:
    _, quoting = await _quoted(exhibition, "public")
    await visitor.enter("alice")
    await visitor.get("/approvals")
    await visitor.submit(f"/quotes/{quoting.id}/take-back")
    assert await _state(exhibition, quoting) == "revoked"


async def test_a_quote_that_is_not_for_me_shows_no_words(exhibition: Exhibition, visitor: Visitor) -> None:
    _, quoting = await _quoted(exhibition, "public", Visibility.FOLLOWERS)
    await visitor.enter("alice")
    page = await visitor.get("/approvals")
    assert "bob looks" not in page.text
    await visitor.submit(f"/quotes/{quoting.id}/take-back")
    assert await _state(exhibition, quoting) == "revoked"


async def test_nobody_answers_or_takes_back_for_another(exhibition: Exhibition, visitor: Visitor) -> None:
    _, asking = await _quoted(exhibition, "manual")
    carol = await exhibition.person("carol")
    own = await exhibition.say(carol, "by carol")
    quoting = await exhibition.say(await exhibition.person("dora"), "dora looks", quoted=own)
    await visitor.enter("alice")
    number = _action((await visitor.get("/approvals")).text, "allow").split("/")[2]
    mallory: Actor = await exhibition.person("mallory")
    await visitor.enter(mallory.username)
    await visitor.get("/home")
    token = visitor.page.text.partition('name="token" value="')[2].partition('"')[0]
    for path in (f"/approvals/{number}/allow", f"/approvals/{number}/refuse", f"/quotes/{quoting.id}/take-back"):
        assert (await visitor.post(path, {"token": token})).status == 403, path
    assert (await _state(exhibition, asking), await _state(exhibition, quoting)) == ("pending", "accepted")


async def test_an_answer_waits_on_the_page_is_shown_once_allowed_and_taken_back(exhibition, visitor) -> None:
    alice, bob = await exhibition.person("alice"), await exhibition.person("bob")
    post = await exhibition.say(alice, "the sea at night", reply_policy="manual")
    await exhibition.say(bob, "bob answers", in_reply_to=post)
    picture = post_path(alice, post)
    assert "bob answers" not in (await visitor.get(picture)).text

    await visitor.enter("alice")
    assert "wants to answer you" in (await visitor.get("/notifications")).text
    page = await visitor.get("/approvals")
    assert "wants to answer" in page.text and "bob answers" in page.text
    await visitor.submit(_action(page.text, "allow"))
    assert "bob answers" in (await visitor.get(picture)).text

    page = await visitor.get("/approvals")
    assert "You allowed" in page.text
    await visitor.submit(_action(page.text, "take-back"))
    assert "bob answers" not in (await visitor.get(picture)).text
    assert "bob answers" not in (await visitor.get("/approvals")).text


def _action(text: str, deed: str) -> str:
    """The address of the only button of this kind."""
    return next(part for part in text.split('"') if part.startswith("/approvals/") and part.endswith(deed))
