"""Picture files as people's devices and programs write them, made here: what the tests of uploads share."""

import io
import zlib
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from server.media.marks import Mark, write_mark

ORIENTATION, GPS = 0x0112, 0x8825


def photograph(form: str = "JPEG", *, size: tuple[int, int] = (64, 48), mode: str = "RGB", **options: Any) -> bytes:
    """A picture, half of it red and half blue, left and right."""
    picture = Image.new(mode, size, _colour(mode, "blue"))
    picture.paste(_colour(mode, "red"), (0, 0, size[0] // 2, size[1]))
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


def film(form: str, frames: int, *, size: tuple[int, int] = (64, 48), mode: str = "RGB", **options: Any) -> bytes:
    """Pictures that follow one another, the reddest last; with RGBA there is a hole in each."""
    made = [Image.new(mode, size, (60 * number % 256, 0, 255 - 3 * number % 256)) for number in range(frames)]
    for number, one in enumerate(made if mode == "RGBA" else ()):
        one.paste((0, 0, 0, 0), (0, 0, size[0] // 2, size[1]))
        one.putpixel((size[0] - 1, 0), (number, 0, 0, 255))
    buffer = io.BytesIO()
    made[0].save(buffer, form, save_all=True, append_images=made[1:], **options)
    return buffer.getvalue()


def phone_photograph(*, orientation: int = 1) -> bytes:
    """A JPEG that says where it was taken, by what, and which side is up."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[0x0110] = "Telephone 9"
    exif.get_ifd(GPS)[2] = (48.0, 51.0, 29.0)
    return photograph(exif=exif.tobytes(), comment=b"a secret comment", xmp=b"<x>a secret packet</x>")


def painted_elsewhere(form: str = "JPEG", source: str = "trainedAlgorithmicMedia") -> bytes:
    """A picture that another generator marked."""
    xmp = write_mark(Mark(source, "Some model 5", "Some program"))
    if form != "PNG":
        return photograph(form, xmp=xmp)
    texts = PngInfo()
    texts.add_itxt("XML:com.adobe.xmp", xmp.decode(), zip=True)
    return photograph(form, pnginfo=texts)


def painted_at_home() -> bytes:
    """A PNG as a program at home writes it, prompt and all."""
    texts = PngInfo()
    texts.add_text("parameters", "a secret prompt\nSteps: 20, Sampler: Euler a, Seed: 5")
    return photograph("PNG", pnginfo=texts)


def header_of_a_bomb() -> bytes:
    """A PNG of forty bytes that says it has two and a half thousand million pixels."""
    whole = photograph("PNG")
    side = (50_000).to_bytes(4, "big")
    header = whole[12:16] + side + side + whole[24:29]
    return whole[:12] + header + zlib.crc32(header).to_bytes(4, "big") + whole[33:]


def _colour(mode: str, name: str) -> Any:
    colours: dict[str, Any] = {"red": (255, 0, 0), "blue": (0, 0, 255)}
    others: dict[str, Any] = {"RGBA": (*colours[name], 128), "L": 80, "I;16": 40_000, "P": 1, "CMYK": (0, 200, 9, 9)}
    return others.get(mode, colours[name])
