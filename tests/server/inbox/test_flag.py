"""Reports that peers send."""

from server.store.paging import Stretch
from server.store.telling import reports


async def kept(street):
    async with street.house.database.read() as reader:
        return await reports.list_reports(reader, Stretch())


async def test_s173_a_report_is_kept_for_the_operator_and_changes_nothing(street):
    flag = street.bob.activity("Flag", [street.alice.uri], content="<p>rude</p>")

    assert await street.arrive(street.bob, flag) == "reported"

    (one,) = await kept(street)
    assert (one.target_id, one.comment, one.uri) == (street.alice.id, "rude", flag["id"])
    assert await street.told() == []


async def test_a_report_of_nobody_here_is_left_alone(street):
    ended = await street.arrive(street.bob, street.bob.activity("Flag", [street.eve.uri]))

    assert ended is not None and ended.startswith("ignored")
    assert await kept(street) == []


async def test_s173_a_report_of_a_post_leaves_the_post_and_every_collection_as_they_were(street):
    post = await street.publish()
    before = await street.house.network.send("GET", post.uri, {"accept": "application/activity+json"})
    flag = street.bob.activity("Flag", [street.alice.uri, post.uri], content="rude")

    assert await street.arrive(street.bob, flag) == "reported"

    after = await street.house.network.send("GET", post.uri, {"accept": "application/activity+json"})
    assert after.json() == before.json()
    for page in (post.uri, street.alice.uri, f"{street.alice.uri}/outbox?page=true"):
        shown = await street.house.network.send("GET", page, {"accept": "application/activity+json"})
        assert flag["id"] not in shown.text and "rude" not in shown.text
