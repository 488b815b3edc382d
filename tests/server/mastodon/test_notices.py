"""What happened, asked for through the door: one by one, in groups, and by policy."""

from dataclasses import dataclass

import pytest

from activitypub.audience import Visibility
from server.actions.telling.notify import notify
from server.actions.telling.report import Complaint, report
from server.actions.ties import follow
from server.actions.writing import react
from server.actions.writing.compose import Person
from server.store.people import accounts
from server.store.people.actors import Actor
from server.store.telling import notifications
from tests.server.mastodon.clients import Client, Place

V1, V2 = "/api/v1/notifications", "/api/v2/notifications"


@dataclass
class Desk:
    """Alice with an app; bob and carol do things to her."""

    place: Place
    app: Client
    alice: Actor
    bob: Actor
    carol: Actor

    async def act(self, what, *arguments, **more):
        async with self.place.exhibition.services.database.write() as tx:
            return await what(tx, self.place.exhibition.site, *arguments, **more)

    async def mention(self, by: Actor, text="@alice hello", visibility=Visibility.PUBLIC, **more):
        people = (Person(self.alice.handle, self.alice.uri, self.alice.url or ""),)
        return await self.place.exhibition.say(by, text, people=people, visibility=visibility, **more)

    async def types(self, query="") -> list[str]:
        return [one["type"] for one in (await self.app.get(V1 + query)).json]


@pytest.fixture
async def desk(place: Place) -> Desk:
    people = [await place.exhibition.person(name) for name in ("alice", "bob", "carol")]
    return Desk(place, await place.client(people[0]), *people)


async def like(desk: Desk, by: Actor, post) -> None:
    await desk.act(react.like, by, post)


async def test_what_happened_is_told_newest_first_with_who_and_what(desk: Desk) -> None:
    post = await desk.place.exhibition.say(desk.alice, "a boat")
    await like(desk, desk.bob, post)
    await desk.act(follow.follow, desk.carol, desk.alice)

    answer = await desk.app.get(V1)

    assert [one["type"] for one in answer.json] == ["follow", "favourite"]
    followed, liked = answer.json
    assert followed["account"]["acct"] == "carol" and followed["status"] is None
    assert liked["account"]["acct"] == "bob" and liked["status"]["id"] == str(post.id)
    assert liked["group_key"].startswith(f"favourite-{post.id}-") and liked["created_at"].endswith("Z")
    assert "event" not in liked and "report" not in liked
    one = await desk.app.get(f"{V1}/{liked['id']}")
    assert one.json == liked


async def test_pages_lead_on_in_both_directions(desk: Desk) -> None:
    posts = [await desk.mention(desk.bob, f"@alice {number}") for number in range(5)]
    first = await desk.app.get(f"{V1}?limit=2&types[]=mention")
    assert [one["status"]["id"] for one in first.json] == [str(posts[4].id), str(posts[3].id)]
    second = await desk.app.get(first.links["next"].removeprefix("https://pinxit.example"))
    assert [one["status"]["id"] for one in second.json] == [str(posts[2].id), str(posts[1].id)]
    back = await desk.app.get(second.links["prev"].removeprefix("https://pinxit.example"))
    assert back.json == first.json


@pytest.mark.parametrize(
    ("query", "types"),
    [
        ("", ["follow", "favourite", "mention"]),
        ("?types[]=mention", ["mention"]),
        ("?types[]=mention&types[]=favourite", ["favourite", "mention"]),
        ("?exclude_types[]=mention", ["follow", "favourite"]),
        ("?types[]=mention&exclude_types[]=mention", []),
        ("?types[]=unheard_of", []),
    ],
)
async def test_types_are_chosen_and_left_out(desk: Desk, query: str, types: list[str]) -> None:
    await desk.mention(desk.bob)
    await like(desk, desk.bob, await desk.place.exhibition.say(desk.alice, "a boat"))
    await desk.act(follow.follow, desk.carol, desk.alice)
    assert await desk.types(query) == types


