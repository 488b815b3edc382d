"""The command line as a test types it, in this process. It must not look behind what is printed."""

from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from server.cli.main import main

PASSWORD = "a long enough passphrase"
# For an instance whose test is not about painting: the model that comes with Pinxit takes seconds to load.
ONLY_DRAWING = '[[generation.models]]\nname = "drawing"\nengine = "drawing"'


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command said: its exit code, standard output and standard error."""

    code: int
    out: str
    err: str


class Shell:
    """Somebody at the prompt of the machine that has the instance in `folder`."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder = folder
        self.home = home

    def type(self, *arguments: str) -> Answer:
        """Run `pinxit` with these arguments; what it did not foresee fails the test."""
        result = CliRunner().invoke(main, ["--dir", str(self.folder), *arguments], catch_exceptions=False)
        return Answer(result.exit_code, result.stdout, result.stderr)

    def says(self, *arguments: str) -> str:
        """Run what must be done, and return what it printed."""
        answer = self.type(*arguments)
        assert answer.code == 0, answer
        return answer.out

    def refused(self, *arguments: str) -> str:
        """Run what must be refused, and return its one clear line."""
        answer = self.type(*arguments)
        assert answer.code == 2, answer
        *usage, last = answer.err.strip().splitlines()
        assert last.startswith("Error: "), answer
        assert all(line.startswith(("Usage: ", "Try ", "Painting")) or not line for line in usage), answer
        return last.removeprefix("Error: ")

    def password_file(self, password: str = PASSWORD) -> str:
        """The path of a file with a password."""
        path = self.home / "password"
        path.write_text(f"{password}\n", encoding="utf-8")
        return str(path)

    def configure(self, text: str) -> None:
        """Add to the instance's configuration."""
        path = self.folder / "pinxit.toml"
        path.write_text(f"{path.read_text(encoding='utf-8')}\n{text}\n", encoding="utf-8")
