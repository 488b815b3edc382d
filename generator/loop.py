"""The child's life: one thread reads frames, the other paints; the answers of both go out whole.

It must not print to the stream of frames by any way but `_send`, and never writes a prompt to the log.
"""

import sys
import threading
import traceback
from collections.abc import Sequence
from typing import BinaryIO

from generator.batching import Waiting
from generator.engine import (
    Engine,
    EngineLost,
    Event,
    Failure,
    ModelCapabilities,
    Order,
    Picture,
    Ready,
    Request,
)
from generator.limits import settle
from generator.messages import BrokenFrame, Cancel, FromChild, Stop, pack, read_to_child

EXIT_DONE = 0
EXIT_BROKEN_FRAMES = 3
EXIT_ENGINE_LOST = 4
MAX_TRACE_FRAMES = 8  # the innermost ones; the server keeps the last lines of the log
MAX_COMPLAINT_CHARACTERS = 500


class Loop:
    """Serves one pair of streams until they end, a Stop comes, or `stop` is called (also from a signal)."""

    def __init__(self, engines: Sequence[Engine], source: BinaryIO, sink: BinaryIO) -> None:
        self._engine_of: dict[str, Engine] = {}
        self._models: dict[str, ModelCapabilities] = {}
        for engine in engines:
            for model in engine.capabilities():
                self._engine_of[model.name] = engine
                self._models[model.name] = model
        self._source = source
        self._sink = sink
        self._waiting = Waiting()
        self._sending = threading.Lock()
        self._open: set[str] = set()  # asked and not yet answered
        self._unwanted: set[str] = set()  # of those, cancelled while being painted
        self._is_stopping = False
        self._exit_code = EXIT_DONE

    def run(self) -> int:
        """Announce the models, serve, and return the exit code."""
        self._send(Ready(tuple(self._models.values())))
        threading.Thread(target=self._listen, name="frames", daemon=True).start()
        while orders := self._waiting.take(lambda model: self._models[model].max_batch):
            self._paint(orders)
        return self._exit_code

    def stop(self) -> None:
        """Drop what waits and give up what is being painted; safe in a signal handler."""
        self._is_stopping = True
        self._waiting.close()

    def _listen(self) -> None:
        try:
            while not self._is_stopping:
                message = read_to_child(self._source)
                if message is None or isinstance(message, Stop):
                    break
                self._accept(message)
        except BrokenFrame as error:
            self._exit_code = EXIT_BROKEN_FRAMES
            _complain(f"the frames are broken: {error}")
        finally:
            self.stop()

    def _accept(self, message: Request | Cancel) -> None:
        if isinstance(message, Cancel):
            self._cancel(message.id)
            return
        if message.id in self._open:
            raise BrokenFrame("a request came under the id of one that is not answered yet")
        self._open.add(message.id)
        order = settle(message, self._models)
        if isinstance(order, Failure):
            self._answer(order)
        elif not self._waiting.put(order):
            self._answer(Failure(order.id, "broken", "The generator holds too many requests already."))

    def _cancel(self, request_id: str) -> None:
        if self._waiting.remove(request_id):
            self._answer(_cancelled(request_id))
        elif request_id in self._open:
            self._unwanted.add(request_id)

    def _paint(self, orders: Sequence[Order]) -> None:
        wanted = [order for order in orders if order.id not in self._unwanted]
        for order in orders:
            if order.id in self._unwanted:
                self._answer(_cancelled(order.id))
        if wanted:
            for answer in self._generate(wanted):
                self._answer(answer)

    def _generate(self, orders: Sequence[Order]) -> Sequence[Picture | Failure]:
        try:
            return self._engine_of[orders[0].model].generate(orders, self._report)
        except EngineLost as error:
            self._exit_code = EXIT_ENGINE_LOST
            _complain(f"the engine is lost: {error}")
            self.stop()
            return []
        # The loop that reports and goes on: whatever a library raises costs these pictures, not the others.
        except Exception as error:
            _complain_about(error, orders)
            sentence = f"The generator failed with {type(error).__name__}; its log has the details."
            return [Failure(order.id, "broken", sentence) for order in orders]

    def _report(self, event: Event) -> bool:
        if self._is_stopping or event.id in self._unwanted:
            return False
        self._send(event)
        return True

    def _answer(self, answer: Picture | Failure) -> None:
        # Before it is sent: whoever has the answer may use the id again at once.
        self._open.discard(answer.id)
        self._unwanted.discard(answer.id)
        # Once stopping nothing is answered: to the server, a request cut short by the end of the process is
        # one to repeat, which a Failure would not be.
        if not self._is_stopping:
            self._send(answer)

    def _send(self, content: FromChild) -> None:
        line, payload = pack(content)
        try:
            with self._sending:
                self._sink.write(line)
                self._sink.write(payload)
                self._sink.flush()
        except (BrokenPipeError, ValueError):
            self.stop()  # nobody listens any more


def _cancelled(request_id: str) -> Failure:
    return Failure(request_id, "cancelled", "The request was cancelled.")


def _complain_about(error: Exception, orders: Sequence[Order]) -> None:
    """Write where it broke and what it said, without the words of those who asked."""
    text = str(error)
    for private in {words for order in orders for words in (order.prompt, order.negative) if words}:
        text = text.replace(private, "(prompt)").replace(repr(private)[1:-1], "(prompt)")
    traceback.print_tb(error.__traceback__, limit=-MAX_TRACE_FRAMES, file=sys.stderr)
    _complain(f"{type(error).__name__}: {text[:MAX_COMPLAINT_CHARACTERS]}")


def _complain(sentence: str) -> None:
    print(f"pinxit generator: {sentence}", file=sys.stderr, flush=True)
