"""The clients that people have: Mastodon.py, toot and masto, each logging in by its own way and doing what it can."""

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.interop.consent import consent
from tests.interop.environments import NodeEnvironment, clients_python
from tests.interop.instance import Instance, clean_environment

pytestmark = [pytest.mark.interop, pytest.mark.timeout(600), pytest.mark.xdist_group("interop-clients")]

CLIENTS = Path(__file__).resolve().parent / "clients"
RUN_SECONDS = 240


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("files") / "square.png"
    Image.new("RGB", (64, 48), "grey").save(path)
    return path


@pytest.fixture(scope="module")
def bob(instance: Instance) -> str:
    instance.create_user("bob")
    return instance.handle("bob")


@contextmanager
def running(command: Sequence[str], environment: Mapping[str, str]) -> Iterator["subprocess.Popen[str]"]:
    child = subprocess.Popen(
        list(command),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=dict(environment),
    )
    try:
        yield child
    finally:
        child.kill()
        child.wait()


def let_in(instance: Instance, command: Sequence[str], environment: Mapping[str, str]) -> dict[str, Any]:
    """Run a client that prints where it wants to be let in, let it in as alice, and return what it saw."""
    with running(command, environment) as child:
        assert child.stdin is not None and child.stdout is not None
        line = child.stdout.readline()
        assert line.startswith("authorize "), line + (child.stderr.read() if child.stderr else "")
        child.stdin.write(consent(instance, "alice", line.split(maxsplit=1)[1].strip()) + "\n")
        child.stdin.flush()
        out, error = child.communicate(timeout=RUN_SECONDS)
        assert child.returncode == 0, error[-4000:]
    seen = json.loads(out.splitlines()[-1])
    assert isinstance(seen, dict)
    return seen


@pytest.fixture(scope="module")
def script(instance: Instance, bob: str, picture: Path) -> dict[str, Any]:
    """What Mastodon.py saw."""
    command = [str(clients_python()), str(CLIENTS / "mastodon_py.py"), instance.origin, bob, str(picture)]
    return let_in(instance, command, clean_environment())


def test_mastodon_py_logs_in_with_a_code_that_is_shown(script: dict[str, Any]) -> None:
    assert script["me"] == "alice"


def test_mastodon_py_uploads_posts_answers_likes_boosts_edits_and_deletes(script: dict[str, Any]) -> None:
    part = script["part"]
    assert part["uploaded"] == {"alt": "a grey square", "tags": ["grey"]}
    for what in ("followed", "home", "thread", "liked", "boosted", "bookmarked", "pinned", "deleted"):
        assert part[what], what
    assert part["edited"][1] == 2 and "Other words" in part["edited"][0]
    assert part["pages"] >= 2


def test_mastodon_py_has_a_picture_painted_in_place_of_a_file(script: dict[str, Any], instance: Instance) -> None:
    prompt = script["prompt"]
    assert prompt["waiting"]
    assert prompt["shown"] == prompt["url"]
    assert prompt["url"].startswith(f"{instance.origin}/media/")


def test_mastodon_py_has_a_post_painted_by_a_command_word(script: dict[str, Any]) -> None:
    assert script["command"] == {"painted": True, "same": True, "square": True, "command": False}


def test_mastodon_py_hears_posts_and_deletions(script: dict[str, Any]) -> None:
    assert script["stream"] == {"update": True, "delete": True}


def test_mastodon_py_reads_everything_that_a_client_asks(script: dict[str, Any]) -> None:
    assert script["failed"] == {}


@pytest.fixture(scope="module")
def web_client(node: NodeEnvironment, instance: Instance, bob: str, picture: Path) -> dict[str, Any]:
    """What masto saw."""
    command = [str(node.node), str(node.folder / "masto.mjs"), instance.origin, bob, str(picture)]
    return let_in(instance, command, node.environment())


