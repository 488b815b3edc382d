"""All that Fedify and we can say to each other, in both directions, beginning with each form of signature."""

import itertools
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest

from tests.interop.app import App
from tests.interop.conftest import StartPeer
from tests.interop.fedify import CAVAGE, RFC9421, FedifyPeer
from tests.interop.instance import Instance
from tests.interop.process import eventually

pytestmark = [pytest.mark.interop, pytest.mark.timeout(900), pytest.mark.xdist_group("interop-fedify")]

numbers = itertools.count(1)


@dataclass(frozen=True)
class Friends:
    """The peer's person and alice, who follow each other, with alice's app."""

    peer: FedifyPeer
    instance: Instance
    app: App
    account: dict[str, Any]

    @property
    def alice(self) -> str:
        return self.instance.actor("alice")

    def write(self, words: str, **fields: Any) -> dict[str, Any]:
        """A public post of alice's, which the peer has."""
        post = self.app.post("/api/v1/statuses", status=f"{words} {next(numbers)}", visibility="public", **fields)
        assert isinstance(post, dict)
        self.peer.event("Create", object_id=post["uri"])
        return post

    def theirs(self, words: str) -> dict[str, Any]:
        """A public post of theirs, which alice has."""
        note = self.peer.do("post", content=f"<p>{words} {next(numbers)}</p>")["objectId"]
        return eventually(lambda: self.home().get(note), what="their post is at home")

    def home(self) -> dict[str, dict[str, Any]]:
        return {one["uri"]: one for one in self.app.get("/api/v1/timelines/home")}

    def read(self, post: dict[str, Any]) -> dict[str, Any]:
        found = self.app.get(f"/api/v1/statuses/{post['id']}")
        assert isinstance(found, dict)
        return found

    def relation(self) -> dict[str, Any]:
        (found,) = self.app.get("/api/v1/accounts/relationships", **{"id[]": self.account["id"]})
        assert isinstance(found, dict)
        return found

    def befriend(self) -> None:
        """Let the two follow each other, if they do not."""
        if not self.relation()["followed_by"]:
            self.peer.do("follow", address=f"@{self.instance.handle('alice')}")
        if not self.relation()["following"]:
            self.app.post(f"/api/v1/accounts/{self.account['id']}/follow")
        eventually(lambda: self.relation()["following"], what="alice follows them")
        eventually(lambda: self.relation()["followed_by"], what="they follow alice")


@pytest.fixture(scope="module")
def app(instance: Instance) -> App:
    return App(instance, "alice")


@pytest.fixture(scope="module", params=[CAVAGE, RFC9421])
def friends(request: pytest.FixtureRequest, instance: Instance, app: App, start_peer: StartPeer) -> Friends:
    peer = start_peer(name=f"bob{request.param[-2:]}", first_knock=request.param)
    made = Friends(peer, instance, app, app.find_account(f"@{peer.handle}"))
    made.befriend()
    return made


def test_we_like_and_boost_their_post_and_take_it_back(friends: Friends) -> None:
    post = friends.theirs("a fox")
    for verb, back, kind in (("favourite", "unfavourite", "Like"), ("reblog", "unreblog", "Announce")):
        friends.app.post(f"/api/v1/statuses/{post['id']}/{verb}")
        said = friends.peer.event(kind, object_id=post["uri"], actor=friends.alice)

        friends.app.post(f"/api/v1/statuses/{post['id']}/{back}")

        undone = friends.peer.event("Undo", object_id=said["id"], actor=friends.alice)
        assert undone["raw"]["object"]["type"] == kind


def test_their_emoji_stands_under_our_post_until_it_is_undone_by_its_bare_id(friends: Friends) -> None:
    post = friends.write("a badger")
    page = post["url"]

    reaction = friends.peer.do("react", address=post["uri"], emoji="🎨")
    assert eventually(lambda: "🎨" in friends.instance.get(page, accept="text/html").text, what="the emoji is shown")

    friends.peer.do("undoById", id=reaction["id"], tell=friends.alice)
    assert eventually(lambda: "🎨" not in friends.instance.get(page, accept="text/html").text, what="the emoji is gone")


