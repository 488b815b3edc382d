"""Posts of ours: stored with their Create, addressed as their visibility says, and told to whom they name."""

from dataclasses import replace

import msgspec
import pytest

from activitypub.audience import Visibility
from activitypub.vocabulary import PUBLIC
from server.actions.painting.publish_draft import LastChanges, publish_draft
from server.actions.people.preferences import PreferenceChange, change_preferences
from server.actions.writing.choose import Choices, read_choices
from server.actions.writing.publish import TEXT_AT_MOST, Draft, publish, publish_generation
from server.problems import Conflict, Invalid, NotFound
from server.store.network import activities
from server.store.writing import generations, posts


@pytest.mark.parametrize(
    ("visibility", "to", "cc"),
    [
        (Visibility.PUBLIC, [PUBLIC], ["{followers}"]),
        (Visibility.UNLISTED, ["{followers}"], [PUBLIC]),
        (Visibility.FOLLOWERS, ["{followers}"], []),
    ],
)
async def test_a_post_is_addressed_as_its_visibility_says(ground, visibility, to, cc):
    await ground.publish(visibility=visibility)

    (create,) = await ground.sent("Create")
    named = [[one.format(followers=ground.alice.followers_uri) for one in field] for field in (to, cc)]
    assert [create["to"], create.get("cc", [])] == named
    assert [create["object"]["to"], create["object"].get("cc", [])] == named


async def test_a_direct_post_goes_only_to_whom_it_names(ground):
    await ground.let_bob_follow()
    await ground.publish("@bob@remote.example hi", visibility=Visibility.DIRECT, people=(ground.bob_named,))

    (arrived,) = ground.person.host.inbox
    assert arrived.path == "/users/bob/inbox"
    assert arrived.document["to"] == [ground.bob.uri] and PUBLIC not in str(arrived.document)


async def test_a_public_post_goes_once_to_the_shared_inbox_also_of_one_who_is_named_and_follows(ground):
    await ground.let_bob_follow()
    await ground.publish("@bob@remote.example hi", people=(ground.bob_named,))

    assert [one.path for one in ground.person.host.inbox] == ["/inbox"]


async def test_words_are_escaped_and_links_mentions_and_tags_are_made(ground):
    post = await ground.publish(
        "<script>alert(1)</script> @bob@remote.example & @nobody@x.example #Boat\nhttps://x.example/a?b=1&c=2.\n\nend",
        people=(ground.bob_named,),
    )

    assert "<script>" not in post.content_html and "&lt;script&gt;" in post.content_html
    assert f'<a href="{ground.bob.uri}" class="u-url mention">@<span>bob</span></a>' in post.content_html
    assert "@nobody@x.example" in post.content_html
    assert f'<a href="{ground.site.hashtag_url("boat")}"' in post.content_html
    assert '<a href="https://x.example/a?b=1&amp;c=2" rel="nofollow noopener">' in post.content_html
    assert post.content_html.endswith("<p>end</p>")
    (create,) = await ground.sent("Create")
    assert {one["type"]: one["name"] for one in create["object"]["tag"]} == {
        "Mention": "@bob@remote.example",
        "Hashtag": "#boat",
    }


async def test_an_answer_names_and_addresses_whom_it_answers(ground):
    parent = await ground.publish(by=ground.carol)

    answer = await ground.publish("yes", in_reply_to=parent)

    (_, create) = await ground.sent("Create")
    assert create["object"]["inReplyTo"] == parent.uri
    assert ground.carol.uri in create["cc"]
    assert [one["href"] for one in create["object"]["tag"]] == [ground.carol.uri]
    assert (await ground.post(parent)).replies_count == 1
    assert answer.in_reply_to_id == parent.id
    assert await ground.told(ground.carol) == ["reply"]


async def test_one_who_answers_oneself_is_not_told(ground):
    await ground.publish("more", in_reply_to=await ground.publish())

    assert await ground.told(ground.alice) == []


async def test_a_summary_makes_a_post_sensitive(ground):
    post = await ground.publish(summary="spiders")

    assert post.sensitive
    (create,) = await ground.sent("Create")
    assert (create["object"]["sensitive"], create["object"]["summary"]) == (True, "spiders")


@pytest.mark.parametrize("text", ["", "   \n", "x" * (TEXT_AT_MOST + 1)])
async def test_a_post_needs_words_and_not_too_many(ground, text):
    with pytest.raises(Invalid):
        await ground.once(publish, ground.site, ground.alice, Draft(text=text, visibility=Visibility.PUBLIC))

    assert await ground.sent("Create") == []


