"""Reports through the door."""

from server.store.paging import Stretch
from server.store.telling import reports
from tests.server.mastodon.crowd import Crowd

PATH = "/api/v1/reports"


async def test_a_report_is_kept_for_the_operator(crowd: Crowd) -> None:
    post = await crowd.place.exhibition.say(crowd.ben, "rude")
    form = [("account_id", crowd.ben.id), ("status_ids[]", post.id), ("comment", "rude"), ("rule_ids[]", "1")]

    told = (await crowd.app.post(PATH, form)).json

    assert told["target_account"]["id"] == str(crowd.ben.id)
    assert (told["category"], told["comment"], told["forwarded"]) == ("violation", "rude", False)
    assert (told["status_ids"], told["rule_ids"], told["action_taken"]) == ([str(post.id)], ["1"], False)
    (kept,) = await crowd.read(reports.list_reports, Stretch())
    assert (kept.actor_id, kept.target_id, kept.posts) == (crowd.alice.id, crowd.ben.id, (post.id,))


async def test_a_report_names_posts_of_the_reported_alone(crowd: Crowd) -> None:
    post = await crowd.place.exhibition.say(crowd.alice, "mine")
    form = [("account_id", crowd.ben.id), ("status_ids[]", post.id)]
    assert (await crowd.app.post(PATH, form)).status == 404


async def test_what_makes_no_sense_is_refused(crowd: Crowd) -> None:
    assert (await crowd.app.post(PATH, {"comment": "x"})).status == 422
    assert (await crowd.app.post(PATH, {"account_id": "5"})).status == 404
    assert (await crowd.app.post(PATH, {"account_id": crowd.ben.id, "category": "dull"})).status == 422
    assert (await crowd.app.post(PATH, {"account_id": crowd.ben.id, "comment": "x" * 1001})).status == 422


async def test_only_who_is_elsewhere_has_a_server_to_tell(crowd: Crowd) -> None:
    nina = await crowd.nina()
    assert not (await crowd.app.post(PATH, {"account_id": crowd.ben.id, "forward": "true"})).json["forwarded"]
    assert (await crowd.app.post(PATH, {"account_id": nina.id, "forward": "true"})).json["forwarded"]
