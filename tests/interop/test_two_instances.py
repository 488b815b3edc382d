"""Two servers of ours: alice of one follows bob of the other, and both see on their pages what the other does."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.interop.forms import send_form
from tests.interop.instance import Instance
from tests.interop.process import eventually
from tests.interop.reading import home_paths

pytestmark = [pytest.mark.interop, pytest.mark.timeout(600), pytest.mark.xdist_group("interop-two-instances")]

PROMPT = "a lighthouse above the sea at dusk"
ALT = "A white lighthouse; behind it the last light of the day."


@dataclass(frozen=True, slots=True)
class Pair:
    """Alice's server with her browser, and bob's."""

    hers: Instance
    his: Instance
    alice: httpx.Client
    bob: httpx.Client

    def her_page_of(self, path_or_words: str) -> str:
        """The path of the post in alice's home that says these words; waits for it."""
        return eventually(lambda: self._find(path_or_words), what=f"{path_or_words!r} is in alice's home")

    def _find(self, words: str) -> str | None:
        return next((path for path in home_paths(self.alice) if words in self.alice.get(path).text), None)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory, logs: list[Path]) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("pinxit")
    hers, his = _start(folder / "hers", "alice", logs), _start(folder / "his", "bob", logs)
    try:
        with hers.browse("alice") as alice, his.browse("bob") as bob:
            yield Pair(hers, his, alice, bob)
    finally:
        hers.stop()
        his.stop()


def _start(folder: Path, name: str, logs: list[Path]) -> Instance:
    made = Instance(folder)
    made.init()
    made.create_user(name)
    logs.append(made.log)
    made.serve()
    return made


@pytest.fixture(scope="module")
def follow(pair: Pair) -> None:
    """Alice follows bob, by the command line."""
    pair.hers.follow(pair.his.handle("bob"), name="alice")
    eventually(lambda: pair.hers.total(f"{pair.hers.actor('alice')}/following") == 1, what="bob's Accept has come")


@pytest.fixture(scope="module")
def post(pair: Pair, follow: None) -> str:
    """The address of a public picture of bob's, painted after alice followed him."""
    printed = pair.his.run("generate", PROMPT, "--as", "bob", "--visibility", "public", "--alt", ALT)
    return printed.split()[-1]


@pytest.fixture(scope="module")
def shown(pair: Pair, post: str) -> str:
    """The path of that picture's page on alice's server."""
    return pair.her_page_of(ALT)


@pytest.fixture(scope="module")
def origin(pair: Pair, post: str) -> str:
    """The path of that picture's own page on bob's server."""
    page = pair.bob.get(post, headers={"accept": "text/html"})
    assert page.status_code == 200
    return page.url.path


def test_picture_comes_home_with_its_alt_text_as_a_copy_of_hers(pair: Pair, shown: str) -> None:
    page = pair.alice.get(shown).text

    [image] = re.findall(r'<img src="([^"]+)"[^>]* alt="A white lighthouse', page)
    copy = pair.alice.get(image)
    assert (copy.url.host, copy.url.port) == (pair.alice.base_url.host, pair.alice.base_url.port)
    assert (copy.status_code, copy.headers["content-type"]) == (200, "image/webp")
    assert "AI-generated" in page
    assert f"bob@{pair.his.origin.removeprefix('http://')}" in page


def test_like_and_its_taking_back_reach_the_picture(pair: Pair, shown: str, origin: str) -> None:
    send_form(pair.alice, shown, "/like")
    assert eventually(lambda: "Liked by" in pair.bob.get(origin).text, what="alice's like is shown")

    send_form(pair.alice, shown, "/unlike")
    assert eventually(lambda: "Liked by" not in pair.bob.get(origin).text, what="alice's like is gone")


