"""Signs requests in a thread, as many at a time as are waiting. It must not know where they go.

An RSA signature takes 300 µs without the interpreter's lock, and the way to a thread and back 70 to 350 µs more. Signed
where we stand, it holds up the loop and leaves a second core idle; a way for each costs as much as the signature. So
what comes while the thread is busy goes there together, and shares the way.
"""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from activitypub.keys import Signer
from activitypub.requests import SignedRequest
from activitypub.signatures import sign
from activitypub.verified import Form

Headers = dict[str, str]


@dataclass(frozen=True, slots=True)
class _Order:
    request: SignedRequest
    signer: Signer
    form: Form
    now: int
    done: "asyncio.Future[Headers]"


class SigningDesk:
    """One thread that signs. Used from one loop."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sign")
        self._waiting: list[_Order] = []
        self._busy = False

    async def sign(self, request: SignedRequest, signer: Signer, form: Form, *, now: int) -> Headers:
        """Return the headers to add to the request."""
        done: asyncio.Future[Headers] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Order(request, signer, form, now, done))
        if not self._busy:
            self._hand_over()
        return await done

    def close(self) -> None:
        """Let the thread end."""
        self._thread.shutdown(wait=False)

    def _hand_over(self) -> None:
        orders, self._waiting = self._waiting, []
        self._busy = True
        signed = asyncio.get_running_loop().run_in_executor(self._thread, _sign_all, orders)
        signed.add_done_callback(lambda done: self._give_out(orders, done))

    def _give_out(self, orders: Sequence[_Order], signed: "asyncio.Future[list[Headers | Exception]]") -> None:
        self._busy = False
        if self._waiting:
            self._hand_over()
        for order, result in zip(orders, signed.result(), strict=True):
            if order.done.done():
                continue  # who asked was cancelled
            if isinstance(result, Exception):
                order.done.set_exception(result)
            else:
                order.done.set_result(result)


def _sign_all(orders: Sequence[_Order]) -> list[Headers | Exception]:
    return [_sign(order) for order in orders]


def _sign(order: _Order) -> Headers | Exception:
    try:
        return sign(order.request, order.signer, order.form, now=order.now)
    except Exception as error:
        # Handed to the one who asked; the others of the round have nothing to do with it.
        return error
