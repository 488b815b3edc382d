"""Reports that peers send."""

from server.store.paging import Stretch
from server.store.telling import reports


async def kept(street):
    async with street.house.database.read() as reader:
        return await reports.list_reports(reader, Stretch())


async def test_a_report_is_kept_for_the_operator_and_changes_nothing(street):
    flag = street.bob.activity("Flag", [street.alice.uri], content="<p>rude</p>")

    assert await street.arrive(street.bob, flag) == "reported"

    (one,) = await kept(street)
    assert (one.target_id, one.comment, one.uri) == (street.alice.id, "rude", flag["id"])
    assert await street.told() == []


async def test_a_report_of_nobody_here_is_left_alone(street):
    ended = await street.arrive(street.bob, street.bob.activity("Flag", [street.eve.uri]))

    assert ended is not None and ended.startswith("ignored")
    assert await kept(street) == []
