"""The command line: `pinxit`. Every error is one clear line and exit code 2."""
