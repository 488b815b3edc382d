"""`pinxit generate` and `pinxit post` on a machine where nothing serves: the command paints by itself."""

import re

import pytest

from tests.server.cli.shell import Shell

POST = r"http://localhost:1/posts/\d+"


def test_picture_is_painted_published_changed_and_deleted(shell: Shell) -> None:
    painted = shell.type("generate", "a red boat on a calm sea", "--as", "alice", "--seed", "1", "--width", "512")

    assert painted.code == 0, painted
    post = painted.out.strip()
    assert re.fullmatch(r"http://localhost:1/\S+", post), painted.out
    assert "Painting" in painted.err
    assert shell.type("post", "edit", post, "--text", "Better words.").out == f"Changed {post}\n"
    assert shell.type("post", "delete", post).out == f"Deleted {post}\n"
    assert "there is no post" in shell.refused("post", "delete", "http://localhost:1/nothing")


def test_draft_is_painted_and_not_published(shell: Shell) -> None:
    painted = shell.type("generate", "a red boat", "--as", "alice", "--draft")

    assert painted.code == 0
    assert re.fullmatch(r"http://localhost:1/create/\d+\n", painted.out)
    assert "fanout" not in shell.type("jobs").out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--width", "7"], "width"),
        (["--width", "512", "--height", "100000"], "height"),
        (["--steps", "0"], "steps"),
        (["--model", "unheard-of"], "unheard-of"),
    ],
)
def test_what_no_model_can_paint_is_one_clear_line(options: list[str], words: str, shell: Shell) -> None:
    assert words in shell.refused("generate", "a fox", "--as", "alice", *options)


@pytest.mark.parametrize(
    ("prompt", "options", "words"),
    [
        ("", [], "painted"),
        ("a\x00fox", [], "Control characters"),
        ("a fox " * 1000, [], "4000"),
        ("a fox", ["--seed", "-1"], "seed"),
        ("a fox", ["--visibility", "direct"], "visibility"),
        ("a fox", ["--width", "wide"], "width"),
    ],
)
def test_wish_that_makes_no_sense_is_refused_before_anything_is_painted(
    prompt: str, options: list[str], words: str, shell: Shell
) -> None:
    assert words in shell.refused("generate", prompt, "--as", "alice", *options)
    assert shell.type("jobs").out == "No jobs.\n"
