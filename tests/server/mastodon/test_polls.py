"""Polls in both directions: asked here and answered by peers, asked by peers and answered here, and told at the end."""

import pytest

from server.ids import MICROSECONDS, iso
from server.store.writing import polls

POLL = {"options": ["sea", "hills"], "expires_in": 3600}


async def ask(desk, **more):
    return await desk.write("where?", visibility="public", poll=POLL | more)


async def vote(desk, poll_id, *choices, app=None):
    answer = await (app or desk.app).post(f"/api/v1/polls/{poll_id}/votes", json={"choices": list(choices)})
    await desk.settle()
    return answer


async def bob_votes(desk, made, title, **more):
    """Bob's server sends his vote, as Mastodon does."""
    note = {
        "id": f"{desk.bob.uri}#votes/{title}",
        "type": "Note",
        "name": title,
        "attributedTo": desk.bob.uri,
        "inReplyTo": made["uri"],
        "to": [desk.alice.uri],
    } | more
    create = desk.person.create(note)
    await desk.person.send(create, desk.alice.inbox)
    await desk.settle()
    return await desk.house.outcome(create["id"])


async def bobs_question(desk, **more):
    """A poll of bob's that names alice."""
    question = desk.person.note(
        "<p>where?</p>",
        tag=[{"type": "Mention", "href": desk.alice.uri, "name": "@alice"}],
        type="Question",
        **{
            "oneOf": [option("sea", 2), option("hills", 1)],
            "endTime": iso(desk.house.clock.now() + 3600 * MICROSECONDS),
            "votersCount": 3,
        }
        | more,
    )
    await desk.person.send(desk.person.create(question), desk.alice.inbox)
    await desk.settle()
    (found,) = [one for one in (await desk.app.get("/api/v1/notifications")).json if one["type"] == "mention"]
    return question, found["status"]


def option(title, votes):
    return {"type": "Note", "name": title, "replies": {"type": "Collection", "totalItems": votes}}


async def test_a_poll_goes_out_as_a_question(desk):
    await desk.let_bob_follow()

    made = await ask(desk, multiple=True)

    question = desk.received("Create")[0]["object"]
    assert question["type"] == "Question"
    assert question["anyOf"] == [option("sea", 0), option("hills", 0)]
    assert question["endTime"] == made["poll"]["expires_at"]
    assert (made["poll"]["id"], made["poll"]["multiple"], made["poll"]["voted"]) == (made["id"], True, True)


@pytest.mark.parametrize(
    "poll",
    [
        {"options": ["only one"]},
        {"options": ["a", "a"]},
        {"options": ["a", " "]},
        {"options": ["a", "b", "c", "d", "e"]},
        {"options": ["a", "x" * 51]},
        {"expires_in": 299},
        {"expires_in": 2_629_747},
    ],
)
async def test_polls_that_cannot_be_are_refused(desk, poll):
    answer = await desk.app.post("/api/v1/statuses", json={"status": "?", "poll": POLL | poll})

    assert answer.status == 422


async def test_a_poll_has_words_and_no_pictures(desk):
    picture = await desk.upload()

    for sent in ({"status": ""}, {"status": "?", "media_ids": [picture["id"]]}):
        assert (await desk.app.post("/api/v1/statuses", json=sent | {"poll": POLL})).status == 422


async def test_a_form_asks_like_json(desk):
    form = [("status", "?"), ("poll[options][]", "sea"), ("poll[options][]", "hills"), ("poll[expires_in]", "3600")]

    made = (await desk.app.post("/api/v1/statuses", [*form, ("poll[multiple]", "false")])).json

    assert [one["title"] for one in made["poll"]["options"]] == ["sea", "hills"]


async def test_a_vote_here_counts_once(desk):
    made = await ask(desk)

    voted = await vote(desk, made["poll"]["id"], 1, app=desk.bens_app)
    again = await vote(desk, made["poll"]["id"], 0, app=desk.bens_app)

    assert [one["votes_count"] for one in voted.json["options"]] == [0, 1]
    assert (voted.json["voted"], voted.json["own_votes"], voted.json["votes_count"]) == (True, [1], 1)
    assert again.status == 422
    shown = (await desk.stranger.get(f"/api/v1/polls/{made['poll']['id']}")).json
    assert (shown["votes_count"], shown["voted"], shown["own_votes"]) == (1, False, [])


async def test_several_choices_are_one_voter(desk):
    made = await ask(desk, multiple=True)

    voted = (await vote(desk, made["poll"]["id"], 0, 1, app=desk.bens_app)).json

    assert (voted["votes_count"], voted["voters_count"]) == (2, 1)


