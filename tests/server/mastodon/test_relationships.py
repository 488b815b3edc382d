"""How an app's person stands to others, changed and read through the door."""

from dataclasses import replace
from typing import Any

import pytest

from server.actions.ties.follow import receive_block, receive_follow
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.ties import follows
from tests.server.mastodon.clients import Client
from tests.server.mastodon.crowd import Crowd


def path(actor: Actor, verb: str) -> str:
    return f"/api/v1/accounts/{actor.id}/{verb}"


async def standing(client: Client, actor: Actor) -> dict[str, Any]:
    answer = await client.get("/api/v1/accounts/relationships", [("id[]", actor.id)])
    assert answer.status == 200
    (found,) = answer.json
    return dict(found)


async def test_strangers_stand_in_no_relation(crowd: Crowd) -> None:
    ben = crowd.ben

    assert await standing(crowd.app, ben) == {
        "id": str(ben.id),
        "following": False,
        "showing_reblogs": False,
        "notifying": False,
        "languages": None,
        "followed_by": False,
        "blocking": False,
        "blocked_by": False,
        "muting": False,
        "muting_notifications": False,
        "muting_expires_at": None,
        "requested": False,
        "requested_by": False,
        "domain_blocking": False,
        "endorsed": False,
        "note": "",
    }


async def test_several_are_answered_in_order_and_those_unknown_left_out(crowd: Crowd) -> None:
    nina, ben = await crowd.nina(), crowd.ben

    answer = await crowd.app.get("/api/v1/accounts/relationships", [("id[]", ben.id), ("id[]", 7), ("id[]", nina.id)])

    assert [one["id"] for one in answer.json] == [str(ben.id), str(nina.id)]


async def test_a_follow_here_holds_at_once(crowd: Crowd) -> None:
    answer = await crowd.app.post(path(crowd.ben, "follow"))

    assert answer.status == 200
    assert answer.json["following"] and answer.json["showing_reblogs"] and not answer.json["requested"]


async def test_a_follow_elsewhere_is_asked_for(crowd: Crowd) -> None:
    answer = await crowd.app.post(path(await crowd.nina(), "follow"))

    assert not answer.json["following"] and answer.json["requested"]


async def test_what_is_wanted_of_somebody_can_be_changed_by_following_again(crowd: Crowd) -> None:
    ben = crowd.ben
    await crowd.app.post(path(ben, "follow"), {"notify": "true"})

    answer = await crowd.app.post(
        path(ben, "follow"), [("reblogs", "false"), ("languages[]", "de"), ("languages[]", "fr")]
    )

    assert (answer.json["showing_reblogs"], answer.json["notifying"]) == (False, True)
    assert answer.json["languages"] == ["de", "fr"]
    answer = await crowd.app.post(path(ben, "follow"), json={"languages": []})
    assert answer.json["languages"] is None


async def test_what_is_no_language_is_refused(crowd: Crowd) -> None:
    for wrong in (["?"], ["de", "x" * 500], [f"aa-{number:02}" for number in range(51)]):
        assert (await crowd.app.post(path(crowd.ben, "follow"), json={"languages": wrong})).status == 422


async def test_a_follow_ends(crowd: Crowd) -> None:
    ben = crowd.ben
    await crowd.app.post(path(ben, "follow"))

    for _ in range(2):
        answer = await crowd.app.post(path(ben, "unfollow"))
        assert answer.status == 200 and not answer.json["following"]


async def test_nobody_follows_themselves_or_whom_nobody_knows(crowd: Crowd) -> None:
    assert (await crowd.app.post(path(crowd.alice, "follow"))).status == 422
    assert (await crowd.app.post("/api/v1/accounts/7/follow")).status == 404


async def test_a_follower_is_sent_away(crowd: Crowd) -> None:
    nina = await crowd.nina()
    await crowd.once(receive_follow, crowd.site, nina, crowd.alice, f"{nina.uri}#follow")
    assert (await standing(crowd.app, nina))["followed_by"]

    answer = await crowd.app.post(path(nina, "remove_from_followers"))

    assert answer.status == 200 and not answer.json["followed_by"]
    assert (await crowd.app.post(path(nina, "remove_from_followers"))).status == 200


async def test_a_block_ends_the_follows_and_stands_in_the_list(crowd: Crowd) -> None:
    ben = crowd.ben
    await crowd.app.post(path(ben, "follow"))

    answer = await crowd.app.post(path(ben, "block"))

    assert answer.json["blocking"] and not answer.json["following"]
    assert [one["id"] for one in (await crowd.app.get("/api/v1/blocks")).json] == [str(ben.id)]
    assert (await crowd.app.post(path(ben, "follow"))).status == 403
    answer = await crowd.app.post(path(ben, "unblock"))
    assert not answer.json["blocking"]
    assert (await crowd.app.get("/api/v1/blocks")).json == []


async def test_who_is_blocked_is_told_so_and_cannot_follow(crowd: Crowd) -> None:
    nina = await crowd.nina()
    await crowd.once(receive_block, crowd.site, nina, crowd.alice, f"{nina.uri}#block")

    assert (await standing(crowd.app, nina))["blocked_by"]
    assert (await crowd.app.post(path(nina, "follow"))).status == 403


async def test_a_mute_hides_notifications_too_unless_said_otherwise(crowd: Crowd) -> None:
    ben = crowd.ben

    answer = await crowd.app.post(path(ben, "mute"))
    assert answer.json["muting"] and answer.json["muting_notifications"]

    answer = await crowd.app.post(path(ben, "mute"), {"notifications": "false"})
    assert answer.json["muting"] and not answer.json["muting_notifications"]

    answer = await crowd.app.post(path(ben, "unmute"))
    assert not answer.json["muting"]


