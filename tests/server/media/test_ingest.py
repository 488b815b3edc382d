"""Foreign files: what is taken, what is left of it, and what a bad one can do."""

import asyncio
import io
import struct
import sys
import zlib
from asyncio.subprocess import PIPE
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from server.media import sandbox
from server.media.ingest import ingest
from server.media.renditions import Quality
from server.problems import Invalid, TooLarge, Unsupported
from tests.photographs import (
    header_of_a_bomb,
    painted_at_home,
    painted_elsewhere,
    phone_photograph,
    photograph,
)

QUALITY = Quality(90, 82)
SECRETS = (b"secret", b"Telephone", b"GPS", b"Exif\x00", b"parameters")


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
async def test_a_picture_becomes_jpeg_webp_and_thumbnail(form):
    taken = await ingest(photograph(form, size=(500, 250)), QUALITY)

    assert [opened(file).format for file in (taken.files.jpeg, taken.files.webp, taken.files.thumbnail)] == [
        "JPEG",
        "WEBP",
        "WEBP",
    ]
    assert (taken.files.width, taken.files.height) == opened(taken.files.jpeg).size == (500, 250)
    assert opened(taken.files.thumbnail).size == (400, 200)
    assert taken.media_type == f"image/{form.lower()}"
    assert taken.source is None
    assert taken.files.blurhash and taken.files.digest_multibase.startswith("z")


@pytest.mark.parametrize(
    ("form", "mode"), [("PNG", "RGBA"), ("PNG", "I;16"), ("PNG", "L"), ("JPEG", "CMYK"), ("GIF", "P")]
)
async def test_colours_of_every_kind_are_taken(form, mode):
    taken = await ingest(photograph(form, mode=mode if mode != "CMYK" else "RGB"), QUALITY)

    assert opened(taken.files.jpeg).mode == "RGB"


async def test_holes_are_white_in_the_jpeg_and_stay_in_the_webp():
    whole = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    buffer = io.BytesIO()
    whole.save(buffer, "PNG")

    taken = await ingest(buffer.getvalue(), QUALITY)

    assert opened(taken.files.jpeg).getpixel((5, 5)) == (255, 255, 255)
    assert opened(taken.files.webp).convert("RGBA").getpixel((5, 5))[3] == 0


async def test_t47_what_a_phone_writes_beside_the_picture_is_gone():
    taken = await ingest(phone_photograph(), QUALITY)

    files = (taken.files.jpeg, taken.files.webp, taken.files.thumbnail)
    assert [secret for secret in SECRETS for file in files if secret in file] == []


async def test_a_picture_that_lies_on_its_side_is_set_upright():
    taken = await ingest(phone_photograph(orientation=6), QUALITY)

    upright = opened(taken.files.jpeg)
    assert upright.size == (48, 64)
    assert upright.getpixel((24, 5))[0] > 200  # the left half came to the top
    assert not upright.getexif()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
async def test_the_mark_of_another_generator_is_written_again(form):
    taken = await ingest(painted_elsewhere(form), QUALITY)

    assert taken.source == "trainedAlgorithmicMedia"
    for file in (taken.files.jpeg, taken.files.webp, taken.files.thumbnail):
        assert b"digitalsourcetype/trainedAlgorithmicMedia" in file
        assert b"Some model 5" in file


async def test_what_programs_at_home_write_is_a_mark_and_their_prompt_is_not_kept():
    taken = await ingest(painted_at_home(), QUALITY)

    assert taken.source == "trainedAlgorithmicMedia"
    assert b"secret" not in taken.files.jpeg


async def test_a_large_photograph_is_made_smaller():
    taken = await ingest(photograph(size=(5000, 2500)), QUALITY)

    assert taken.files.width * taken.files.height <= 8_294_400
    assert abs(taken.files.width / taken.files.height - 2) < 0.01


async def test_t40_a_picture_with_too_many_pixels_is_refused_before_it_is_decoded():
    with pytest.raises(TooLarge):
        await ingest(header_of_a_bomb(), QUALITY)


async def test_t40_pixels_are_counted_against_the_given_limit():
    with pytest.raises(TooLarge, match="1,000 pixels"):
        await ingest(photograph(), QUALITY, max_pixels=1000)


async def test_t41_only_the_first_of_many_frames_is_opened():
    frames = [Image.new("P", (30, 30), number % 250) for number in range(300)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:])

    taken = await ingest(buffer.getvalue(), QUALITY)

    assert getattr(opened(taken.files.webp), "n_frames", 1) == 1


async def test_t42_nothing_of_a_second_meaning_survives():
    taken = await ingest(photograph() + b"<script>alert(1)</script>PK\x03\x04", QUALITY)

    assert b"<script" not in taken.files.jpeg and b"PK\x03\x04" not in taken.files.jpeg


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
async def test_t43_a_truncated_picture_is_refused(form):
    whole = photograph(form, size=(300, 300))
    with pytest.raises((Invalid, Unsupported)):
        await ingest(whole[: len(whole) // 2], QUALITY)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b'{"type": "Person", "id": "https://pinxit.example/users/alice"}',
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
        b"PK\x03\x04" + b"\x00" * 50,
    ],
)
async def test_t44_t70_what_is_no_picture_is_refused_whatever_it_calls_itself(data):
    with pytest.raises(Unsupported):
        await ingest(data, QUALITY)


async def test_formats_that_are_seldom_pictures_are_not_even_tried():
    buffer = io.BytesIO()
    Image.new("RGB", (5, 5)).save(buffer, "TIFF")
    with pytest.raises(Unsupported):
        await ingest(buffer.getvalue(), QUALITY)


async def test_too_many_bytes_are_refused_unopened():
    with pytest.raises(TooLarge, match="100 bytes"):
        await ingest(b"x" * 101, QUALITY, max_bytes=100)


async def test_a_compressed_text_that_unpacks_without_end_is_refused():
    whole = photograph("PNG")
    packed = b"Comment\x00\x00" + zlib.compress(b"x" * 70_000_000)
    chunk = struct.pack(">I", len(packed)) + b"zTXt" + packed + struct.pack(">I", zlib.crc32(b"zTXt" + packed))
    with pytest.raises((Invalid, TooLarge)):
        await ingest(whole[:33] + chunk + whole[33:], QUALITY)


async def test_who_opens_a_file_has_little_memory_and_time_and_may_write_no_file():
    """The sandbox itself runs, and then says what it may."""
    limits = "(r.RLIMIT_AS, r.RLIMIT_CPU, r.RLIMIT_FSIZE, r.RLIMIT_CORE)"
    code = "import resource as r, sys; from server.media import sandbox; sandbox.main(); "
    code += f"print(*(r.getrlimit(kind)[0] for kind in {limits}), file=sys.stderr)"
    task = msgspec.json.encode(sandbox.Task(max_pixels=1000, jpeg=80, webp=80))
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdin=PIPE, stdout=PIPE, stderr=PIPE)
    _, said = await process.communicate(task + b"\nno picture")
    assert said.split() == [str(most).encode() for most in (sandbox.MEMORY_BYTES, sandbox.CPU_SECONDS, 0, 0)]


async def test_t45_who_opens_a_file_knows_nothing_of_our_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A module that Python itself loads at its start writes down what the process was given."""
    said = tmp_path / "said"
    (tmp_path / "sitecustomize.py").write_text(f"import os; open({str(said)!r}, 'w').write(repr(dict(os.environ)))")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PINXIT_TEST_SECRET", "not for files")

    await ingest(photograph(), QUALITY)

    assert "PYTHONPATH" in said.read_text()
    assert "not for files" not in said.read_text()