@pytest.mark.parametrize("choices", [(), (2,), (-1,), (0, 1)])
async def test_votes_for_nothing_there_are_refused(desk, choices):
    made = await ask(desk)

    assert (await vote(desk, made["poll"]["id"], *choices, app=desk.bens_app)).status == 422


async def test_nobody_votes_in_their_own_poll_or_after_its_end(desk):
    made = await ask(desk)
    assert (await vote(desk, made["poll"]["id"], 0)).status == 422

    await desk.wait(3601)

    assert (await vote(desk, made["poll"]["id"], 0, app=desk.bens_app)).status == 422
    assert (await desk.look(made))["poll"]["expired"] is True


async def test_a_poll_one_may_not_see_is_not_there(desk):
    made = await desk.write("psst", visibility="direct", poll=POLL)

    assert (await vote(desk, made["poll"]["id"], 0, app=desk.bens_app)).status == 404
    assert (await desk.stranger.get(f"/api/v1/polls/{made['poll']['id']}")).status == 404


async def test_a_peers_vote_is_counted_once_and_is_no_answer(desk):
    made = await ask(desk)

    assert await bob_votes(desk, made, "hills") == "voted"
    assert await bob_votes(desk, made, "sea") == "they have voted"

    now = await desk.look(made)
    assert [one["votes_count"] for one in now["poll"]["options"]] == [0, 1]
    assert now["replies_count"] == 0
    assert await desk.told(desk.alice) == []


async def test_a_peers_vote_for_no_option_or_too_late_is_dropped(desk):
    made = await ask(desk)
    assert await bob_votes(desk, made, "city") == "there is no such option"

    await desk.wait(3601)

    assert await bob_votes(desk, made, "sea") == "the poll is over"


async def test_who_is_blocked_does_not_vote(desk):
    made = await ask(desk)
    await desk.app.post(f"/api/v1/accounts/{desk.bob.id}/block")

    await bob_votes(desk, made, "sea")

    assert (await desk.look(made))["poll"]["votes_count"] == 0


async def test_new_counts_are_told_together_after_a_while(desk):
    await desk.let_bob_follow()
    made = await ask(desk, multiple=True)
    await vote(desk, made["poll"]["id"], 0, app=desk.bens_app)
    await bob_votes(desk, made, "hills")

    await desk.wait(181)

    (update,) = desk.received("Update")
    assert update["object"]["anyOf"] == [option("sea", 1), option("hills", 1)]
    assert update["object"]["votersCount"] == 2
    assert "updated" not in update["object"]
    assert (await desk.look(made))["edited_at"] is None


async def test_hidden_totals_are_hidden_from_everybody_until_the_end(desk):
    await desk.let_bob_follow()
    made = await ask(desk, hide_totals=True)
    voted = (await vote(desk, made["poll"]["id"], 0, app=desk.bens_app)).json
    await desk.wait(200)

    assert [one["votes_count"] for one in voted["options"]] == [None, None]
    assert "totalItems" not in desk.received("Create")[0]["object"]["oneOf"][0]["replies"]
    assert desk.received("Update") == []

    await desk.wait(3600)

    assert [one["votes_count"] for one in (await desk.look(made))["poll"]["options"]] == [1, 0]
    (update,) = desk.received("Update")
    assert update["object"]["oneOf"][0] == option("sea", 1)
    assert update["object"]["closed"] == made["poll"]["expires_at"]


async def test_the_end_is_told_to_voters_and_the_author_once(desk):
    made = await ask(desk)
    await vote(desk, made["poll"]["id"], 0, app=desk.bens_app)

    await desk.wait(7200)

    assert await desk.told(desk.alice) == ["poll"]
    assert await desk.told(desk.ben) == ["poll"]


async def test_a_peers_question_is_kept_with_its_counts(desk):
    _, status = await bobs_question(desk)

    poll = status["poll"]
    assert [(one["title"], one["votes_count"]) for one in poll["options"]] == [("sea", 2), ("hills", 1)]
    assert (poll["multiple"], poll["expired"], poll["voted"]) == (False, False, False)


async def test_a_vote_in_a_peers_poll_is_sent_to_its_author_alone(desk):
    question, status = await bobs_question(desk)

    voted = (await vote(desk, status["poll"]["id"], 1)).json

    (create,) = desk.received("Create")
    note = create["object"]
    assert (note["type"], note["name"], note["inReplyTo"]) == ("Note", "hills", question["id"])
    assert (note["to"], create["to"]) == ([desk.bob.uri], [desk.bob.uri])
    assert "content" not in note
    assert (voted["own_votes"], voted["options"][1]["votes_count"], voted["votes_count"]) == ([1], 2, 4)
    # It is nobody else's business.
    assert (await desk.stranger.get("/users/alice/outbox?page=true")).json["orderedItems"] == []


