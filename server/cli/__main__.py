"""`python -m server.cli` is `pinxit`."""

from server.cli.main import main

main()
