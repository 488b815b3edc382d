"""How OAuth says no. It must not decide it.

OAuthError      answered as JSON, by RFC 6749 5.2 and its kin
Unusable        the request cannot be trusted with a redirect: a page says why
Refusal         sent back to the client, by its redirect URI
"""

from dataclasses import dataclass

from server.problems import Problem


class OAuthError(Problem):
    """A refusal for a program: `code` is one of the registered words."""

    def __init__(self, code: str, description: str, *, status: int = 400) -> None:
        super().__init__(description)
        self.code = code
        self.status = status


class Unusable(Problem):
    """Who asks, or where the answer would go, is not right; nobody is redirected."""

    status = 400


@dataclass(frozen=True, slots=True)
class Return:
    """Where an answer goes, and what the client wants to have with it."""

    redirect_uri: str
    state: str | None


class Refusal(Problem):
    """The client is told by a redirect."""

    status = 400

    def __init__(self, code: str, description: str, back: Return) -> None:
        super().__init__(description)
        self.code = code
        self.back = back