async def test_new_counts_of_a_peers_poll_are_taken_over_and_are_no_edit(desk):
    question, status = await bobs_question(desk)

    newer = question | {"oneOf": [option("sea", 9), option("hills", 4)], "votersCount": 13}
    await desk.person.send(desk.person.activity("Update", newer), desk.alice.inbox)
    await desk.settle()

    now = await desk.look(status)
    assert [one["votes_count"] for one in now["poll"]["options"]] == [9, 4]
    assert now["edited_at"] is None
    assert len((await desk.app.get(f"/api/v1/statuses/{status['id']}/history")).json) == 1


async def test_the_end_of_a_peers_poll_is_told_with_its_last_counts(desk):
    question, status = await bobs_question(desk)
    await vote(desk, status["poll"]["id"], 0)
    desk.person.host.show(
        question["id"].removeprefix(desk.person.host.origin),
        question | {"oneOf": [option("sea", 50), option("hills", 4)], "closed": question["endTime"]},
    )

    await desk.wait(3700)

    assert await desk.told(desk.alice) == ["mention", "poll"]
    now = await desk.look(status)
    assert (now["poll"]["expired"], now["poll"]["options"][0]["votes_count"]) == (True, 50)


async def test_the_end_is_told_also_where_the_peer_is_gone(desk):
    question, status = await bobs_question(desk)
    await vote(desk, status["poll"]["id"], 0)
    desk.person.host.show(question["id"].removeprefix(desk.person.host.origin), {}, status=404)

    await desk.wait(3700)

    assert await desk.told(desk.alice) == ["mention", "poll"]


async def test_a_peer_is_asked_how_its_poll_stands_once_a_minute_for_our_people(desk):
    question, status = await bobs_question(desk)
    path = question["id"].removeprefix(desk.person.host.origin)
    desk.person.host.show(path, question | {"oneOf": [option("sea", 7), option("hills", 1)]})
    desk.house.clock.moment += 61 * MICROSECONDS

    strangers = (await desk.stranger.get(f"/api/v1/polls/{status['id']}")).json
    mine = [(await desk.app.get(f"/api/v1/polls/{status['id']}")).json for _ in range(2)]

    assert [one["options"][0]["votes_count"] for one in (strangers, *mine)] == [2, 7, 7]
    assert [request.target for request in desk.person.host.gets].count(path) == 1


async def test_other_options_make_a_new_poll(desk):
    question, status = await bobs_question(desk)
    await vote(desk, status["poll"]["id"], 0)

    desk.house.clock.moment += 60 * MICROSECONDS
    newer = question | {"oneOf": [option("up", 0), option("down", 0)], "updated": iso(desk.house.clock.now())}
    await desk.person.send(desk.person.activity("Update", newer), desk.alice.inbox)
    await desk.settle()

    now = await desk.look(status)
    assert [one["title"] for one in now["poll"]["options"]] == ["up", "down"]
    assert (now["poll"]["voted"], now["poll"]["own_votes"]) == (False, [])
    history = (await desk.app.get(f"/api/v1/statuses/{status['id']}/history")).json
    assert [[one["title"] for one in state["poll"]["options"]] for state in history] == [
        ["sea", "hills"],
        ["up", "down"],
    ]


async def test_an_edit_with_the_same_poll_keeps_its_votes_and_another_one_voids_them(desk):
    made = await ask(desk)
    await vote(desk, made["poll"]["id"], 0, app=desk.bens_app)
    path = f"/api/v1/statuses/{made['id']}"

    same = await desk.app.put(path, json={"status": "where now?", "poll": POLL})
    other = await desk.app.put(path, json={"status": "how?", "poll": POLL | {"options": ["by boat", "on foot"]}})

    assert same.json["poll"]["votes_count"] == 1
    assert other.json["poll"]["votes_count"] == 0
    assert [one["title"] for one in other.json["poll"]["options"]] == ["by boat", "on foot"]


async def test_a_deleted_poll_leaves_no_votes(desk):
    made = await ask(desk)
    await vote(desk, made["poll"]["id"], 0, app=desk.bens_app)

    await desk.app.delete(f"/api/v1/statuses/{made['id']}")
    await desk.wait(7200)

    async with desk.house.database.read() as reader:
        assert await polls.find(reader, int(made["id"])) is None
        assert await polls.list_choices(reader, desk.ben.id, [int(made["id"])]) == {}
    assert await desk.told(desk.ben) == []