async def test_one_sender_is_chosen(desk: Desk) -> None:
    await desk.mention(desk.bob)
    await desk.mention(desk.carol)
    answer = await desk.app.get(f"{V1}?account_id={desk.carol.id}")
    assert [one["account"]["acct"] for one in answer.json] == ["carol"]


async def test_one_thing_is_forgotten_and_then_all(desk: Desk) -> None:
    for by in (desk.bob, desk.carol):
        await desk.mention(by)
    newest = (await desk.app.get(V1)).json[0]["id"]
    assert (await desk.app.post(f"{V1}/{newest}/dismiss")).json == {}
    assert (await desk.app.post(f"{V1}/{newest}/dismiss")).status == 404
    assert len(await desk.types()) == 1
    assert (await desk.app.post(f"{V1}/clear")).json == {}
    assert await desk.types() == []


async def test_nobody_sees_or_forgets_what_is_anothers(desk: Desk) -> None:
    await desk.mention(desk.bob)
    newest = (await desk.app.get(V1)).json[0]["id"]
    other = await desk.place.client(desk.bob)
    assert (await other.get(f"{V1}/{newest}")).status == 404
    assert (await other.post(f"{V1}/{newest}/dismiss")).status == 404
    assert (await other.get(f"{V2}/ungrouped-{newest}")).status == 404
    await other.post(f"{V2}/ungrouped-{newest}/dismiss")
    assert len(await desk.types()) == 1


async def test_scopes_are_demanded(desk: Desk) -> None:
    reader = await desk.place.client(desk.alice, "read:notifications")
    assert (await reader.get(V1)).status == 200
    assert (await reader.post(f"{V1}/clear")).status == 403
    assert (await (await desk.place.client(desk.alice, "read:statuses")).get(V1)).status == 403
    assert (await desk.place.stranger.get(V1)).status == 401


async def test_the_unread_are_counted_until_the_marker_passes_them(desk: Desk) -> None:
    post = await desk.place.exhibition.say(desk.alice, "a boat")
    for by in (desk.bob, desk.carol):
        await like(desk, by, post)
    assert (await desk.app.get(f"{V1}/unread_count")).json == {"count": 2}
    assert (await desk.app.get(f"{V1}/unread_count?limit=1")).json == {"count": 1}
    assert (await desk.app.get(f"{V2}/unread_count")).json == {"count": 1}
    newest = (await desk.app.get(V1)).json[0]["id"]

    moved = await desk.app.post("/api/v1/markers", {"notifications[last_read_id]": newest})

    assert moved.json["notifications"]["last_read_id"] == newest
    assert (await desk.app.get(f"{V1}/unread_count")).json == {"count": 0}
    assert (await desk.app.get(f"{V2}/unread_count")).json == {"count": 0}


async def test_likes_of_one_post_come_as_one_group(desk: Desk) -> None:
    post = await desk.place.exhibition.say(desk.alice, "a boat")
    for by in (desk.bob, desk.carol):
        await like(desk, by, post)
    await desk.mention(desk.bob)

    answer = (await desk.app.get(V2)).json

    mention, liked = answer["notification_groups"]
    assert mention["group_key"].startswith("ungrouped-") and mention["notifications_count"] == 1
    assert liked["type"] == "favourite" and liked["notifications_count"] == 2
    assert liked["sample_account_ids"] == [str(desk.carol.id), str(desk.bob.id)]
    assert liked["status_id"] == str(post.id)
    assert int(liked["page_max_id"]) == liked["most_recent_notification_id"] > int(liked["page_min_id"])
    assert {one["id"] for one in answer["statuses"]} == {mention["status_id"], liked["status_id"]}
    assert {one["acct"] for one in answer["accounts"]} == {"bob", "carol"}
    assert "partial_accounts" not in answer
    one = (await desk.app.get(f"{V2}/{liked['group_key']}")).json
    assert one["notification_groups"][0] | {"page_min_id": 1, "page_max_id": 1, "latest_page_notification_at": 1} == (
        liked | {"page_min_id": 1, "page_max_id": 1, "latest_page_notification_at": 1}
    )
    senders = await desk.app.get(f"{V2}/{liked['group_key']}/accounts")
    assert [one["acct"] for one in senders.json] == ["carol", "bob"]