async def test_a_mute_for_a_while_ends_by_itself(crowd: Crowd) -> None:
    ben = crowd.ben

    answer = await crowd.app.post(path(ben, "mute"), {"duration": "60"})

    (muted,) = (await crowd.app.get("/api/v1/mutes")).json
    assert muted["id"] == str(ben.id) and muted["mute_expires_at"] == answer.json["muting_expires_at"]
    crowd.clock.advance(61)
    assert (await crowd.app.get("/api/v1/mutes")).json == []
    assert not (await standing(crowd.app, ben))["muting"]


async def test_a_note_is_kept_and_taken_away(crowd: Crowd) -> None:
    ben = crowd.ben

    assert (await crowd.app.post(path(ben, "note"), {"comment": "paints boats"})).json["note"] == "paints boats"
    assert (await standing(crowd.bens_app, crowd.alice))["note"] == ""
    assert (await crowd.app.post(path(ben, "note"), {"comment": ""})).json["note"] == ""
    assert (await crowd.app.post(path(ben, "note"), {"comment": "x" * 2001})).status == 422


async def test_only_whom_one_follows_can_be_endorsed(crowd: Crowd) -> None:
    ben = crowd.ben
    assert (await crowd.app.post(path(ben, "endorse"))).status == 422
    await crowd.app.post(path(ben, "follow"))

    for verb, back in (("endorse", "unendorse"), ("pin", "unpin")):
        assert (await crowd.app.post(path(ben, verb))).json["endorsed"]
        assert not (await crowd.app.post(path(ben, back))).json["endorsed"]


async def test_an_endorsement_ends_with_the_follow(crowd: Crowd) -> None:
    ben = crowd.ben
    await crowd.app.post(path(ben, "follow"))
    await crowd.app.post(path(ben, "endorse"))

    assert not (await crowd.app.post(path(ben, "unfollow"))).json["endorsed"]


async def test_a_blocked_host_hides_and_its_follows_are_counted_first(crowd: Crowd) -> None:
    nina = await crowd.nina()
    await crowd.once(receive_follow, crowd.site, nina, crowd.alice, f"{nina.uri}#follow")

    answer = await crowd.app.get("/api/v1/domain_blocks/preview", {"domain": "Away.Example"})
    assert answer.json == {"following_count": 0, "followers_count": 1}
    assert (await crowd.app.post("/api/v1/domain_blocks", {"domain": "away.example"})).json == {}

    assert (await crowd.app.get("/api/v1/domain_blocks")).json == ["away.example"]
    assert (await standing(crowd.app, nina))["domain_blocking"]
    assert (await crowd.app.post(path(nina, "follow"))).status == 403
    assert (await crowd.app.delete("/api/v1/domain_blocks", {"domain": "away.example"})).json == {}
    assert (await crowd.app.get("/api/v1/domain_blocks")).json == []


@pytest.mark.parametrize("domain", ["", "no domain", "a/b", "user@host", "x" * 300, "host:port"])
async def test_what_is_no_host_cannot_be_blocked(crowd: Crowd, domain: str) -> None:
    assert (await crowd.app.post("/api/v1/domain_blocks", {"domain": domain})).status == 422


async def test_our_own_host_cannot_be_blocked(crowd: Crowd) -> None:
    answer = await crowd.app.post("/api/v1/domain_blocks", {"domain": crowd.site.domain})
    assert answer.status == 422


async def test_who_asks_to_follow_is_listed_and_answered(crowd: Crowd) -> None:
    me = crowd.alice
    locked = replace(me, locked=True)
    await crowd.once(actors.replace, locked)
    nina, otto = await crowd.nina(), await crowd.nina("otto")
    for one in (nina, otto):
        await crowd.once(receive_follow, crowd.site, one, locked, f"{one.uri}#follow")

    assert {one["username"] for one in (await crowd.app.get("/api/v1/follow_requests")).json} == {"nina", "otto"}
    assert (await standing(crowd.app, nina))["requested_by"]
    assert (await crowd.app.post(f"/api/v1/follow_requests/{nina.id}/authorize")).json["followed_by"]
    assert not (await crowd.app.post(f"/api/v1/follow_requests/{otto.id}/reject")).json["followed_by"]

    assert (await crowd.app.get("/api/v1/follow_requests")).json == []
    assert (await crowd.app.post(f"/api/v1/follow_requests/{otto.id}/authorize")).status == 404


async def test_long_lists_have_pages_that_lead_both_ways(crowd: Crowd) -> None:
    people = [await crowd.nina(f"n{number}") for number in range(5)]
    for one in people:
        await crowd.once(
            follows.block, id=crowd.site.ids.new(), actor_id=crowd.alice.id,
            target_id=one.id, uri=f"block-{one.id}", at=1,
        )  # fmt: skip

    first = await crowd.app.get("/api/v1/blocks", {"limit": 2})
    second = await crowd.app.get(first.links["next"].removeprefix(crowd.site.origin))
    back = await crowd.app.get(second.links["prev"].removeprefix(crowd.site.origin))

    assert [one["username"] for one in first.json + second.json] == ["n4", "n3", "n2", "n1"]
    assert [one["username"] for one in back.json] == ["n4", "n3"]


async def test_each_act_needs_its_scope(crowd: Crowd) -> None:
    reader = await crowd.place.client(crowd.alice, "read write:mutes")

    assert (await reader.post(path(crowd.ben, "follow"))).status == 403
    assert (await reader.post(path(crowd.ben, "block"))).status == 403
    assert (await reader.post(path(crowd.ben, "mute"))).status == 200
    assert (await crowd.place.stranger.get("/api/v1/blocks")).status == 401