def test_boost_and_its_taking_back_reach_the_picture(pair: Pair, shown: str, origin: str) -> None:
    send_form(pair.alice, shown, "/boost")
    assert eventually(lambda: "Boosted by" in pair.bob.get(origin).text, what="alice's boost is shown")

    send_form(pair.alice, shown, "/unboost")
    assert eventually(lambda: "Boosted by" not in pair.bob.get(origin).text, what="alice's boost is gone")


def test_reply_is_shown_under_the_picture_and_bob_is_told(pair: Pair, shown: str, origin: str) -> None:
    send_form(pair.alice, shown, "/reply", text="What a <b>light</b>!", visibility="public")

    page = eventually(
        lambda: found if "What a" in (found := pair.bob.get(origin).text) else None, what="the reply is there"
    )
    assert "What a &lt;b&gt;light&lt;/b&gt;!" in page
    assert f"/@alice@{pair.hers.origin.removeprefix('http://')}" in page
    assert "alice" in pair.bob.get("/notifications").text


def test_answer_to_a_reply_comes_back(pair: Pair, shown: str, origin: str) -> None:
    send_form(pair.alice, shown, "/reply", text="Where is it?", visibility="unlisted")
    question = eventually(lambda: _find_reply(pair.bob.get(origin).text, "Where is it?"), what="the question is there")

    send_form(pair.bob, question, "/reply", text="In my head.", visibility="unlisted")

    assert eventually(lambda: "In my head." in pair.alice.get("/home").text, what="bob's answer is in alice's home")


def test_change_of_the_words_reaches_the_follower(pair: Pair, shown: str, post: str) -> None:
    pair.his.run("post", "edit", post, "--text", "Painted on a Sunday.")

    assert eventually(lambda: "Painted on a Sunday." in pair.alice.get(shown).text, what="the new words are there")


def test_follower_who_must_ask_is_let_in_on_the_page(pair: Pair, follow: None) -> None:
    pair.his.create_user("carol")
    pair.his.run("user", "edit", "carol", "--locked")
    secret = pair.his.run("generate", "a secret garden", "--as", "carol", "--visibility", "followers").split()[-1]
    pair.hers.follow(pair.his.handle("carol"), name="alice")

    with pair.his.browse("carol") as carol:
        eventually(lambda: "alice" in carol.get("/follow-requests").text, what="alice's request is shown")
        assert pair.hers.total(f"{pair.hers.actor('alice')}/following") == 1
        send_form(carol, "/follow-requests", "/accept")

    eventually(lambda: pair.hers.total(f"{pair.hers.actor('alice')}/following") == 2, what="carol's Accept has come")
    assert pair.his.get(secret).status_code == 404, "nobody sees it without a signature"
    pair.his.run("generate", "a second secret garden", "--as", "carol", "--visibility", "followers")
    assert pair.her_page_of("a second secret garden")


def test_deleted_picture_is_gone_on_the_other_server(pair: Pair, follow: None) -> None:
    post = pair.his.generate("a path through birches", name="bob")
    shown = pair.her_page_of("a path through birches")

    page = pair.bob.get(post, headers={"accept": "text/html"}).url.path
    send_form(pair.bob, page, "/delete")

    eventually(lambda: pair.alice.get(shown).status_code == 404, what="the page is gone")
    assert shown not in home_paths(pair.alice)
    assert pair.his.get(post).status_code == 410


def test_end_of_the_follow_ends_the_news(pair: Pair, shown: str) -> None:
    send_form(pair.alice, f"/@bob@{pair.his.origin.removeprefix('http://')}", "/unfollow")

    assert eventually(lambda: pair.his.total(f"{pair.his.actor('bob')}/followers") == 0, what="the Undo has come")


def _find_reply(page: str, words: str) -> str | None:
    """The path of the reply on this page that says `words`."""
    for answer in re.findall(r'<article class="reply".*?</article>', page, re.DOTALL):
        if words in answer:
            path = re.search(r'class="time" href="([^"]+)"', answer)
            return path[1] if path else None
    return None