def test_our_emoji_reaches_them_and_is_taken_back(friends: Friends) -> None:
    post = friends.theirs("a stoat")
    path = f"/api/v1/pleroma/statuses/{post['id']}/reactions/{quote('🦊')}"

    friends.app.put(path)
    said = friends.peer.event("EmojiReact", object_id=post["uri"], actor=friends.alice)
    assert said["raw"]["content"] == "🦊"

    friends.app.delete(path)
    undone = friends.peer.event("Undo", object_id=said["id"], actor=friends.alice)
    assert (undone["raw"]["object"]["type"], undone["raw"]["object"]["content"]) == ("EmojiReact", "🦊")


@pytest.mark.parametrize("undo", ["undo", "undoById"])
@pytest.mark.parametrize(("verb", "count"), [("like", "favourites_count"), ("announce", "reblogs_count")])
def test_their_reaction_is_undone_whole_or_by_its_bare_id(friends: Friends, verb: str, count: str, undo: str) -> None:
    post = friends.write("a hare")
    reaction = friends.peer.do(verb, address=post["uri"])
    assert eventually(lambda: friends.read(post)[count] == 1, what=f"{verb} is counted")

    friends.peer.do(undo, id=reaction["id"], tell=friends.alice)

    assert eventually(lambda: friends.read(post)[count] == 0, what=f"{verb} is taken back")


def test_their_change_and_deletion_of_a_post_are_seen(friends: Friends) -> None:
    post = friends.theirs("an otter")

    friends.peer.do("update", note=post["uri"], content="<p>two otters</p>", tell=friends.alice)
    assert eventually(lambda: "two otters" in friends.read(post)["content"], what="the change is seen")

    friends.peer.do("delete", note=post["uri"], tell=friends.alice)
    assert eventually(lambda: post["uri"] not in friends.home(), what="the post is gone")


def test_their_new_name_is_seen_and_ours_by_them(friends: Friends) -> None:
    friends.peer.do("rename", name="Bobby Tables")
    account = f"/api/v1/accounts/{friends.account['id']}"
    eventually(lambda: friends.app.get(account)["display_name"] == "Bobby Tables", what="their name is seen")

    friends.app.patch("/api/v1/accounts/update_credentials", display_name=f"Alice {friends.peer.first_knock[-2:]}")

    update = friends.peer.event("Update", object_id=friends.alice)
    assert update["raw"]["object"]["name"] == f"Alice {friends.peer.first_knock[-2:]}"


def test_pins_of_theirs_are_seen_and_ours_by_them(friends: Friends) -> None:
    theirs, pinned = friends.theirs("a wren"), f"/api/v1/accounts/{friends.account['id']}/statuses"
    friends.peer.do("pin", note=theirs["uri"])
    eventually(lambda: [one["id"] for one in friends.app.get(pinned, pinned="true")] == [theirs["id"]], what="a pin")
    friends.peer.do("unpin", note=theirs["uri"])
    eventually(lambda: friends.app.get(pinned, pinned="true") == [], what="no pin")

    post = friends.write("a robin")
    for verb, kind in (("pin", "Add"), ("unpin", "Remove")):
        friends.app.post(f"/api/v1/statuses/{post['id']}/{verb}")
        said = friends.peer.event(kind, object_id=post["uri"])
        assert said["raw"]["target"] == f"{friends.alice}/featured"


def test_their_poll_is_answered_by_us_and_ours_by_them(friends: Friends) -> None:
    asked = friends.peer.do("ask", content="<p>which?</p>", first="this", second="that")["objectId"]
    post = eventually(lambda: friends.home().get(asked), what="their poll is at home")
    friends.app.post(f"/api/v1/polls/{post['poll']['id']}/votes", choices=[1])
    vote = eventually(lambda: _vote_of(friends, asked), what="our vote is there")
    assert (vote["actor"], vote["object"]["name"]) == (friends.alice, "that")

    ours = friends.write("red or blue?", poll={"options": ["red", "blue"], "expires_in": 3600})
    friends.peer.do("vote", address=ours["uri"], option="blue")
    eventually(
        lambda: [one["votes_count"] for one in friends.read(ours)["poll"]["options"]] == [0, 1],
        what="their vote counts",
    )


