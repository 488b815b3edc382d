from activitypub.audience import Visibility
from server.actions.ties.follow import follow
from tests.server.web.exhibition import Exhibition, Visitor


async def test_an_empty_gallery_says_so(visitor: Visitor) -> None:
    assert "The walls are still bare" in (await visitor.get("/")).text


async def test_the_gallery_shows_public_pictures_alone(exhibition: Exhibition, visitor: Visitor) -> None:
    alice = await exhibition.person("alice")
    for visibility in Visibility:
        await exhibition.hang(alice, f"a {visibility} boat", visibility)
    page = (await visitor.get("/")).text
    assert "a public boat" in page
    assert all(f"a {quiet} boat" not in page for quiet in ("unlisted", "followers", "direct"))


async def test_a_picture_drawn_by_rules_says_so_in_the_gallery(exhibition: Exhibition, visitor: Visitor) -> None:
    await exhibition.hang(await exhibition.person("alice"), "a boat")
    assert "Drawn by rules" in (await visitor.get("/")).text


async def test_a_picture_by_a_model_is_labelled_in_the_gallery(exhibition: Exhibition, visitor: Visitor) -> None:
    wish = await exhibition.wish(await exhibition.person("alice"), "a boat", visibility=Visibility.PUBLIC)
    await exhibition.paint(wish, drawn_by_rules=False, model="sdxl")
    assert "AI-generated" in (await visitor.get("/")).text.partition('class="gallery"')[2]


async def test_older_pictures_are_a_page_away(exhibition: Exhibition, visitor: Visitor) -> None:
    alice = await exhibition.person("alice")
    for number in range(25):
        await exhibition.say(alice, f"number {number:02}")
    first = (await visitor.get("/")).text
    assert "number 24" in first and "number 00" not in first
    older = first.partition('rel="next" href="')[2].partition('"')[0]
    second = (await visitor.get(f"/{older}")).text
    assert "number 00" in second and "number 24" not in second and 'rel="next"' not in second


async def test_a_cursor_that_is_no_number_is_the_beginning(exhibition: Exhibition, visitor: Visitor) -> None:
    await exhibition.say(await exhibition.person("alice"), "hello")
    for odd in ("x", "-1", "9" * 40, "%D9%A1"):
        assert "hello" in (await visitor.get(f"/?before={odd}")).text


async def test_a_veiled_picture_is_behind_its_warning(exhibition: Exhibition, visitor: Visitor) -> None:
    await exhibition.hang(await exhibition.person("alice"), "a spider", summary="Spiders", sensitive=True)
    gallery = (await visitor.get("/")).text.partition('class="gallery"')[2]
    assert '<details class="veil"><summary><b>Spiders</b>' in gallery


async def test_home_shows_whom_i_follow_and_not_others(exhibition: Exhibition, visitor: Visitor) -> None:
    alice, bob, carol = [await exhibition.person(name) for name in ("alice", "bob", "carol")]
    async with exhibition.services.database.write() as tx:
        await follow(tx, exhibition.site, alice, bob)
    await exhibition.hang(bob, "a followers boat", Visibility.FOLLOWERS)
    await exhibition.hang(carol, "a carol boat")
    await visitor.enter("alice")
    page = (await visitor.get("/home")).text
    assert "a followers boat" in page and "a carol boat" not in page


async def test_a_hashtag_has_a_page_of_its_public_posts(exhibition: Exhibition, visitor: Visitor) -> None:
    alice = await exhibition.person("alice")
    await exhibition.say(alice, "the #Sea is wide")
    await exhibition.say(alice, "the #sea is quiet", visibility=Visibility.UNLISTED)
    await exhibition.say(alice, "the hill")
    page = (await visitor.get("/tags/SEA")).text
    assert "is wide" in page and "is quiet" not in page and "the hill" not in page
