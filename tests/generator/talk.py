"""A conversation with a Loop that runs in a thread, over real pipes, blocking and in order."""

import asyncio
import os
import threading
from types import TracebackType
from typing import BinaryIO

from generator.engine import Engine, Step
from generator.loop import Loop
from generator.messages import FromChild, ToChild, pack, read_from_child
from tests.generator.scripted import request


class Blocking:
    """A file as the stream that `read_from_child` awaits."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    async def readline(self) -> bytes:
        return self._file.readline()

    async def readexactly(self, n: int, /) -> bytes:
        data = self._file.read(n)
        if len(data) < n:
            raise EOFError(f"{n} bytes were promised and {len(data)} came")
        return data


class Talk:
    """Says frames and hears frames; the loop ends with the `with` block."""

    def __init__(self, *engines: Engine) -> None:
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        self._mouth, self._ear = os.fdopen(ours_out, "wb", buffering=0), os.fdopen(ours_in, "rb")
        self._streams = os.fdopen(theirs_in, "rb"), os.fdopen(theirs_out, "wb")
        self.loop = Loop(engines, *self._streams)
        self.exit_code: int | None = None
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Talk":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.hang_up()
        for thread in threading.enumerate():
            if thread.name == "frames":
                thread.join()  # it reads our end, which is closed
        self._streams[0].close()
        self._ear.close()

    def say(self, *contents: ToChild | bytes) -> None:
        for content in contents:
            self._mouth.write(content if isinstance(content, bytes) else b"".join(pack(content)))

    def hear(self) -> FromChild | None:
        return asyncio.run(read_from_child(Blocking(self._ear)))

    def hear_all(self, count: int) -> list[FromChild | None]:
        return [self.hear() for _ in range(count)]

    def hold(self, request_id: str) -> None:
        """Keep the engine busy with a request until it is cancelled, and return once it is."""
        self.say(request(request_id, "until cancelled", steps=1))
        while not isinstance(self.hear(), Step):
            pass

    def hang_up(self) -> int | None:
        """Close our end, and return the loop's exit code."""
        self._mouth.close()
        self._thread.join()
        return self.exit_code

    def _run(self) -> None:
        self.exit_code = self.loop.run()
        self._streams[1].close()  # what is heard next is the end
