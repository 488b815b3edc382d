"""Filters through the door, in both versions."""

from typing import Any

from server.actions.ties.filters import KEYWORDS_AT_MOST
from server.store.reading import stream_events
from tests.server.mastodon.clients import Answer
from tests.server.mastodon.crowd import Crowd

ALL = "/api/v2/filters"


async def make(crowd: Crowd, **changes: Any) -> dict[str, Any]:
    form = {
        "title": "boats",
        "context": ["home", "public"],
        "filter_action": "hide",
        "expires_in": 3600,
        "keywords_attributes": [{"keyword": "boat", "whole_word": True}],
    }
    answer = await crowd.app.post(ALL, json=form | changes)
    assert answer.status == 200, answer.json
    return dict(answer.json)


async def test_a_filter_is_made_with_its_words(crowd: Crowd) -> None:
    made = await make(crowd)

    assert made == {
        "id": made["id"],
        "title": "boats",
        "context": ["home", "public"],
        "expires_at": made["expires_at"],
        "filter_action": "hide",
        "keywords": [{"id": made["keywords"][0]["id"], "keyword": "boat", "whole_word": True}],
        "statuses": [],
    }
    assert made["expires_at"].endswith("Z")
    assert (await crowd.app.get(ALL)).json == [made]
    assert (await crowd.app.get(f"{ALL}/{made['id']}")).json == made


async def test_a_form_says_the_same_as_json(crowd: Crowd) -> None:
    form = [
        ("title", "boats"),
        ("context[]", "home"),
        ("keywords_attributes[][keyword]", "boat"),
        ("keywords_attributes[][whole_word]", "false"),
        ("keywords_attributes[][keyword]", "ship"),
    ]
    made = (await crowd.app.post(ALL, form)).json

    assert [(word["keyword"], word["whole_word"]) for word in made["keywords"]] == [("boat", False), ("ship", False)]
    assert (made["filter_action"], made["expires_at"]) == ("warn", None)


async def test_a_filter_changes_with_its_words(crowd: Crowd) -> None:
    made = await make(crowd)
    word = made["keywords"][0]["id"]

    changes = {
        "title": "ships",
        "expires_in": None,
        "keywords_attributes": [{"id": word, "keyword": "yacht"}, {"keyword": "ship"}],
    }
    changed = (await crowd.app.put(f"{ALL}/{made['id']}", json=changes)).json
    assert (changed["title"], changed["expires_at"], changed["context"]) == ("ships", None, ["home", "public"])
    assert [one["keyword"] for one in changed["keywords"]] == ["yacht", "ship"]

    changes = {"keywords_attributes": [{"id": word, "_destroy": True}]}
    changed = (await crowd.app.put(f"{ALL}/{made['id']}", json=changes)).json
    assert [one["keyword"] for one in changed["keywords"]] == ["ship"]


async def test_words_are_added_changed_and_removed_one_by_one(crowd: Crowd) -> None:
    made = await make(crowd)
    path = f"{ALL}/{made['id']}/keywords"

    word = (await crowd.app.post(path, {"keyword": "ship", "whole_word": "true"})).json
    assert [one["keyword"] for one in (await crowd.app.get(path)).json] == ["boat", "ship"]
    one = f"{ALL}/keywords/{word['id']}"
    assert (await crowd.app.put(one, {"keyword": "yacht"})).json["keyword"] == "yacht"
    assert (await crowd.app.get(one)).json == {"id": word["id"], "keyword": "yacht", "whole_word": True}
    assert (await crowd.app.delete(one)).json == {}
    assert (await crowd.app.get(one)).status == 404


async def test_posts_are_named_and_let_go(crowd: Crowd) -> None:
    made = await make(crowd)
    post = await crowd.place.exhibition.say(crowd.ben, "hello")
    path = f"{ALL}/{made['id']}/statuses"

    entry = (await crowd.app.post(path, {"status_id": post.id})).json
    again = (await crowd.app.post(path, {"status_id": post.id})).json

    assert entry == again == {"id": entry["id"], "status_id": str(post.id)}
    assert (await crowd.app.get(path)).json == [entry]
    assert (await crowd.app.get(f"{ALL}/statuses/{entry['id']}")).json == entry
    assert (await crowd.app.delete(f"{ALL}/statuses/{entry['id']}")).json == entry
    assert (await crowd.app.get(path)).json == []
    assert (await crowd.app.post(path, {"status_id": "5"})).status == 404


