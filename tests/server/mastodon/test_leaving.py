"""What apps see of somebody who moved or left, and what they can still do for them."""

from server.actions.people.aliases import add_alias
from server.actions.people.close_account import close_account
from server.actions.people.move_away import move_away
from server.store.people import actors
from tests.server.mastodon.desk import Desk


async def test_an_account_that_moved_says_where_to_and_is_followed_by_nobody_new(desk: Desk) -> None:
    # Given alice, who moved to ben
    async with desk.house.database.write() as tx:
        ben = await add_alias(tx, desk.site, desk.ben, desk.alice)
        await move_away(tx, desk.site, desk.alice, ben)
    await desk.settle()

    shown = (await desk.bens_app.get(f"/api/v1/accounts/{desk.alice.id}")).json
    assert shown["moved"]["acct"] == "ben" and shown["moved"]["moved"] is None
    assert (await desk.app.get("/api/v1/accounts/verify_credentials")).json["moved"]["acct"] == "ben"

    # Then who wants to follow her is told to follow the new one
    answer = await desk.bens_app.post(f"/api/v1/accounts/{desk.alice.id}/follow")
    assert answer.status == 403 and "moved" in answer.json["error"]
    # And what she posted can be read
    assert (await desk.bens_app.get(f"/api/v1/accounts/{desk.alice.id}/statuses")).status == 200


async def test_the_apps_of_who_left_are_dead_at_once(desk: Desk) -> None:
    status = await desk.write("last words")
    outbox = desk.alice.outbox or ""
    async with desk.house.database.write() as tx:
        await close_account(tx, desk.site, desk.alice)

    # Before any job has run
    for path in ("/api/v1/accounts/verify_credentials", "/api/v1/timelines/home", "/api/v1/notifications"):
        assert (await desk.app.get(path)).status == 401, path
    assert (await desk.app.post("/api/v1/statuses", json={"status": "one more"})).status == 401
    note = {"type": "Note", "content": "one more", "to": "as:Public"}
    posted = await desk.app.post(
        outbox.removeprefix(desk.site.origin), json=note, headers={"Content-Type": "application/activity+json"}
    )
    assert posted.status in (401, 410)
    assert (await desk.bens_app.get(f"/api/v1/accounts/{desk.alice.id}")).status == 404
    assert (await desk.bens_app.get(f"/api/v1/statuses/{status['id']}")).status == 404
    await desk.settle()
    async with desk.house.database.read() as reader:
        alice = await actors.find(reader, desk.alice.id)
    assert alice is not None and (alice.name, alice.summary_html) == (None, None)