def _vote_of(friends: Friends, poll: str) -> dict[str, Any] | None:
    votes = [one for one in friends.peer.events("Create") if (one["object"] or {}).get("inReplyTo") == poll]
    return votes[0] if votes else None


def test_reports_arrive_on_either_side(friends: Friends) -> None:
    theirs = friends.theirs("spam")
    friends.app.post(
        "/api/v1/reports", account_id=friends.account["id"], status_ids=[theirs["id"]], comment="see", forward=True
    )
    said = friends.peer.event("Flag", object_id=friends.peer.actor)
    assert said["actor"] == f"{friends.instance.origin}/actor"
    assert said["raw"]["object"] == [friends.peer.actor, theirs["uri"]]

    post, words = friends.write("not spam"), f"look {next(numbers)}"
    friends.peer.do("flag", address=friends.alice, post=post["uri"], content=words)
    eventually(
        lambda: friends.instance.ask("select comment from reports where comment = ?", words), what="the report is kept"
    )


def test_a_proof_of_ours_holds_for_fedify_and_not_with_other_words(friends: Friends) -> None:
    post = friends.write("a swallow")
    create = friends.peer.event("Create", object_id=post["uri"])

    said = friends.peer.do("verify", id=create["id"])
    assert (said["proof"]["cryptosuite"], said["holds"]) == ("eddsa-jcs-2022", True)

    assert friends.peer.do("verify", id=create["id"], content="<p>an eagle</p>")["holds"] is False


def test_a_proof_of_fedifys_holds_for_us_whoever_brings_it_and_other_words_are_not_kept(
    friends: Friends, start_peer: StartPeer
) -> None:
    # Given two answers to alice that their author sent to somebody else
    post, carol = friends.write("a heron"), start_peer(name="carol", first_knock=CAVAGE)
    for words, brought in (("grey", None), ("white", "<p>black</p>")):
        answer = friends.peer.do("answerAside", address=post["uri"], content=f"<p>{words}</p>", tell=carol.actor)
        carol.event("Create", object_id=answer["objectId"])

        # When that somebody brings them, one with other words
        changed = {"content": brought} if brought else {}
        passed = carol.do("pass", id=answer["id"], inbox=f"{friends.instance.origin}/inbox", **changed)
        assert passed["status"] == 202

    # Then the proven one is kept; of the other, a rumour, at most what its author's server says
    eventually(lambda: "grey" in _answers(friends, post), what="the proven answer is kept")
    eventually(lambda: "white" in _answers(friends, post), what="the author's server was asked")
    assert "black" not in _answers(friends, post)


def _answers(friends: Friends, post: dict[str, Any]) -> str:
    below = friends.app.get(f"/api/v1/statuses/{post['id']}/context")["descendants"]
    return " ".join(one["content"] for one in below)


def test_who_is_sent_away_gets_a_reject_and_who_leaves_an_undo(friends: Friends) -> None:
    path = f"/api/v1/accounts/{friends.account['id']}"
    friends.app.post(f"{path}/remove_from_followers")
    reject = friends.peer.event("Reject", object_id=friends.peer.newest("Follow"))
    assert reject["actor"] == friends.alice

    friends.app.post(f"{path}/unfollow")
    undone = eventually(lambda: _unfollowed(friends), what="the Undo is there")
    assert undone["raw"]["object"]["type"] == "Follow"
    friends.befriend()


def _unfollowed(friends: Friends) -> dict[str, Any] | None:
    found = [one for one in friends.peer.events("Undo") if one["raw"]["object"].get("object") == friends.peer.actor]
    return found[-1] if found else None


@pytest.mark.parametrize("undo", ["undo", "undoById"])
def test_their_block_ends_both_follows_and_its_undo_lets_them_begin_again(friends: Friends, undo: str) -> None:
    friends.befriend()

    block = friends.peer.do("block", address=friends.alice)
    eventually(lambda: not friends.relation()["following"], what="alice follows them no more")
    assert friends.relation()["followed_by"] is False
    assert friends.relation()["blocked_by"] is True

    friends.peer.do(undo, id=block["id"], tell=friends.alice)
    eventually(lambda: not friends.relation()["blocked_by"], what="the block is gone")
    friends.befriend()


