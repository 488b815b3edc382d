"""The command line: `pinxit`. Every error is one clear line and exit code 2."""

from server.cli.main import main

__all__ = ["main"]