async def test_a_filter_of_another_is_not_there(crowd: Crowd) -> None:
    made = await make(crowd)
    word = made["keywords"][0]["id"]

    answers: list[Answer] = [
        await crowd.bens_app.get(f"{ALL}/{made['id']}"),
        await crowd.bens_app.put(f"{ALL}/{made['id']}", {"title": "mine"}),
        await crowd.bens_app.delete(f"{ALL}/{made['id']}"),
        await crowd.bens_app.delete(f"{ALL}/keywords/{word}"),
        await crowd.bens_app.delete(f"/api/v1/filters/{word}"),
    ]
    assert {answer.status for answer in answers} == {404}
    stolen = {"title": "x", "context": ["home"], "keywords_attributes": [{"id": word, "keyword": "y"}]}
    assert (await crowd.bens_app.post(ALL, json=stolen)).status == 404


async def test_what_makes_no_sense_is_refused(crowd: Crowd) -> None:
    for wrong in (
        {"title": "", "context": ["home"]},
        {"title": "x"},
        {"title": "x", "context": ["nowhere"]},
        {"title": "x", "context": ["home"], "filter_action": "shout"},
        {"title": "x", "context": ["home"], "keywords_attributes": [{"keyword": ""}]},
    ):
        assert (await crowd.app.post(ALL, json=wrong)).status == 422


async def test_a_removed_filter_is_gone(crowd: Crowd) -> None:
    made = await make(crowd)

    assert (await crowd.app.delete(f"{ALL}/{made['id']}")).json == {}
    assert (await crowd.app.get(ALL)).json == []
    assert (await crowd.app.delete(f"{ALL}/{made['id']}")).status == 404


async def test_both_versions_see_what_is_made_in_either(crowd: Crowd) -> None:
    form = [("phrase", "boat"), ("context[]", "home"), ("irreversible", "true"), ("whole_word", "1")]
    old = (await crowd.app.post("/api/v1/filters", form)).json
    assert old == {
        "id": old["id"],
        "phrase": "boat",
        "context": ["home"],
        "whole_word": True,
        "expires_at": None,
        "irreversible": True,
    }

    (new,) = (await crowd.app.get(ALL)).json
    assert (new["title"], new["filter_action"], new["keywords"][0]["id"]) == ("boat", "hide", old["id"])
    path = f"/api/v1/filters/{old['id']}"
    changed = (await crowd.app.put(path, [("phrase", "ship"), ("context[]", "public"), ("irreversible", "false")])).json
    assert (changed["phrase"], changed["context"], changed["irreversible"]) == ("ship", ["public"], False)
    assert (await crowd.app.get(path)).json == changed
    assert (await crowd.app.get("/api/v1/filters")).json == [changed]
    assert (await crowd.app.delete(path)).json == {}
    assert (await crowd.app.get(ALL)).json == []


async def test_who_listens_is_told_that_filters_changed(crowd: Crowd) -> None:
    await make(crowd)

    told = await crowd.read(stream_events.list_after, 0, limit=10)
    assert ("filters_changed", crowd.alice.id) in {(one.kind, one.actor_id) for one in told}


async def test_all_filters_together_have_so_many_words_and_no_more(crowd: Crowd) -> None:
    words = [{"keyword": f"word{number}"} for number in range(KEYWORDS_AT_MOST)]
    made = await make(crowd, keywords_attributes=words)

    more = {"title": "more", "context": ["home"], "keywords_attributes": [{"keyword": "x"}]}
    assert (await crowd.app.post(ALL, json=more)).status == 422
    assert (await crowd.app.post(f"{ALL}/{made['id']}/keywords", {"keyword": "x"})).status == 422


async def test_what_lasts_longer_than_anybody_lasts_for_ever(crowd: Crowd) -> None:
    assert (await make(crowd, expires_in=10**17))["expires_at"] is None