async def test_a_refused_post_leaves_nothing(ground):
    async def publish_and_fail(tx):
        await publish(tx, ground.site, ground.alice, Draft(text="x", visibility=Visibility.PUBLIC))
        raise LookupError

    with pytest.raises(LookupError):
        await ground.once(publish_and_fail)

    assert await ground.sent("Create") == []
    assert await ground.house.jobs() == []
    async with ground.house.database.read() as reader:
        assert await posts.count_local(reader) == 0


async def test_a_painted_picture_is_marked_in_its_words_and_in_its_note(ground):
    post = await ground.paint("a <b>red</b> boat", caption="Look!", visibility=Visibility.PUBLIC)

    assert post.generated
    assert post.content_html.startswith("<p>Look!</p><p>“a &lt;b&gt;red&lt;/b&gt; boat”</p><p>Painted by fake. ")
    (create,) = await ground.sent("Create")
    note = create["object"]
    assert note["genAI"] is True
    assert "#aigenerated" in [one["name"].lower() for one in note["tag"]]
    (picture,) = note["attachment"]
    assert picture["name"] == "AI-generated picture: a <b>red</b> boat"
    assert (picture["width"], picture["height"], picture["mediaType"]) == (16, 8, "image/jpeg")
    assert picture["url"].startswith(f"{ground.house.origin}/media/")


async def test_without_a_hashtag_of_the_instance_the_label_stands_alone(ground):
    posting = msgspec.structs.replace(ground.site.config.posting, hashtag="")
    site = replace(ground.site, config=msgspec.structs.replace(ground.site.config, posting=posting))
    wished = await ground.wish(draft=True)
    await ground.settle()
    async with ground.write() as tx:
        post = await publish_generation(tx, site, ground.alice, await generations.find(tx, wished.id))
        tags = await posts.list_hashtags(tx, post.id)

    assert post.content_html.endswith("<p>Painted by fake.</p>")
    assert (post.generated, tags) == (True, [])


async def test_a_picture_is_posted_with_what_was_chosen_for_it_alone(ground):
    post = await ground.paint(reply_policy="nobody", quote_policy="manual")
    async with ground.house.database.read() as reader:
        assert await read_choices(reader, post) == Choices(quote="manual", reply="nobody")


async def test_a_generation_is_published_once(ground):
    post = await ground.paint()
    async with ground.write() as tx:
        generation = await generations.find(tx, post.generation_id)
        again = await publish_generation(tx, ground.site, ground.alice, generation)

    assert again == post
    assert len(await ground.sent("Create")) == 1


async def test_what_is_not_painted_is_not_published(ground):
    wished = await ground.wish()

    with pytest.raises(Conflict):
        await ground.once(publish_generation, ground.site, ground.alice, wished)
    with pytest.raises(Conflict):
        await ground.once(publish_draft, ground.site, ground.alice, wished, changes())


def changes(**more):
    return LastChanges(**{"caption": "At last", "visibility": Visibility.PUBLIC} | more)


async def drafted(ground):
    wished = await ground.wish(draft=True)
    await ground.settle()
    async with ground.house.database.read() as reader:
        found = await generations.find(reader, wished.id)
        assert await posts.find_by_generation(reader, wished.id) is None
    assert found is not None and found.state == "painted"
    return found


async def test_a_draft_is_posted_only_when_its_author_says_so_with_their_last_words(ground):
    draft = await drafted(ground)
    await ground.once(change_preferences, ground.alice, PreferenceChange(language="de"))

    post = await ground.once(publish_draft, ground.site, ground.alice, draft, changes(alt="A boat.", summary="sea"))
    again = await ground.once(publish_draft, ground.site, ground.alice, draft, changes(caption="Twice"))

    assert again.id == post.id
    assert (post.source, post.summary, post.visibility, post.language) == ("At last", "sea", "public", "de")
    assert (await ground.picture(post)).alt == "A boat."


async def test_a_draft_of_another_is_not_there(ground):
    draft = await drafted(ground)

    with pytest.raises(NotFound):
        await ground.once(publish_draft, ground.site, ground.carol, draft, changes())


async def test_only_what_is_open_stands_in_the_outbox(ground):
    for visibility in Visibility:
        await ground.publish(visibility=visibility)

    async with ground.house.database.read() as reader:
        listed = await activities.list_outbox(reader, ground.alice.uri)
        assert await activities.count_outbox(reader, ground.alice.uri) == len(listed) == 2
