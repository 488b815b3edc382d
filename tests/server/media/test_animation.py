"""What moves in a foreign file keeps moving in our copy, cleaned, and within bounds; beyond them it stands still."""

import io
import zlib

import pytest
from PIL import Image

from server.media import animation
from server.media.animation import BYTES_AT_MOST, FRAMES_AT_MOST, PIXELS_IN_AT_MOST, PIXELS_OUT_AT_MOST, SIDE_AT_MOST
from server.media.ingest import copy
from server.media.marks import Mark, find_mark, write_mark
from server.media.moving import is_moving
from tests.photographs import film

FORMS = ("GIF", "PNG", "WEBP")
SECRET = b"a secret comment"


async def copies(data, *sides):
    return await copy(data, sides or (400,), quality=80, max_pixels=50_000_000, max_bytes=16 * 1024**2)


def frames(data):
    """Size, durations and first colours of what moves."""
    with Image.open(io.BytesIO(data)) as opened:
        durations, colours = [], []
        for number in range(opened.n_frames):
            opened.seek(number)
            opened.load()
            durations.append(opened.info["duration"])
            colours.append(opened.convert("RGB").getpixel((5, 5)))
        return opened.size, opened.info["loop"], durations, colours


@pytest.mark.parametrize("form", FORMS)
async def test_what_moves_does_so_in_the_first_copy_and_stands_still_in_another(form):
    durations = [50, 120, 200, 90]

    moving, still = await copies(film(form, 4, duration=durations, loop=3))

    size, loop, kept, colours = frames(moving)
    assert (size, loop, kept) == ((64, 48), 3, durations)
    assert all(abs(red - 60 * number) < 12 for number, (red, _, _) in enumerate(colours))
    assert is_moving(moving) and not is_moving(still)
    assert Image.open(io.BytesIO(still)).size == (64, 48)


async def test_of_two_sizes_the_small_one_stands_still():
    moving, small = await copies(film("GIF", 3, size=(1200, 300)), 4096, 100)

    assert frames(moving)[0] == (SIDE_AT_MOST, SIDE_AT_MOST // 4)
    assert not is_moving(small) and Image.open(io.BytesIO(small)).size == (100, 25)


async def test_what_stands_still_is_copied_once():
    for form in FORMS:
        (only,) = await copies(film(form, 1))
        assert not is_moving(only)


async def test_holes_stay_holes():
    moving, _ = await copies(film("PNG", 3, mode="RGBA"))

    with Image.open(io.BytesIO(moving)) as opened:
        assert opened.convert("RGBA").getpixel((5, 5))[3] == 0


async def test_a_picture_for_those_who_know_no_films_is_none_of_the_film():
    moving, _ = await copies(film("PNG", 4, default_image=True, duration=70))

    assert len(frames(moving)[2]) == 3


async def test_what_runs_too_fast_is_shown_as_browsers_do():
    moving, _ = await copies(film("GIF", 3, duration=[10, 0, 20]))

    assert frames(moving)[2] == [100, 100, 20]


@pytest.mark.parametrize("form", FORMS)
async def test_nothing_beside_the_pixels_is_kept_but_the_mark(form):
    mark = write_mark(Mark("trainedAlgorithmicMedia", "Some model 5", "Some program"))
    exif = Image.Exif()
    exif[0x0110] = SECRET.decode()
    told = {"GIF": {"comment": SECRET}, "PNG": {"exif": exif}, "WEBP": {"exif": exif, "xmp": mark}}[form]

    for made in await copies(film(form, 3, **told)):
        assert SECRET not in made
        assert (find_mark([made], {}) is not None) == (form == "WEBP")


@pytest.mark.parametrize(
    ("bound", "beyond"),
    [
        ("frames", {"frames": FRAMES_AT_MOST + 1, "size": (8, 8)}),
        ("pixels in", {"frames": 25, "size": (2000, PIXELS_IN_AT_MOST // 2000 // 24)}),
        ("pixels out", {"frames": 40, "size": (800, PIXELS_OUT_AT_MOST // 800 // 39)}),
    ],
)
async def test_t49_beyond_a_bound_the_first_picture_is_shown(bound, beyond):
    made = await copies(film("GIF", **beyond), 800)

    assert [is_moving(one) for one in made] == [False], bound


def test_t49_what_would_be_too_large_as_we_keep_it_stands_still():
    noise = [Image.merge("RGB", [Image.effect_noise((480, 400), 120)] * 3) for _ in range(50)]
    buffer = io.BytesIO()
    noise[0].save(buffer, "WEBP", save_all=True, append_images=noise[1:], quality=80, method=0)

    made = animation.animate(buffer.getvalue(), side=800, xmp=None, quality=90)

    assert buffer.tell() > BYTES_AT_MOST and made is None


async def test_a_film_that_ends_too_early_or_lies_about_its_length_harms_nobody():
    whole = film("PNG", 4)
    at = whole.index(b"acTL") + 4
    said = (2**31 - 1).to_bytes(4, "big") + whole[at + 4 : at + 8]
    lying = whole[:at] + said + zlib.crc32(b"acTL" + said).to_bytes(4, "big") + whole[at + 12 :]
    for damaged in (whole[: len(whole) * 3 // 4], lying):
        made = await copies(damaged)
        assert made and len(made[0]) < 10_000
