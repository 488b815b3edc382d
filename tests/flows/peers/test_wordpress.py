"""WordPress: addresses of people and posts differ in their query alone."""

from server.remote.people import find_by_handle
from server.store.network import activities
from server.store.writing import posts
from tests.instance import run_jobs_until_idle


async def test_wordpress_people_are_told_apart_by_the_query_of_their_address(meet):
    visit = await meet("wordpress")
    second = visit.settle("actor_two")

    first = await find_by_handle(visit.house.services, "ada@blog.example")
    other = await find_by_handle(visit.house.services, "ben@blog.example")

    assert (first.uri, other.uri) == (visit.them.uri, second.uri)
    assert first.uri == "https://blog.example/?author=1"


async def test_wordpress_follow_is_accepted_and_its_posts_are_kept(meet):
    visit = await meet("wordpress")
    assert await visit.arrive(visit.word("follow")) == "accepted"
    await visit.follow()

    assert await visit.arrive(visit.word("create")) == "kept"

    post = await visit.post("https://blog.example/?p=12")
    assert post.content_html == "<p><strong>A walk</strong></p><p>Along the sea, with pictures.</p>"
    assert visit.host.complaints == []


async def test_wordpress_person_may_not_speak_for_another_of_the_same_path(meet):
    visit = await meet("wordpress")
    second = visit.settle("actor_two")

    # It is no more than a rumour; its origin is asked, and shows nothing.
    assert await visit.knock(visit.word("create"), by=second) == 202
    await run_jobs_until_idle(visit.house)
    async with visit.house.database.read() as reader:
        assert await activities.find_by_uri(reader, visit.word("create")["id"]) is None
        assert await posts.find_by_uri(reader, "https://blog.example/?p=12") is None