async def test_a_client_chooses_what_stands_together_and_how_much_of_everybody(desk: Desk) -> None:
    post = await desk.place.exhibition.say(desk.alice, "a boat")
    for by in (desk.bob, desk.carol):
        await like(desk, by, post)
    apart = (await desk.app.get(f"{V2}?grouped_types[]=follow")).json
    assert [one["notifications_count"] for one in apart["notification_groups"]] == [1, 1]
    faces = (await desk.app.get(f"{V2}?expand_accounts=partial_avatars")).json
    assert [one["acct"] for one in faces["accounts"]] == ["carol"]
    assert [one["acct"] for one in faces["partial_accounts"]] == ["bob"]
    assert set(faces["partial_accounts"][0]) == {"id", "acct", "locked", "bot", "url", "avatar", "avatar_static"}
    assert (await desk.app.get(f"{V2}?expand_accounts=whatever")).status == 422


async def test_groups_come_in_pages_and_none_twice(desk: Desk) -> None:
    posts = [await desk.place.exhibition.say(desk.alice, f"boat {number}") for number in range(5)]
    for post in posts:
        for by in (desk.bob, desk.carol):
            await like(desk, by, post)
    seen, path = [], f"{V2}?limit=2"
    while True:
        answer = await desk.app.get(path)
        seen += [one["status_id"] for one in answer.json["notification_groups"]]
        if "next" not in answer.links:
            break
        path = answer.links["next"].removeprefix("https://pinxit.example")
    assert list(dict.fromkeys(seen)) == [str(post.id) for post in reversed(posts)]
    oldest = answer.json["notification_groups"][-1]
    up = await desk.app.get(f"{V2}?limit=2&min_id={oldest['page_max_id']}")
    assert str(posts[1].id) in [one["status_id"] for one in up.json["notification_groups"]]


async def test_a_group_is_forgotten_as_one(desk: Desk) -> None:
    post = await desk.place.exhibition.say(desk.alice, "a boat")
    for by in (desk.bob, desk.carol):
        await like(desk, by, post)
    mention = await desk.mention(desk.bob)
    groups = (await desk.app.get(V2)).json["notification_groups"]
    assert (await desk.app.post(f"{V2}/{groups[1]['group_key']}/dismiss")).json == {}
    assert await desk.types() == ["mention"]
    assert (await desk.app.post(f"{V2}/{groups[0]['group_key']}/dismiss")).json == {}
    assert await desk.types() == [] and mention


@pytest.mark.parametrize("key", ["ungrouped-x", "ungrouped-1", "favourite-1-1", "ungrouped-99999999999999999999"])
async def test_a_group_that_is_none_is_not_found(desk: Desk, key: str) -> None:
    assert (await desk.app.get(f"{V2}/{key}")).status == 404
    assert (await desk.app.get(f"{V2}/{key}/accounts")).json == []


async def test_a_policy_is_read_and_changed_in_new_and_old_words(desk: Desk) -> None:
    usual = (await desk.app.get(f"{V2}/policy")).json
    assert usual["for_private_mentions"] == "filter" and usual["for_not_following"] == "accept"
    assert usual["summary"] == {"pending_requests_count": 0, "pending_notifications_count": 0}

    changed = await desk.app.patch(f"{V2}/policy", {"for_not_following": "drop", "for_private_mentions": "accept"})
    assert changed.json["for_not_following"] == "drop" and changed.json["for_new_accounts"] == "accept"
    old = (await desk.app.get(f"{V1}/policy")).json
    assert old["filter_not_following"] is True and old["filter_private_mentions"] is False
    back = await desk.app.ask(
        "PATCH", f"{V1}/policy", json={"filter_not_following": False, "filter_new_accounts": True}
    )
    assert back.json["filter_not_following"] is False and back.json["filter_new_accounts"] is True
    assert (await desk.app.get(f"{V2}/policy")).json["for_new_accounts"] == "filter"
    assert (await desk.app.patch(f"{V2}/policy", {"for_not_following": "maybe"})).status == 422


