"""A hundred senders at once, some of them hostile, at an instance whose processes die. It must not judge the outcome.

Whoever gets no answer, because nobody listens just now, sends the same request again, as real servers do.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import aiohttp
import msgspec

from tests.bench.senders import Letter, Scene, Sender, sign, write_letters

# Until a dead web process is back on a loaded machine; the whole storm waits no longer than this for any one answer.
PATIENCE_SECONDS = 60.0
PAUSE_SECONDS = 0.1
HOSTILE = "hostile"


@dataclass(slots=True)
class Storm:
    """What was sent, and how each was answered in the end: place of the letter -> status."""

    letters: Sequence[Letter]
    answers: dict[int, int] = field(default_factory=dict)
    unanswered: int = 0

    async def blow(self, senders: int, moments: Sequence[Callable[[], None]]) -> None:
        """Send everything, `senders` at a time; the moments come at equal stretches of the answers."""
        waiting = iter(enumerate(self.letters))
        due = [(len(self.letters) * place // (len(moments) + 1), moment) for place, moment in enumerate(moments, 1)]
        connector = aiohttp.TCPConnector(limit=senders)
        async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(20)) as session:
            await asyncio.gather(*(self._send(session, waiting, due) for _ in range(senders)))

    async def _send(
        self,
        session: aiohttp.ClientSession,
        waiting: Iterator[tuple[int, Letter]],
        due: list[tuple[int, Callable[[], None]]],
    ) -> None:
        for place, letter in waiting:
            self.answers[place] = await asyncio.wait_for(self._insist(session, letter), PATIENCE_SECONDS)
            while due and len(self.answers) >= due[0][0]:
                due.pop(0)[1]()

    async def _insist(self, session: aiohttp.ClientSession, letter: Letter) -> int:
        while True:
            try:
                async with session.post(letter.url, data=letter.body, headers=letter.headers) as response:
                    await response.read()
                    return response.status
            except (aiohttp.ClientError, TimeoutError):
                self.unanswered += 1
                await asyncio.sleep(PAUSE_SECONDS)


def write_storm(scene: Scene, count: int) -> tuple[list[Letter], dict[str, list[int]]]:
    """Letters of which one in ten has a spoilt signature and one in ten a hostile body; and which are which."""
    letters = write_letters(scene, count)
    kinds: dict[str, list[int]] = {"good": [], "spoilt": [], HOSTILE: []}
    for place, letter in enumerate(letters):
        kind = {3: "spoilt", 7: HOSTILE}.get(place % 10, "good")
        kinds[kind].append(place)
        if kind == "spoilt":
            letters[place] = _spoil(letter)
        elif kind == HOSTILE:
            sender = scene.senders[place % len(scene.senders)]
            letters[place] = _hostile(scene, sender, place)
    return letters, kinds


def _spoil(letter: Letter) -> Letter:
    """One letter of the signature is another: well-formed, and false."""
    before, mark, value = letter.headers["signature"].partition('signature="')
    other = "B" if value[0] == "A" else "A"
    return replace(letter, headers=letter.headers | {"signature": f"{before}{mark}{other}{value[1:]}"})


def _hostile(scene: Scene, sender: Sender, place: int) -> Letter:
    """A body that nobody should keep, under a signature that holds."""
    bodies = _hostile_bodies(scene, sender, f"{sender.actor.uri}/{HOSTILE}/{place}")
    return sign(scene, sender, bodies[place // 10 % len(bodies)])


def _hostile_bodies(scene: Scene, sender: Sender, uri: str) -> list[bytes]:
    mine = {"type": "Like", "actor": sender.actor.uri, "object": scene.posts[0].uri}
    other = f"https://elsewhere.example/{HOSTILE}"
    made = [
        {**mine, "id": uri, "actor": "https://elsewhere.example/users/victim"},
        {**mine, "id": other},
        {**mine, "id": f"{scene.origin}/{HOSTILE}/{uri[-3:]}"},
        {**mine, "id": uri, "actor": scene.posts[0].uri.partition("/posts/")[0]},
        {**mine, "id": uri, "type": ["\x00", 3]},
        {"id": uri, "actor": sender.actor.uri},
    ]
    nested = b'{"id":"' + uri.encode() + b'","type":' + b"[" * 5000 + b"]" * 5000 + b"}"
    plain = msgspec.json.encode({**mine, "id": uri})
    return [
        *map(msgspec.json.encode, made),
        nested,
        plain[:-1],
        plain.replace(b'"Like"', b'"Like","type":"Delete"'),
        plain.replace(b'"Like"', b'"\xff\xfe"'),
        b"",
        b"[" + plain + b"," + plain + b"]",
    ]
