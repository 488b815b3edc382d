"""The proof, as a type, that an actor's key vouches for what came: for the request, or for the document in it.

Must not be made anywhere but at the end of a check: `SEAL` belongs to cavage.py and rfc9421.py, and for what others
forward to proofs.py and ldsignature.py; a test holds them to it.
"""

from dataclasses import InitVar, dataclass
from typing import Final, Literal

from activitypub.vocabulary import host_of

Form = Literal["cavage", "rfc9421"]
# The signature stands in the document and not around it, so that it holds whoever brings it.
Inner = Literal["proof", "ldsignature"]

SEAL: Final = object()


@dataclass(frozen=True, slots=True)
class Verified:
    """Whose key signed, and in which form. Only a signature check can make one.

    `signed_at` is when a request was signed, in seconds by the sender's clock; None for a signature inside a document.
    """

    actor_uri: str
    key_id: str
    form: Form | Inner
    seal: InitVar[object]
    signed_at: int | None = None

    def __post_init__(self, seal: object) -> None:
        """Refuse any maker but a signature check."""
        if seal is not SEAL:
            raise TypeError("only a signature check can make a Verified")

    @property
    def host(self) -> str:
        """The host that answers for the actor, in its one spelling, by which it is known and suspended."""
        return host_of(self.actor_uri)
