"""The orders that wait in the generator, and which of them may be painted together.

It must not paint and not speak to the server; it is shared by the thread that reads frames and the one that paints.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from generator.engine import Order

MAX_WAITING = 256  # the server keeps the real queue and hands over a few; more than this is a fault of the server


@dataclass(frozen=True, slots=True)
class BatchKey:
    """What must be equal for two orders to share one call; prompts, negatives and seeds may differ.

    diffusers takes one guidance, one number of steps and one size a call. No negative is not the same as an empty
    one to SDXL (it zeroes the embedding), so those with and those without do not mix either. A remix is painted
    alone (`alone` is its id), because its source and strength are its own.
    """

    model: str
    width: int
    height: int
    steps: int
    guidance: float
    has_negative: bool
    alone: str | None


def batch_key(order: Order) -> BatchKey:
    """Say with what an order may be painted."""
    alone = order.id if order.source is not None else None
    has_negative = order.negative is not None
    return BatchKey(order.model, order.width, order.height, order.steps, order.guidance, has_negative, alone)


class Waiting:
    """A line of orders, first come first served, out of which a batch may also take later ones of its kind."""

    def __init__(self) -> None:
        # Re-entrant, because a signal handler closes the line in the thread that may hold the lock.
        self._changed = threading.Condition(threading.RLock())
        self._orders: list[Order] = []
        self._is_closed = False

    def put(self, order: Order) -> bool:
        """Let an order wait; False when the line is full or closed."""
        with self._changed:
            if self._is_closed or len(self._orders) >= MAX_WAITING:
                return False
            self._orders.append(order)
            self._changed.notify()
            return True

    def remove(self, order_id: str) -> bool:
        """Take an order out; False when it does not wait (any more)."""
        with self._changed:
            kept = [order for order in self._orders if order.id != order_id]
            was_there = len(kept) != len(self._orders)
            self._orders = kept
            return was_there

    def take(self, max_batch: Callable[[str], int]) -> list[Order]:
        """Wait for the next batch, as large as its model (asked by name) may have; empty once closed."""
        with self._changed:
            while not self._orders and not self._is_closed:
                self._changed.wait()
            if self._is_closed:
                return []
            first = self._orders[0]
            key, limit = batch_key(first), max_batch(first.model)
            batch = [order for order in self._orders if batch_key(order) == key][:limit]
            taken = {order.id for order in batch}
            self._orders = [order for order in self._orders if order.id not in taken]
            return batch

    def close(self) -> None:
        """Drop what waits and release whoever takes."""
        with self._changed:
            self._is_closed = True
            self._orders = []
            self._changed.notify_all()
