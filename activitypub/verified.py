"""The proof, as a type, that a request was signed by an actor's key.

Must not be made anywhere but at the end of a signature check: `SEAL` belongs to cavage.py and rfc9421.py alone,
which a test holds them to.
"""

from dataclasses import InitVar, dataclass
from typing import Final, Literal

from activitypub.vocabulary import host_of

Form = Literal["cavage", "rfc9421"]

SEAL: Final = object()


@dataclass(frozen=True, slots=True)
class Verified:
    """Whose key signed the request, and in which form. Only a signature check can make one."""

    actor_uri: str
    key_id: str
    form: Form
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        """Refuse any maker but a signature check."""
        if seal is not SEAL:
            raise TypeError("only a signature check can make a Verified")

    @property
    def host(self) -> str:
        """The host that answers for the actor, in its one spelling, by which it is known and suspended."""
        return host_of(self.actor_uri)
