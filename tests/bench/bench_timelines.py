"""Reading in a large instance: CPU and time of pages at 1,000,000 posts, against the same at 10,000."""

import asyncio
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.library import TOKEN, Library, fill, open_library
from tests.bench.table import Row

SMALL, LARGE = 10_000, 1_000_000
ASKED = 400
# Statements are compiled and caches fill with these; they are not counted.
WARM_UP = 60
HOME_MILLISECONDS = 10.0
RATIO_AT_MOST = 2.0
# More than any limit of requests for one client.
SECONDS_BETWEEN = 5
AUTHORISED = {"authorization": f"Bearer {TOKEN}"}


@dataclass(slots=True)
class Spent:
    """What the requests for one kind of page took, in milliseconds."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of page: its name, and how a path into it is drawn."""

    name: str
    draw: Callable[[Library, random.Random], str]
    headers: dict[str, str]


def run() -> list[Row]:
    """Fill both, ask both in turns, and compare."""
    with tempfile.TemporaryDirectory() as folder:
        paths = {number: Path(folder) / f"{number}.db" for number in (SMALL, LARGE)}
        for number, path in paths.items():
            fill(path, number)
        spent = asyncio.run(_ask_all(paths))
    return list(_rows(spent))


def _draw_home(library: Library, chance: random.Random) -> str:
    return f"/api/v1/timelines/home?limit=20&max_id={library.post_id(_recent(library, chance))}"


def _draw_public(library: Library, chance: random.Random) -> str:
    return f"/api/v1/timelines/public?limit=20&max_id={library.post_id(_anywhere(library, chance))}"


def _draw_picture(library: Library, chance: random.Random) -> str:
    # One of ours, by whose pages visitors come; every hundredth is, counted from the second.
    number = _anywhere(library, chance) // 100 * 100 + 2
    query = "select username from actors join posts on actors.id = actor_id where posts.id = ?"
    post_id = library.post_id(number)
    return f"/@{library.database.execute(query, (post_id,)).fetchone()[0]}/{post_id}"


def _recent(library: Library, chance: random.Random) -> int:
    # So far back reach the reader's 5,000 entries at the most; what they follow is a tenth of all.
    return library.posts - chance.randrange(min(library.posts // 2, 50_000))


def _anywhere(library: Library, chance: random.Random) -> int:
    return chance.randrange(200, library.posts - 100)


KINDS = (
    Kind("home timeline", _draw_home, AUTHORISED),
    Kind("public timeline", _draw_public, AUTHORISED),
    Kind("picture page", _draw_picture, {"accept": "text/html"}),
)


async def _ask_all(paths: dict[int, Path]) -> dict[tuple[str, int], Spent]:
    spent = {(kind.name, number): Spent() for kind in KINDS for number in paths}
    chance = random.Random(7)
    async with AsyncExitStack() as stack:
        libraries = [await stack.enter_async_context(open_library(path, number)) for number, path in paths.items()]
        for turn in range(WARM_UP + ASKED):
            for kind in KINDS:
                # In turns, so that whatever else the machine does falls on both.
                for library in libraries:
                    library.clock.advance(SECONDS_BETWEEN)
                    cpu, wall = await _ask(library, kind.draw(library, chance), kind.headers)
                    if turn >= WARM_UP:
                        spent[kind.name, library.posts].cpu.append(cpu)
                        spent[kind.name, library.posts].wall.append(wall)
    return spent


async def _ask(library: Library, path: str, headers: dict[str, str]) -> tuple[float, float]:
    """Ask the application as a server would; return milliseconds of CPU of the whole process, and of the clock."""
    answered: list[Any] = []
    asked = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> Any:
        message = next(asked, None)
        if message is None:
            # The client stays until it is answered.
            await asyncio.Event().wait()
        return message

    async def send(message: Any) -> None:
        answered.append(message)

    scope = _scope(path, headers)
    cpu, wall = time.process_time(), time.perf_counter()
    await library.app(scope, receive, send)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    assert answered[0]["status"] == 200, (path, answered)
    return cpu * 1000, wall * 1000


def _scope(path: str, headers: dict[str, str]) -> Any:
    where, _, query = path.partition("?")
    sent = {"host": "pinxit.example", **headers}
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "https",
        "path": where,
        "raw_path": where.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
        "client": ("127.0.0.1", 5000),
        "server": ("127.0.0.1", 80),
    }


def _rows(spent: dict[tuple[str, int], Spent]) -> Iterator[Row]:
    for kind in KINDS:
        small, large = spent[kind.name, SMALL], spent[kind.name, LARGE]
        limit = HOME_MILLISECONDS if kind.name == "home timeline" else None
        yield Row(f"{kind.name}, p50 at 1,000,000", _at(large.cpu, 50), "ms CPU", limit, note=_beside(large, 50))
        yield Row(f"{kind.name}, p99 at 1,000,000", _at(large.cpu, 99), "ms CPU", note=_beside(large, 99))
        ratio = _at(large.cpu, 99) / _at(small.cpu, 99)
        note = f"CPU, p50 {_at(large.cpu, 50) / _at(small.cpu, 50):.2f}"
        yield Row(f"{kind.name}, p99 against 10,000", ratio, "×", RATIO_AT_MOST, note=note)


def _beside(spent: Spent, percent: int) -> str:
    return f"{_at(spent.wall, percent):.1f} ms wall, {len(spent.wall)} pages"


def _at(values: list[float], percent: int) -> float:
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]
