"""What a use case answers when it cannot do what was asked; each door gives these its own shape.

Problem
├── NotFound     there is no such thing, or the asker may not know of it
├── Forbidden    it is there, and the asker may not do this to it
├── Invalid      what was asked makes no sense; `field` says where
├── Conflict     it clashes with what is already there
├── TooLarge     it has more bytes or pixels than are taken
├── Unsupported  it is a kind of file that is not taken
└── TooMany      not so fast; `after_seconds` says when
"""


class Problem(Exception):
    """A refusal with a sentence for the person who asked."""

    status = 500


class NotFound(Problem):
    """There is no such thing, or the asker may not know of it."""

    status = 404


class Forbidden(Problem):
    """It is there, and the asker may not do this to it."""

    status = 403


class Invalid(Problem):
    """What was asked makes no sense."""

    status = 422

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class Conflict(Problem):
    """It clashes with what is already there."""

    status = 409


class TooLarge(Problem):
    """It has more bytes or pixels than are taken."""

    status = 413


class Unsupported(Problem):
    """It is a kind of file that is not taken."""

    status = 415


class TooMany(Problem):
    """Not so fast."""

    status = 429

    def __init__(self, message: str, *, after_seconds: int) -> None:
        super().__init__(message)
        self.after_seconds = after_seconds
