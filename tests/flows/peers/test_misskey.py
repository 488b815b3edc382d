"""Misskey: reactions are Likes with an emoji, quotes have two names, RFC 9421 is not known."""

from server.store.reading import emoji_reactions
from server.store.writing import quotes


async def test_misskey_reaction_is_a_like_and_an_emoji_and_both_go(meet):
    visit = await meet("misskey")
    post = await visit.publish()
    like = visit.word("like", about=post)

    assert await visit.arrive(like) == "liked"
    assert (await visit.post(post.uri)).likes_count == 1
    async with visit.house.database.read() as reader:
        ((one, _),) = await emoji_reactions.list_of_post(reader, post.id, limit=9)
    assert (one.emoji, one.icon_url) == (":blobcat:", "https://misskey.example/emoji/blobcat.png")

    assert await visit.arrive(visit.word("undo", about=post)) == "undone"
    assert (await visit.post(post.uri)).likes_count == 0
    async with visit.house.database.read() as reader:
        assert await emoji_reactions.list_of_post(reader, post.id, limit=9) == []


async def test_misskey_quotes_under_its_own_name(meet):
    visit = await meet("misskey")
    post = await visit.publish()
    await visit.follow()

    assert await visit.arrive(visit.word("create", about=post)) == "kept"

    quoting = await visit.post(visit.word("create")["object"]["id"])
    async with visit.house.database.read() as reader:
        assert (await quotes.find(reader, quoting.id)).quoted_uri == post.uri


async def test_misskey_is_sent_quotes_under_the_names_it_reads(meet):
    visit = await meet("misskey")
    await visit.arrive(visit.word("follow"))
    first = await visit.publish()

    await visit.publish("again", quoted=first)

    note = visit.host.received("Create")[-1]["object"]
    assert note["_misskey_quote"] == note["quoteUrl"] == first.uri


async def test_misskey_signs_its_headers_in_its_order(meet):
    visit = await meet("misskey")

    assert await visit.knock(visit.word("follow"), covered="(request-target) date host digest") == 202


async def test_misskey_people_without_a_name_are_known_by_their_handle(meet):
    visit = await meet("misskey")

    known = await visit.known()

    assert (known.name, known.handle) == (None, "yuki@misskey.example")


async def test_misskey_is_signed_to_in_the_old_form(meet):
    visit = await meet("misskey")
    await visit.arrive(visit.word("follow"))

    await visit.publish()

    assert visit.host.complaints == []
