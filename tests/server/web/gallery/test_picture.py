from dataclasses import dataclass

import pytest

from activitypub.audience import Visibility
from activitypub.emoji import Emoji
from server.actions.ties import follow
from server.actions.writing import react
from server.actions.writing.compose import Person
from server.actions.writing.react_emoji import receive_emoji
from server.config import PostingConfig
from server.store.people.actors import Actor
from server.store.ties import follows
from server.store.ties.follows import Follow
from server.store.writing import posts, quotes
from server.web.gallery.cards import post_path
from tests.server.web.exhibition import Exhibition, QuietPeers, Visitor, open_exhibition

VIEWERS = ("stranger", "other", "pending", "follower", "named", "blocked", "author")


@dataclass
class Company:
    """Everybody who may or may not look."""

    author: Actor
    named: Actor


@pytest.fixture
async def company(exhibition: Exhibition) -> Company:
    author = await exhibition.person("author")
    people = {name: await exhibition.person(name) for name in VIEWERS if name not in ("stranger", "author")}
    async with exhibition.services.database.write() as tx:
        await follow.follow(tx, exhibition.site, people["follower"], author)
        await follow.follow(tx, exhibition.site, people["blocked"], author)
        await follow.block(tx, exhibition.site, author, people["blocked"])
        await follows.put(
            tx, Follow(1, people["pending"].id, author.id, "https://pinxit.example/f/1", "pending", 1, None)
        )
    return Company(author, people["named"])


MAY_SEE = {
    Visibility.PUBLIC: {"stranger", "other", "pending", "follower", "named", "author"},
    Visibility.UNLISTED: {"stranger", "other", "pending", "follower", "named", "author"},
    Visibility.FOLLOWERS: {"follower", "named", "author"},
    Visibility.DIRECT: {"named", "author"},
}


@pytest.mark.parametrize("visibility", list(Visibility))
async def test_only_who_may_see_a_picture_finds_it_anywhere(
    exhibition: Exhibition, company: Company, visibility: Visibility
) -> None:
    wish = await exhibition.wish(company.author, "a secret boat", visibility=visibility)
    post = await exhibition.paint(wish)
    assert post is not None
    named = await exhibition.say(
        company.author,
        "a secret word",
        visibility=visibility,
        people=(Person("named", company.named.uri, company.named.uri),),
    )
    for viewer in VIEWERS:
        visitor = Visitor(exhibition)
        if viewer != "stranger":
            await visitor.enter(viewer)
        allowed = viewer in MAY_SEE[visibility]
        assert ((await visitor.get(post_path(company.author, named))).status == 200) is allowed, viewer
        for path in ("/", "/home", "/@author", "/tags/aigenerated", "/notifications"):
            page = (await visitor.get(path)).text
            assert allowed or viewer == "blocked" or "a secret" not in page, (viewer, path)


async def test_a_hidden_picture_and_none_are_answered_alike(exhibition: Exhibition, company: Company) -> None:
    hidden = await exhibition.hang(company.author, "a boat", Visibility.DIRECT)
    visitor = Visitor(exhibition)
    there, nowhere = await visitor.get(post_path(company.author, hidden)), await visitor.get("/@author/12345")
    assert there.status == nowhere.status == 404
    assert "There is no such picture" in there.text and "There is no such picture" in nowhere.text


async def test_what_one_may_not_see_one_cannot_like_boost_or_answer(exhibition: Exhibition, company: Company) -> None:
    hidden = await exhibition.hang(company.author, "a boat", Visibility.FOLLOWERS)
    visitor = Visitor(exhibition)
    await visitor.enter("other")
    await visitor.get("/home")
    token = visitor.page.text.partition('name="token" value="')[2].partition('"')[0]
    for verb in ("like", "boost", "reply", "edit", "delete"):
        refused = await visitor.post(f"/posts/{hidden.id}/{verb}", {"token": token, "text": "x"})
        assert refused.status == 404, verb


async def test_the_page_tells_how_a_picture_came_to_be(exhibition: Exhibition, visitor: Visitor) -> None:
    wish = await exhibition.wish(await exhibition.person("alice"), "a red boat", seed=4711, caption="My #first")
    post = await exhibition.paint(
        wish, model="sdxl", drawn_by_rules=False, steps=4, guidance=1.5, license="openrail++", unknown_words=("blorp",)
    )
    assert post is not None
    page = (await visitor.get(f"/@alice/{post.id}")).text
    placard = page.partition('class="placard"')[2]
    for fact in ("a red boat", "4711", "sdxl", "1.5", "openrail++", "96 × 64", "AI-generated", "blorp", ">first<"):
        assert fact in placard, fact
    assert placard.count("a red boat") == 1


async def test_a_picture_drawn_by_rules_says_so_to_previews_too(exhibition: Exhibition, visitor: Visitor) -> None:
    post = await exhibition.hang(await exhibition.person("alice"), "a boat", alt="A boat on the sea")
    page = (await visitor.get(f"/@alice/{post.id}")).text
    assert '<meta property="og:image:alt" content="Drawn by rules: A boat on the sea">' in page
    assert f'<link rel="alternate" type="application/activity+json" href="{post.uri}">' in page
    assert 'alt="A boat on the sea"' in page


