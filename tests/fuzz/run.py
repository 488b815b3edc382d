"""Fuzzes one target in a process of its own: `python -m tests.fuzz.run TARGET FOLDER... [libFuzzer's options]`.

libFuzzer ends the process by itself, so nothing may come after it.
"""

import sys

import atheris

with atheris.instrument_imports(
    include=["activitypub", "server.html", "server.config", "server.federation.negotiation"]
):
    from tests.fuzz.targets import TARGETS


def main() -> None:
    """Fuzz until libFuzzer is done; its exit status is 77 after a crash."""
    name, *rest = sys.argv[1:]
    atheris.Setup([sys.argv[0], *rest], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
