from activitypub.audience import Visibility
from server.actions.ties.follow import follow
from server.actions.writing.pin import pin
from server.store.ties import follows
from tests.server.web.exhibition import Exhibition, Visitor


async def test_a_profile_shows_the_person_and_their_pictures(exhibition: Exhibition, visitor: Visitor) -> None:
    alice = await exhibition.person("alice", name="Alice A.", summary_html="<p>I <em>paint</em>.</p>")
    await exhibition.hang(alice, "a boat", Visibility.UNLISTED)
    page = (await visitor.get("/@alice")).text
    assert "Alice A." in page and "<em>paint</em>" in page and "a boat" in page
    assert f'<link rel="alternate" type="application/activity+json" href="{alice.uri}">' in page


async def test_the_name_is_found_in_any_case_and_with_our_host(exhibition: Exhibition, visitor: Visitor) -> None:
    await exhibition.person("alice")
    assert (await visitor.get("/@ALICE")).location == "/@alice"
    assert (await visitor.get("/@alice@pinxit.example")).location == "/@alice"


async def test_somebody_from_elsewhere_has_a_page_that_leads_home(exhibition: Exhibition, visitor: Visitor) -> None:
    await exhibition.person("alice")
    carol = await exhibition.stranger("carol")
    await exhibition.receive(carol, "<p>hello from away</p>")
    page = (await visitor.get("/@carol@away.example")).text
    assert "hello from away" in page and f'href="{carol.url}"' in page and "noindex" in page


async def test_nobody_is_not_found(visitor: Visitor) -> None:
    for handle in ("nobody", "nobody@away.example", "instance", "a@b@c", "@"):
        assert (await visitor.get(f"/@{handle}")).status == 404


async def test_followers_see_what_strangers_do_not(exhibition: Exhibition, visitor: Visitor) -> None:
    alice, bob = await exhibition.person("alice"), await exhibition.person("bob")
    await exhibition.hang(alice, "a followers boat", Visibility.FOLLOWERS)
    assert "a followers boat" not in (await visitor.get("/@alice")).text
    async with exhibition.services.database.write() as tx:
        await follow(tx, exhibition.site, bob, alice)
    await visitor.enter("bob")
    assert "a followers boat" in (await visitor.get("/@alice")).text


async def test_following_and_unfollowing_is_a_button(exhibition: Exhibition, visitor: Visitor) -> None:
    alice, bob = await exhibition.person("alice"), await exhibition.person("bob")
    await visitor.enter("bob")
    await visitor.get("/@alice")
    assert (await visitor.submit(f"/people/{alice.id}/follow")).location == "/@alice"
    async with exhibition.services.database.read() as reader:
        assert await follows.follows_accepted(reader, bob.id, alice.id)
    await visitor.get("/@alice")
    await visitor.submit(f"/people/{alice.id}/unfollow")
    async with exhibition.services.database.read() as reader:
        assert await follows.find(reader, bob.id, alice.id) is None


async def test_who_approves_followers_gets_a_request_and_answers_it(exhibition: Exhibition, visitor: Visitor) -> None:
    alice, bob = await exhibition.person("alice", locked=True), await exhibition.person("bob")
    carol = await exhibition.person("carol")
    async with exhibition.services.database.write() as tx:
        await follow(tx, exhibition.site, bob, alice)
        await follow(tx, exhibition.site, carol, alice)
    await visitor.enter("alice")
    assert "@bob@pinxit.example" in (await visitor.get("/follow-requests")).text
    await visitor.submit(f"/follow-requests/{bob.id}/accept")
    await visitor.get("/follow-requests")
    await visitor.submit(f"/follow-requests/{carol.id}/reject")
    assert "Nobody is waiting" in (await visitor.get("/follow-requests")).text
    async with exhibition.services.database.read() as reader:
        assert await follows.follows_accepted(reader, bob.id, alice.id)
        assert await follows.find(reader, carol.id, alice.id) is None


async def test_a_request_to_somebody_else_cannot_be_answered(exhibition: Exhibition, visitor: Visitor) -> None:
    alice, bob = await exhibition.person("alice", locked=True), await exhibition.person("bob")
    await exhibition.person("mallory")
    async with exhibition.services.database.write() as tx:
        await follow(tx, exhibition.site, bob, alice)
    await visitor.enter("mallory")
    await visitor.get("/home")
    token = visitor.page.text.partition('name="token" value="')[2].partition('"')[0]
    assert (await visitor.post(f"/follow-requests/{bob.id}/accept", {"token": token})).status == 404
    async with exhibition.services.database.read() as reader:
        assert not await follows.follows_accepted(reader, bob.id, alice.id)


async def test_pinned_posts_come_first_once_and_to_those_who_may_see_them(
    exhibition: Exhibition, visitor: Visitor
) -> None:
    alice = await exhibition.person("alice")
    first = await exhibition.say(alice, "the oldest words")
    await exhibition.say(alice, "newer words")
    hidden = await exhibition.say(alice, "hidden words", visibility=Visibility.FOLLOWERS)
    async with exhibition.services.database.write() as tx:
        for post in (first, hidden):
            await pin(tx, exhibition.site, alice, post)
    page = (await visitor.get("/@alice")).text
    assert page.index("the oldest words") < page.index("newer words")
    assert page.count(f'id="post-{first.id}"') == 1 and page.count(">Pinned<") == 1
    assert "hidden words" not in page


async def test_who_moved_away_says_where_to_and_cannot_be_followed(exhibition: Exhibition, visitor: Visitor) -> None:
    await exhibition.person("alice")
    carol = await exhibition.stranger("carol")
    await exhibition.stranger("dave", "gone.example", moved_to=carol.uri)
    await exhibition.stranger("erin", "gone.example", moved_to="https://far.example/users/erin")
    await exhibition.stranger("frank", "gone.example", moved_to="javascript:alert(1)")
    await visitor.enter("alice")

    assert 'Has moved to <a href="/@carol@away.example">' in (page := (await visitor.get("/@dave@gone.example")).text)
    assert "/follow" not in page
    assert 'href="https://far.example/users/erin"' in (await visitor.get("/@erin@gone.example")).text
    assert "javascript:" not in (await visitor.get("/@frank@gone.example")).text
