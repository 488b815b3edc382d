"""GoToSocial's API of interactions: what waits for me, my answers, and who may do what with a post."""

import pytest

ASK = {"automatic_approval": ["author"], "manual_approval": ["public"]}
POLICY = {"can_favourite": ASK, "can_reply": ASK, "can_reblog": ASK}
PATH = "/api/v1/interaction_requests"
WAITS = {"favourite": "favourited", "reblog": "reblogged"}


async def bens(desk, **more):
    """A post of ben's, who wants to be asked for everything."""
    return await desk.write("hm", app=desk.bens_app, visibility="public", interaction_policy=POLICY, **more)


async def everything(desk):
    """Alice likes, boosts and answers it."""
    post = await bens(desk)
    await desk.do("favourite", post)
    await desk.do("reblog", post)
    return post, await desk.write("yes", in_reply_to_id=post["id"], visibility="public")


async def listed(desk, query=""):
    answer = await desk.bens_app.get(f"{PATH}{query}")
    assert answer.status == 200, answer.json
    return answer.json


async def test_what_waits_is_listed_with_who_and_what(desk):
    post, answer = await everything(desk)

    reply, reblog, favourite = await listed(desk)

    assert [one["type"] for one in (favourite, reblog, reply)] == ["favourite", "reblog", "reply"]
    assert {one["account"]["username"] for one in (favourite, reblog, reply)} == {"alice"}
    assert {one["status"]["id"] for one in (favourite, reblog, reply)} == {post["id"]}
    assert (favourite["reply"], reply["reply"]["id"]) == (None, answer["id"])
    assert (await desk.app.get(PATH)).json == []


@pytest.mark.parametrize(
    ("query", "types"),
    [
        ("?replies=false", ["reblog", "favourite"]),
        ("?favourites=false&reblogs=false", ["reply"]),
        ("?limit=1", ["reply"]),
        ("?status_id=1", []),
    ],
)
async def test_the_list_is_narrowed(desk, query, types):
    await everything(desk)
    assert [one["type"] for one in await listed(desk, query)] == types


async def test_the_list_is_paged(desk):
    post, _ = await everything(desk)
    newest, *older = await listed(desk)
    assert await listed(desk, f"?max_id={newest['id']}&status_id={post['id']}") == older
    assert await listed(desk, f"?since_id={older[0]['id']}") == [newest]


async def test_who_wants_nothing_is_told_so(desk):
    answer = await desk.bens_app.get(f"{PATH}?favourites=false&replies=false&reblogs=false")
    assert answer.status == 422


@pytest.mark.parametrize("verb", ["favourite", "reblog"])
async def test_authorizing_does_it(desk, verb):
    post = await bens(desk)
    await desk.do(verb, post)
    (one,) = await listed(desk)
    assert (await desk.bens_app.get(f"{PATH}/{one['id']}")).json["type"] == verb

    answer = await desk.bens_app.post(f"{PATH}/{one['id']}/authorize")

    assert answer.json["accepted_at"] and answer.json["uri"]
    assert (await desk.look(post))[WAITS[verb]]
    assert await listed(desk) == []
    assert (await desk.bens_app.post(f"{PATH}/{one['id']}/authorize")).status == 404


@pytest.mark.parametrize("verb", ["favourite", "reblog"])
async def test_rejecting_takes_back_what_was_authorized(desk, verb):
    post = await bens(desk)
    await desk.do(verb, post)
    (one,) = await listed(desk)
    await desk.bens_app.post(f"{PATH}/{one['id']}/authorize")

    assert (await desk.bens_app.post(f"{PATH}/{one['id']}/reject")).json["rejected_at"]

    assert not (await desk.look(post))[WAITS[verb]]


async def test_rejecting_an_answer_hides_it(desk):
    _, answer = await everything(desk)
    reply = (await listed(desk))[0]

    assert (await desk.bens_app.post(f"{PATH}/{reply['id']}/reject")).json["reply"]["id"] == answer["id"]

    assert (await desk.bens_app.get(f"/api/v1/statuses/{answer['id']}")).status == 404


async def test_nobody_answers_for_another(desk):
    await everything(desk)
    for one in await listed(desk):
        for verb in ("", "/authorize", "/reject"):
            send = desk.app.post if verb else desk.app.get
            assert (await send(f"{PATH}/{one['id']}{verb}")).status == 404


async def test_a_post_says_who_may_and_whether_i_may(desk):
    post = await bens(desk)

    mine, his = await desk.look(post), await desk.look(post, app=desk.bens_app)

    for name in POLICY:
        rule = mine["interaction_policy"][name]
        assert rule["with_approval"] == rule["manual_approval"] == ["public", "me"]
        assert "me" not in rule["always"] and "author" in rule["always"]
        assert "me" in his["interaction_policy"][name]["always"]


async def test_of_a_post_that_says_nothing_everybody_may_everything(desk):
    post = await desk.write("a", visibility="public")
    for rule in (await desk.look(post))["interaction_policy"].values():
        assert (rule["always"], rule["with_approval"]) == (["public", "me"], [])


async def test_what_is_for_followers_is_boosted_by_nobody(desk):
    post = await desk.write("a", visibility="private")
    policy = (await desk.look(post))["interaction_policy"]
    assert policy["can_reblog"]["always"] == ["author", "me"]
    assert policy["can_favourite"]["always"] == ["author", "followers", "mentioned", "me"]


async def test_older_names_and_forms_are_understood(desk):
    form = {"status": "a", "visibility": "public", "interaction_policy[can_reply][always][0]": "followers"}
    form["interaction_policy[can_reply][with_approval][0]"] = "public"
    post = (await desk.app.post("/api/v1/statuses", form)).json
    rule = (await desk.look(post))["interaction_policy"]["can_reply"]
    assert (rule["always"][:2], rule["with_approval"]) == (["author", "followers"], ["public"])


async def test_a_policy_is_changed_afterwards(desk):
    post = await desk.write("a", visibility="public")
    path = f"/api/v1/statuses/{post['id']}"

    edited = await desk.app.put(path, json={"status": "b", "interaction_policy": {"can_reply": ASK}})
    assert edited.json["interaction_policy"]["can_reply"]["with_approval"] == ["public"]
    changed = await desk.app.put(f"{path}/interaction_policy", json={"interaction_policy": {"can_reblog": ASK}})

    policy = changed.json["interaction_policy"]
    assert policy["can_reply"]["with_approval"] == policy["can_reblog"]["with_approval"] == ["public"]
    assert policy["can_favourite"]["always"] == ["public", "me"]
    wrong = {"interaction_policy": {"can_reply": {"always": ["friends"]}}}
    assert (await desk.app.put(f"{path}/interaction_policy", json=wrong)).status == 422


async def test_those_who_ask_for_it_by_name_are_told_what_waits(desk):
    await everything(desk)
    told = await desk.bens_app.get("/api/v1/notifications?types[]=pending.reply&types[]=pending.favourite")
    assert [one["type"] for one in told.json] == ["pending.reply", "pending.favourite"]
    assert (await desk.bens_app.get("/api/v1/notifications")).json == []
