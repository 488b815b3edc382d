"""Frames both ways: what goes in comes out, and what is not a frame is refused."""

import asyncio
import io
from dataclasses import replace

import pytest

from generator.engine import Failure, Order, Picture, Preview, Ready, Request, Source, Step
from generator.messages import (
    MAX_LINE_BYTES,
    MAX_PAYLOAD_BYTES,
    BrokenFrame,
    Cancel,
    ChildSettings,
    FromChild,
    ModelSettings,
    Stop,
    ToChild,
    pack,
    read_from_child,
    read_settings,
    read_to_child,
    write_settings,
)
from tests.generator.scripted import CAPABILITIES, manifest, request
from tests.generator.talk import Blocking

ORDER = Order("1", "ein Fuchs \U0001f98a\n", None, 7, 3, 0.5, 2, 1, "scripted", previews=False)


def hear(data: bytes) -> FromChild | None:
    return asyncio.run(read_from_child(Blocking(io.BytesIO(data))))


@pytest.mark.parametrize(
    "content",
    [
        request("1", "ein Fuchs \U0001f98a\n\"'\\"),
        request("2", negative="blur", steps=4, guidance=2.5, width=64, height=32, previews=True),
        request("3", source=Source(2, 1, b"abcdef", 0.5)),
        Cancel("1"),
        Stop(),
    ],
)
def test_what_is_said_to_the_child_is_what_it_reads(content: ToChild) -> None:
    stream = io.BytesIO(b"".join(pack(content)) * 2)

    assert [read_to_child(stream), read_to_child(stream), read_to_child(stream)] == [content, content, None]


@pytest.mark.parametrize(
    "content",
    [
        Ready((CAPABILITIES,)),
        Step("1", 1, 4),
        Preview("1", b"\xff\xd8\n\n", 2),
        Picture("1", 2, 1, b"\n\n{}\x00\x01", manifest(ORDER)),
        Failure("1", "memory", "Too large."),
    ],
)
def test_what_the_child_says_is_what_the_server_reads(content: FromChild) -> None:
    assert hear(b"".join(pack(content))) == content


def test_the_end_of_the_stream_is_not_an_error() -> None:
    assert hear(b"") is None


@pytest.mark.parametrize(
    "data",
    [
        b"Traceback (most recent call last):\n",
        b'{"type":"ready"}\n',
        b'{"type":"step","step":{"id":"1","step":"one","total":4}}\n',
        b'{"type":"step","step":{"id":"1","step":1,"total":4},"bytes":1}\nx',
        b'{"type":"request"}\n',
        b'{"type":"preview","preview":{"id":"1","jpeg":"","step":2},"bytes":9}\nshort',
        b'{"type":"failure","failure":{"id":"1","kind":"crashed","message":"only the server says so"}}\n',
        b"".join(pack(Picture("1", 2, 1, b"abcdef", manifest(ORDER)))).replace(b'"height":1', b'"height":9', 1),
        b"".join(pack(Picture("1", 2, 1, b"abcdef", manifest(ORDER))))[:-1],
    ],
)
def test_a_broken_frame_from_the_child_is_refused(data: bytes) -> None:
    with pytest.raises(BrokenFrame):
        hear(data)


def test_pixels_that_do_not_fit_their_size_are_refused() -> None:
    data = b"".join(pack(request(source=Source(3, 1, b"abcdef", 0.5))))

    with pytest.raises(BrokenFrame, match="not 3 x 1 pixels"):
        read_to_child(io.BytesIO(data))


@pytest.mark.parametrize(
    "content",
    [
        request(prompt="x" * MAX_LINE_BYTES),
        Preview("1", bytes(MAX_PAYLOAD_BYTES + 1), 2),
    ],
    ids=["line", "payload"],
)
def test_a_frame_over_the_limit_is_not_made(content: Request | Preview) -> None:
    with pytest.raises(ValueError, match="over the limit"):
        pack(content)


def test_the_longest_prompts_fit_into_a_line() -> None:
    line, _ = pack(request(prompt="\U0001f98a" * 4000, negative="\x7f" * 4000))

    assert len(line) < MAX_LINE_BYTES


def test_settings_survive_being_an_argument() -> None:
    settings = ChildSettings((ModelSettings("sdxl", "diffusers", path="/srv/m", device="cuda:1"),), threads=2)

    assert read_settings(write_settings(settings)) == settings


@pytest.mark.parametrize(
    ("argument", "reason"),
    [
        ("{", "truncated"),
        ('{"models":[]}', "no model"),
        ('{"models":[{"name":"a"}]}', "engine"),
        ('{"models":[{"name":"a","engine":"magic"}]}', "magic"),
        ('{"models":[{"name":"a","engine":"drawing"},{"name":"a","engine":"drawing"}]}', "same name"),
    ],
)
def test_settings_that_cannot_be_used_are_refused_with_the_reason(argument: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_settings(argument)


def test_the_payload_is_not_repeated_in_the_line() -> None:
    picture = Picture("1", 64, 64, bytes(64 * 64 * 3), manifest(replace(ORDER, width=64, height=64)))
    line, payload = pack(picture)

    assert len(line) < 1000
    assert payload is picture.pixels
