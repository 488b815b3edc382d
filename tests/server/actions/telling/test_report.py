"""Reports: what the operator gets, and what the reported one's server is told."""

from server.actions.telling.report import Complaint, receive_report, report
from server.store.paging import Stretch
from server.store.telling import reports


async def kept(ground):
    async with ground.house.database.read() as reader:
        return await reports.list_reports(reader, Stretch())


async def test_a_forwarded_report_is_sent_in_the_name_of_the_instance(ground):
    complaint = Complaint(comment="rude", forward=True)
    await ground.once(report, ground.site, ground.alice, ground.bob, complaint)
    await ground.settle()

    (flag,) = ground.person.host.received("Flag")
    assert (flag["actor"], flag["object"], flag["content"]) == (ground.site.instance_uri, [ground.bob.uri], "rude")
    assert "alice" not in str(flag)


async def test_a_report_stays_here_unless_its_teller_wants_otherwise(ground):
    await ground.once(report, ground.site, ground.alice, ground.bob, Complaint(comment="rude"))
    await ground.settle()

    assert ground.person.host.inbox == []
    assert len(await kept(ground)) == 1


async def test_a_report_of_a_peer_is_kept_once_with_what_of_ours_it_names(ground):
    post = await ground.publish()
    told = [ground.alice.uri, post.uri, f"{ground.bob.uri}/posts/1", f"{ground.site.origin}/nothing"]
    for _ in range(2):
        await ground.once(receive_report, ground.site, ground.bob, f"{ground.bob.uri}#flag", told, "rude")

    (one,) = await kept(ground)
    assert (one.actor_id, one.target_id, one.posts) == (ground.bob.id, ground.alice.id, (post.id,))


async def test_a_report_that_names_nobody_of_ours_is_not_kept(ground):
    await ground.once(receive_report, ground.site, ground.bob, f"{ground.bob.uri}#flag", [ground.bob.uri], "rude")
    assert await kept(ground) == []
