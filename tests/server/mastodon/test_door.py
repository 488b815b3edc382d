from server.mastodon.limits import LIMITS
from tests.server.mastodon.clients import Client, Place


async def test_anybody_may_ask_what_is_for_anybody(place: Place) -> None:
    answer = await place.stranger.get("/api/v1/custom_emojis")
    assert answer.status == 200 and answer.json == []
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


async def test_a_bad_token_is_refused_with_a_challenge(place: Place) -> None:
    answer = await Client(place.exhibition.app, "wrong").get("/api/v1/custom_emojis")
    assert answer.status == 401 and set(answer.json) == {"error"}
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


async def test_what_is_not_there_is_said_in_json(place: Place) -> None:
    for path in ("/api/v1/nothing", "/api/", "/api/v9/statuses/1", "/api//v1/x", "/api/v1/a%0Ab", "/api/v1/a%2F%0D"):
        answer = await place.stranger.get(path)
        assert answer.status == 404 and answer.json == {"error": "Record not found"}


async def test_a_wrong_method_is_refused_and_the_right_ones_are_named(place: Place) -> None:
    answer = await place.stranger.post("/api/v1/custom_emojis")
    assert answer.status == 405 and answer.headers["Allow"] == "GET, HEAD, OPTIONS"


async def test_browsers_may_ask_from_anywhere(place: Place) -> None:
    answer = await place.stranger.ask("OPTIONS", "/api/v1/custom_emojis", headers={"Origin": "https://app.example"})
    assert answer.status == 204 and "Idempotency-Key" in answer.headers["Access-Control-Allow-Headers"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


async def test_a_head_has_no_body_and_the_same_headers(place: Place) -> None:
    answer = await place.stranger.ask("HEAD", "/api/v1/custom_emojis")
    assert answer.status == 200 and answer.headers["Content-Type"].startswith("application/json")


async def test_every_answer_says_how_much_may_still_be_asked(place: Place) -> None:
    most = LIMITS["address"][0]
    for left in (most - 1, most - 2):
        answer = await place.stranger.get("/api/v1/custom_emojis")
        assert answer.headers["X-RateLimit-Limit"] == str(most)
        assert answer.headers["X-RateLimit-Remaining"] == str(left)
        assert answer.headers["X-RateLimit-Reset"].endswith("Z")


async def test_who_asks_too_often_is_told_to_wait(place: Place) -> None:
    for _ in range(LIMITS["address"][0]):
        await place.stranger.get("/api/v1/custom_emojis")
    answer = await place.stranger.get("/api/v1/custom_emojis")
    assert answer.status == 429 and int(answer.headers["Retry-After"]) > 0
    assert answer.headers["X-RateLimit-Remaining"] == "0"


async def test_tokens_cannot_be_tried_faster_than_anything_else(place: Place) -> None:
    client = Client(place.exhibition.app, "guess")
    for _ in range(LIMITS["address"][0]):
        assert (await client.get("/api/v1/custom_emojis")).status == 401
    assert (await client.get("/api/v1/custom_emojis")).status == 429
