"""PeerTube: a Video has two authors, a person and a channel; the channel boosts what the person made."""

from tests.flows.peers.visit import load

VIDEO = "https://peertube.example/videos/watch/v1"


async def visit_channel(meet):
    visit = await meet("peertube", "account")
    visit.channel = visit.settle("channel")
    visit.host.show("/videos/watch/v1", load("peertube", "video"))
    return visit


async def test_peertube_video_of_a_followed_account_is_kept_with_its_page(meet):
    visit = await visit_channel(meet)
    await visit.follow()
    create = visit.them.activity("Create", load("peertube", "video"), to=load("peertube", "video")["to"])

    assert await visit.arrive(create) == "kept"

    post = await visit.post(VIDEO)
    assert (post.type, post.url) == ("Video", "https://peertube.example/w/v1")
    assert "How a fox is painted" in post.content_html


async def test_peertube_channel_boosts_its_video(meet):
    visit = await visit_channel(meet)
    await visit.follow(visit.channel)
    boost = visit.channel.activity("Announce", VIDEO, to=["https://www.w3.org/ns/activitystreams#Public"])

    assert await visit.arrive(boost, by=visit.channel) == "announced"
    assert (await visit.post(VIDEO)).shares_count == 1


async def test_peertube_update_by_the_account_changes_the_video(meet):
    visit = await visit_channel(meet)
    await visit.follow()
    video = load("peertube", "video")
    await visit.arrive(visit.them.activity("Create", video))
    changed = video | {"name": "How two foxes are painted", "updated": "2026-06-01T00:00:00.000Z"}

    assert await visit.arrive(visit.them.activity("Update", changed)) == "changed"
    assert "How two foxes are painted" in (await visit.post(VIDEO)).content_html


async def test_peertube_account_of_another_server_is_no_author(meet):
    visit = await visit_channel(meet)
    await visit.follow()
    video = load("peertube", "video")
    video["attributedTo"].append({"type": "Person", "id": "https://elsewhere.example/accounts/lia"})

    ended = await visit.arrive(visit.them.activity("Create", video))

    assert ended is not None and ended.startswith("refused")


async def test_peertube_describes_in_markdown_which_is_no_markup(meet):
    visit = await visit_channel(meet)
    await visit.follow()
    video = load("peertube", "video") | {"content": "One <b>\n& two\n\nThree", "mediaType": "text/markdown"}

    await visit.arrive(visit.them.activity("Create", video))

    assert (await visit.post(VIDEO)).content_html.endswith("<p>One &lt;b&gt;<br>&amp; two</p><p>Three</p>")
