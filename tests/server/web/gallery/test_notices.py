from server.actions.ties import follow
from server.actions.writing import react
from tests.server.web.exhibition import Exhibition, Visitor


async def test_what_happened_is_told_and_marked_until_read(exhibition: Exhibition, visitor: Visitor) -> None:
    alice, bob = await exhibition.person("alice", locked=True), await exhibition.person("bob", name="Bob B.")
    post = await exhibition.hang(alice, "a boat")
    async with exhibition.services.database.write() as tx:
        await react.like(tx, exhibition.site, bob, post)
        await follow.follow(tx, exhibition.site, bob, alice)
    await visitor.enter("alice")
    page = (await visitor.get("/notifications")).text
    assert "likes" in page and "wants to follow you" in page and page.count("(new)") == 2
    await visitor.submit("/notifications/read")
    page = (await visitor.get("/notifications")).text
    assert "likes" in page and "(new)" not in page and "1 person wants" in page


async def test_nobody_reads_the_notices_of_others(exhibition: Exhibition, visitor: Visitor) -> None:
    alice, bob = await exhibition.person("alice"), await exhibition.person("bob")
    post = await exhibition.hang(alice, "a boat")
    async with exhibition.services.database.write() as tx:
        await react.like(tx, exhibition.site, bob, post)
    await visitor.enter("bob")
    assert "Quiet. Nothing has happened yet." in (await visitor.get("/notifications")).text


async def test_a_deleted_post_leaves_no_broken_notice(exhibition: Exhibition, visitor: Visitor) -> None:
    alice, bob = await exhibition.person("alice"), await exhibition.person("bob")
    post = await exhibition.hang(alice, "a boat")
    async with exhibition.services.database.write() as tx:
        await react.like(tx, exhibition.site, bob, post)
    await visitor.enter("alice")
    await visitor.get(f"/@alice/{post.id}")
    await visitor.submit(f"/posts/{post.id}/delete")
    assert (await visitor.get("/notifications")).status == 200