def test_our_block_sends_them_away_and_says_nothing_of_itself(friends: Friends) -> None:
    friends.befriend()
    path = f"/api/v1/accounts/{friends.account['id']}"

    friends.app.post(f"{path}/block")

    friends.peer.event("Reject", object_id=friends.peer.newest("Follow"))
    assert friends.peer.events("Block") == []
    friends.app.post(f"{path}/unblock")
    friends.befriend()


@pytest.mark.parametrize(("policy", "answer"), [("public", "Accept"), ("nobody", "Reject")])
def test_their_wish_to_quote_us_is_answered_by_our_policy(friends: Friends, policy: str, answer: str) -> None:
    post = friends.write("a kite", quote_approval_policy=policy)

    asked = friends.peer.do("askToQuote", address=post["uri"], content="<p>look</p>")

    said = friends.peer.event(answer, object_id=asked["id"], actor=friends.alice)
    if answer == "Accept":
        stamp = friends.instance.read(said["raw"]["result"])
        assert (stamp["type"], stamp["interactionTarget"]) == ("QuoteAuthorization", post["uri"])
        eventually(lambda: friends.read(post)["quotes_count"] == 1, what="the quote is counted")


@pytest.mark.parametrize(("verb", "state"), [("allowQuote", "accepted"), ("refuseQuote", "rejected")])
def test_our_wish_to_quote_them_waits_for_their_answer(friends: Friends, verb: str, state: str) -> None:
    quoted = friends.peer.do("postToQuote", content=f"<p>quote me {next(numbers)}</p>")["objectId"]
    theirs = eventually(lambda: friends.home().get(quoted), what="their post is at home")
    ours = friends.app.post("/api/v1/statuses", status="this", visibility="public", quoted_status_id=theirs["id"])
    asked = friends.peer.event("QuoteRequest", object_id=quoted, actor=friends.alice)
    assert friends.read(ours)["quote"]["state"] == "pending"

    friends.peer.do(verb, request=asked["id"], quoted=quoted, quoting=ours["uri"], tell=friends.alice)

    eventually(lambda: (friends.read(ours)["quote"] or {}).get("state") == state, what=f"the quote is {state}")


def test_somebody_of_theirs_moves_and_alice_goes_along(friends: Friends, start_peer: StartPeer) -> None:
    old, new = (start_peer(name=name, first_knock=friends.peer.first_knock) for name in ("old", "new"))
    account = friends.app.find_account(f"@{old.handle}")
    friends.app.post(f"/api/v1/accounts/{account['id']}/follow")
    old.event("Follow", object_id=old.actor, actor=friends.alice)

    # A stranger who says so takes nobody along
    old.do("move", address=friends.peer.actor, tell=friends.alice)
    new.do("alias", address=old.actor)
    old.do("move", address=new.actor, tell=friends.alice)

    new.event("Follow", object_id=new.actor, actor=friends.alice)
    undone = old.event("Undo", object_id=old.event("Follow", object_id=old.actor)["id"], actor=friends.alice)
    assert undone["raw"]["object"]["type"] == "Follow"


def test_somebody_of_ours_moves_to_them_and_then_leaves_for_good(friends: Friends) -> None:
    friends.instance.create_user(name := f"mover{friends.peer.first_knock[-2:]}")
    mover = friends.instance.actor(name)
    friends.peer.do("follow", address=f"@{friends.instance.handle(name)}")
    friends.peer.event("Accept", object_id=friends.peer.newest("Follow"))

    friends.peer.do("alias", address=mover)
    friends.instance.run("user", "move", name, friends.peer.handle, "--yes")
    moved = friends.peer.event("Move", object_id=mover)
    assert moved["raw"]["target"] == friends.peer.actor

    friends.instance.run("user", "delete", name, "--yes")
    gone = friends.peer.event("Delete", object_id=mover)
    assert gone["actor"] == mover
    assert friends.instance.get(mover).status_code == 410
