"""Takes uploads in, a few at a time: opened in the sandbox, then stored. It must not know whose they are."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from server.config import MediaConfig
from server.media.ingest import copy, ingest
from server.media.portrait import Shape, cut
from server.media.renditions import Quality
from server.media.small import shrink
from server.media.storage import MediaStorage, StoredFile, key_of
from server.problems import TooLarge

JPEG, PNG, WEBP = "jpg", "png", "webp"
# Packs are drawn at 500 pixels at most; an animated one, of which the first picture is taken, has a megabyte.
EMOJI_BYTES_AT_MOST = 2 * 1024 * 1024
EMOJI_PIXELS_AT_MOST = 4_000_000

Expect = Callable[[Sequence[str]], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """An upload's files (keys of the storage) and what is known of them; `source` is IPTC's word for its origin."""

    file_key: str
    web_key: str
    thumbnail_key: str
    width: int
    height: int
    bytes: int
    blurhash: str
    digest_multibase: str
    source: str | None

    @property
    def media_type(self) -> str:
        """Of the file that other servers fetch."""
        return "image/jpeg"

    @property
    def keys(self) -> tuple[str, str, str]:
        """Of all its files."""
        return self.file_key, self.web_key, self.thumbnail_key


class Intake:
    """The one place through which foreign files come in.

    `expect` is told the keys before anything is written, so that what no row names is removed later, also after a
    crash.
    """

    def __init__(self, storage: MediaStorage, config: MediaConfig, expect: Expect) -> None:
        self._storage = storage
        self._config = config
        self._expect = expect
        self._places = asyncio.Semaphore(config.uploads_at_once)
        # Apart, so that a page full of strangers' pictures keeps nobody here from posting.
        self._places_for_copies = asyncio.Semaphore(config.peer_files_at_once)

    async def take(self, data: bytes) -> Taken:
        """Take a picture file in.

        Raises:
            TooLarge, Unsupported, Invalid: it is not taken; nothing is stored then.
        """
        config = self._config
        async with self._places:
            taken = await ingest(
                data,
                Quality(config.jpeg_quality, config.webp_quality),
                max_pixels=config.max_upload_pixels,
                max_bytes=config.max_upload_bytes,
            )
        files = taken.files
        keys = (key_of(files.jpeg, JPEG), key_of(files.webp, WEBP), key_of(files.thumbnail, WEBP))
        await self._expect(keys)
        for data, suffix in ((files.jpeg, JPEG), (files.webp, WEBP), (files.thumbnail, WEBP)):
            await self._storage.put(data, suffix)
        return Taken(
            file_key=keys[0],
            web_key=keys[1],
            thumbnail_key=keys[2],
            width=files.width,
            height=files.height,
            bytes=len(files.jpeg),
            blurhash=files.blurhash,
            digest_multibase=files.digest_multibase,
            source=taken.source,
        )

    async def take_copy(self, data: bytes, sides: Sequence[int]) -> tuple[StoredFile, ...]:
        """Copy a peer's picture file as WebP, once for each of `sides`, and store that. Raises like `take`."""
        config = self._config
        async with self._places_for_copies:
            copies = await copy(
                data,
                sides,
                quality=config.webp_quality,
                max_pixels=config.max_upload_pixels,
                max_bytes=config.peer_file_bytes,
            )
        await self._expect([key_of(one, WEBP) for one in copies])
        return tuple([StoredFile(await self._storage.put(one, WEBP), len(one)) for one in copies])

    async def take_emoji(self, data: bytes) -> str:
        """Take in the picture of a custom emoji, made small; return the key of its file. Raises like `take`."""
        if len(data) > EMOJI_BYTES_AT_MOST:
            raise TooLarge(f"The picture of an emoji may have {EMOJI_BYTES_AT_MOST:,} bytes.")
        config = self._config
        async with self._places:
            taken = await ingest(
                data,
                Quality(config.jpeg_quality, config.webp_quality),
                max_pixels=EMOJI_PIXELS_AT_MOST,
                max_bytes=EMOJI_BYTES_AT_MOST,
            )
        png = await shrink(taken.files.thumbnail)
        await self._expect([key_of(png, PNG)])
        return await self._storage.put(png, PNG)

    async def take_portrait(self, data: bytes, shape: Shape) -> str:
        """Take in a picture of an account, cut to `shape`; return the key of its file. Raises like `take`."""
        config = self._config
        async with self._places:
            taken = await ingest(
                data,
                Quality(config.jpeg_quality, config.webp_quality),
                max_pixels=config.max_upload_pixels,
                max_bytes=config.max_upload_bytes,
            )
        jpeg = await cut(taken.files.jpeg, shape, quality=config.jpeg_quality)
        await self._expect([key_of(jpeg, JPEG)])
        return await self._storage.put(jpeg, JPEG)
