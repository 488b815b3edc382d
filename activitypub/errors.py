"""What can be wrong with a peer's message, each with the HTTP status that says so.

ProtocolError
├── Malformed       400  it cannot be read
├── TooLarge        413  it is over a limit
├── Unauthorised    401  nobody vouches for it
│   └── BadSignature     somebody does, and the signature does not hold
└── Forbidden       403  the signer may not say this
"""


class ProtocolError(Exception):
    """A peer broke the rules; `status` is the answer it deserves."""

    status = 400


class Malformed(ProtocolError):
    """The message cannot be read as what it claims to be."""


class TooLarge(ProtocolError):
    """The message is over one of our limits."""

    status = 413


class Unauthorised(ProtocolError):
    """Nobody vouches for the message."""

    status = 401


class BadSignature(Unauthorised):
    """Somebody vouches for the message, and the signature does not hold."""


class Forbidden(ProtocolError):
    """The signer may not say this about that object."""

    status = 403