async def test_who_was_put_aside_is_listed_and_let_in(desk: Desk) -> None:
    post = await desk.mention(desk.bob, visibility=Visibility.DIRECT)
    assert await desk.types() == [] and await desk.types("?include_filtered=true") == ["mention"]
    summary = (await desk.app.get(f"{V2}/policy")).json["summary"]
    assert summary == {"pending_requests_count": 1, "pending_notifications_count": 1}
    (asked,) = (await desk.app.get(f"{V1}/requests")).json
    assert asked["account"]["acct"] == "bob" and asked["last_status"]["id"] == str(post.id)
    assert asked["notifications_count"] == "1"
    assert (await desk.app.get(f"{V1}/requests/{asked['id']}")).json == asked

    assert (await desk.app.post(f"{V1}/requests/{asked['id']}/accept")).json == {}

    assert await desk.types() == ["mention"] and (await desk.app.get(f"{V1}/requests")).json == []
    assert (await desk.app.get(f"{V1}/requests/merged")).json == {"merged": True}
    assert (await desk.app.get(f"{V1}/requests/{asked['id']}")).status == 404


async def test_several_are_turned_away_or_let_in_at_once(desk: Desk) -> None:
    for by in (desk.bob, desk.carol):
        await desk.mention(by, visibility=Visibility.DIRECT)
    ids = [("id[]", one["id"]) for one in (await desk.app.get(f"{V1}/requests")).json]
    assert (await desk.app.post(f"{V1}/requests/dismiss", ids[:1])).json == {}
    assert (await desk.app.post(f"{V1}/requests/accept", [*ids, ("id[]", "x")])).json == {}
    assert await desk.types("?include_filtered=true") == ["mention"]
    assert (await desk.app.post(f"{V1}/requests/1/dismiss")).status == 404


async def test_a_deleted_post_takes_its_notice_along_and_a_hidden_one_is_not_shown(desk: Desk) -> None:
    post = await desk.mention(desk.bob)
    async with desk.place.exhibition.services.database.write() as tx:
        away = notifications.Notification(77, desk.alice.id, "mention", desk.carol.id, 12345, 0, None)
        await notifications.add(tx, away)
    assert [one["status"]["id"] for one in (await desk.app.get(V1)).json] == [str(post.id)]
    assert (await desk.app.get(f"{V1}/77")).status == 404


async def test_an_admin_hears_of_reports_and_of_who_signs_up(desk: Desk) -> None:
    exhibition = desk.place.exhibition
    async with exhibition.services.database.write() as tx:
        await tx.run(accounts.accounts.update().values(role="admin").where(accounts.accounts.c.username == "alice"))
    stored = await desk.act(report, desk.bob, desk.carol, Complaint(comment="rude"))
    dave = await exhibition.person("dave")

    signed_up, told = (await desk.app.get(V1)).json

    assert (signed_up["type"], signed_up["account"]["id"]) == ("admin.sign_up", str(dave.id))
    assert (told["type"], told["report"]["id"], told["report"]["comment"]) == ("admin.report", str(stored.id), "rude")
    assert told["report"]["target_account"]["acct"] == "carol" and told["status"] is None


async def test_follows_that_were_severed_come_with_what_happened(desk: Desk) -> None:
    event = (
        '{"id":"5","type":"user_domain_block","purged":false,"target_name":"away.example",'
        '"followers_count":1,"following_count":2,"created_at":"2026-11-22T10:00:00.000Z"}'
    )
    await desk.act(notify, desk.alice, "severed_relationships", by=desk.alice, post_id=5, detail=event)
    (told,) = (await desk.app.get(V1)).json
    assert told["type"] == "severed_relationships" and told["event"]["target_name"] == "away.example"