@pytest.mark.parametrize("visibility", [Visibility.FOLLOWERS, Visibility.DIRECT])
async def test_a_picture_that_is_not_open_has_no_preview(
    exhibition: Exhibition, visitor: Visitor, visibility: Visibility
) -> None:
    post = await exhibition.hang(await exhibition.person("alice"), "a boat", visibility)
    await visitor.enter("alice")
    page = (await visitor.get(f"/@alice/{post.id}")).text
    assert "og:image" not in page and "noindex" in page


async def test_a_veiled_picture_has_no_preview_picture(exhibition: Exhibition, visitor: Visitor) -> None:
    post = await exhibition.hang(await exhibition.person("alice"), "a boat", summary="Waves", sensitive=True)
    assert "og:image" not in (await visitor.get(f"/@alice/{post.id}")).text


async def test_a_prompt_kept_private_is_shown_to_its_author_alone(tmp_path_factory: pytest.TempPathFactory) -> None:
    async with open_exhibition(
        tmp_path_factory.mktemp("private"), QuietPeers(), posting=PostingConfig(show_prompt=False)
    ) as exhibition:
        post = await exhibition.hang(await exhibition.person("alice"), "a secret boat", alt="A boat")
        visitor = Visitor(exhibition)
        for path in ("/", "/@alice", f"/@alice/{post.id}", "/tags/aigenerated"):
            assert "secret" not in (await visitor.get(path)).text, path
        await visitor.enter("alice")
        assert "a secret boat" in (await visitor.get(f"/@alice/{post.id}")).text


async def test_likes_boosts_and_replies_stand_under_the_picture(exhibition: Exhibition, visitor: Visitor) -> None:
    alice, bob = await exhibition.person("alice"), await exhibition.person("bob", name="Bob B.")
    post = await exhibition.hang(alice, "a boat")
    async with exhibition.services.database.write() as tx:
        await react.like(tx, exhibition.site, bob, post)
        await react.announce(tx, exhibition.site, bob, post)
    await exhibition.say(bob, "what a boat", in_reply_to=post)
    page = (await visitor.get(f"/@alice/{post.id}")).text
    assert "Liked by" in page and "Boosted by" in page and "what a boat" in page and "Bob B." in page


async def test_t38_emoji_stand_under_the_picture_with_who_gave_them(exhibition: Exhibition, visitor: Visitor) -> None:
    alice, bob = await exhibition.person("alice"), await exhibition.person("bob")
    post = await exhibition.hang(alice, "a boat")
    icon = 'https://away.example/"><script>.png'
    async with exhibition.services.database.write() as tx:
        for number, (actor, emoji) in enumerate(
            [(bob, Emoji("🎨")), (alice, Emoji("🎨")), (bob, Emoji(":blob:", icon))], start=1
        ):
            await receive_emoji(tx, exhibition.site, emoji, actor, post, f"https://away.example/r/{number}")
    page = (await visitor.get(f"/@alice/{post.id}")).text
    assert "<span>🎨</span> <b>2</b>" in page and 'title="@bob@' in page
    assert 'alt=":blob:"' in page and 'src="https://pinxit.example/peers/emoji/' in page and "<script>.png" not in page


async def test_the_address_with_another_name_leads_to_the_right_one(exhibition: Exhibition, visitor: Visitor) -> None:
    post = await exhibition.hang(await exhibition.person("alice"), "a boat")
    assert (await visitor.get(f"/@bob/{post.id}")).location == f"/@alice/{post.id}"


async def test_a_peers_picture_has_a_page_here(exhibition: Exhibition, visitor: Visitor) -> None:
    await exhibition.person("alice")
    carol = await exhibition.stranger("carol")
    post = await exhibition.receive(carol, "<p>sea</p>", picture="https://away.example/sea.jpg", generated=True)
    page = (await visitor.get(f"/@carol@away.example/{post.id}")).text
    assert "away.example/sea.jpg" not in page and 'src="https://pinxit.example/peers/media/' in page
    assert "AI-generated" in page and "og:image" not in page and f'<link rel="canonical" href="{post.url}">' in page


async def test_words_behind_a_warning_are_folded_and_not_in_the_title(exhibition: Exhibition, visitor: Visitor) -> None:
    alice = await exhibition.person("alice")
    post = await exhibition.say(alice, "the secret", summary="careful")
    page = (await visitor.get(f"/@alice/{post.id}")).text
    assert '<h1 class="warning">careful</h1>' in page
    fold = page.partition('<details class="folded"><summary>Show the words')[2].partition("</details>")[0]
    assert "the secret" in fold
    assert "the secret" not in page.partition("<title>")[2].partition("</title>")[0]


async def test_a_quoted_post_is_shown_to_who_may_see_it(exhibition: Exhibition, visitor: Visitor) -> None:
    alice, bob = await exhibition.person("alice"), await exhibition.person("bob")
    quoted = await exhibition.say(bob, "quoted words")
    post = await exhibition.say(alice, "look", quoted=quoted)
    async with exhibition.services.database.write() as tx:
        await quotes.set_state(tx, post.id, quotes.ACCEPTED)
    page = (await visitor.get(f"/@alice/{post.id}")).text
    card = page.partition('<article class="quote">')[2].partition("</article>")[0]
    assert "quoted words" in card and f"/@bob/{quoted.id}" in card
    async with exhibition.services.database.write() as tx:
        await posts.bury(tx, quoted.id, at=1)
    page = (await visitor.get(f"/@alice/{post.id}")).text
    assert "quoted words" not in page and "not for you, or gone" in page