def test_masto_logs_in_and_takes_part(web_client: dict[str, Any]) -> None:
    assert web_client["me"] == "alice"
    assert web_client["part"] == {
        "followed": True,
        "alt": "a grey square",
        "home": True,
        "thread": True,
        "liked": True,
        "boosted": True,
        "deleted": True,
    }


def test_masto_has_a_picture_painted_in_place_of_a_file(web_client: dict[str, Any]) -> None:
    assert web_client["prompt"]["status"] == 202
    assert web_client["prompt"]["url"] == web_client["prompt"]["shown"] is not None


def test_masto_hears_posts_and_deletions_over_a_socket(web_client: dict[str, Any]) -> None:
    assert web_client["stream"] == {"update": True, "delete": True}


class Toot:
    """The toot command line of somebody who has logged in."""

    def __init__(self, instance: Instance, home: Path) -> None:
        self._program = clients_python().parent / "toot"
        # No browser may open: the address is printed as well.
        self._environment = clean_environment() | {
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home),
            "BROWSER": "true",
            "EDITOR": "true",
        }
        self._instance = instance

    def log_in(self) -> str:
        command = [str(self._program), "login", "--instance", self._instance.origin]
        with running(command, self._environment) as child:
            assert child.stdin is not None and child.stdout is not None
            printed = ""
            while "/oauth/authorize" not in printed:
                line = child.stdout.readline()
                assert line, printed + (child.stderr.read() if child.stderr else "")
                printed += line
            (address,) = [word for word in printed.split() if "/oauth/authorize" in word]
            # It asks whether to open a browser, then for the code.
            code = consent(self._instance, "alice", address)
            out, error = child.communicate(f"n\n{code}\n", timeout=RUN_SECONDS)
            assert child.returncode == 0, printed + out + error
        return printed + out

    def type(self, *words: str) -> str:
        done = subprocess.run(
            [str(self._program), *words],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=RUN_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode == 0, f"toot {' '.join(words)}: {done.stdout}{done.stderr}"
        return done.stdout

    def read(self, *words: str) -> Any:
        return json.loads(self.type(*words, "--json"))


@pytest.fixture(scope="module")
def toot(instance: Instance, tmp_path_factory: pytest.TempPathFactory) -> Toot:
    typed = Toot(instance, tmp_path_factory.mktemp("toot"))
    assert "Successfully logged in" in typed.log_in()
    return typed


def test_toot_knows_who_it_is_and_where(toot: Toot, instance: Instance) -> None:
    assert "@alice" in toot.type("whoami")
    assert instance.origin.partition("://")[2] in toot.type("instance")


def test_toot_posts_with_an_upload_reads_home_and_deletes(toot: Toot, picture: Path) -> None:
    post = toot.read("post", "From the shell", "--media", str(picture), "--description", "a grey square")
    assert post["media_attachments"][0]["description"] == "a grey square"
    assert post["id"] in [one["id"] for one in toot.read("timelines", "home")]
    toot.type("delete", post["id"])
    assert post["id"] not in [one["id"] for one in toot.read("timelines", "home")]


def test_toot_answers_likes_boosts_pins_and_follows(toot: Toot, bob: str) -> None:
    post = toot.read("post", "To be answered")
    reply = toot.read("post", "Answered", "--reply-to", post["id"])
    assert reply["in_reply_to_id"] == post["id"]
    for verb in ("favourite", "reblog", "bookmark", "pin"):
        toot.type(verb, post["id"])
    assert "Answered" in toot.type("thread", post["id"])
    toot.type("follow", bob)
    assert "bob" in toot.type("following")


def test_toot_has_a_picture_painted_by_the_command_word(toot: Toot, instance: Instance) -> None:
    post = toot.read("post", "/paint a blue fish on a yellow background --seed 3")
    assert "a blue fish" in json.dumps(post)


def test_toot_reads_notices_lists_and_tags(toot: Toot) -> None:
    for words in ("notifications", "lists list", "tags followed", "bookmarks", "muted", "blocked"):
        assert "Error" not in toot.type(*words.split())
