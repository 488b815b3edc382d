"""`python -m tests.fuzz MINUTES [TARGET ...]`: every target in turn, so long together; a table of what was reached."""

import sys

from tests.fuzz.session import fuzz, names


def main() -> int:
    """Fuzz, print, and end with 1 where an input failed."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    chosen = sys.argv[2:] or list(names())
    seconds = max(1, round(minutes * 60 / len(chosen)))
    print(f"{'target':<18}{'executions':>12}{'branches':>10}", flush=True)
    failed = False
    for name in chosen:
        stretch = fuzz(name, seconds)
        print(f"{name:<18}{stretch.runs:>12,}{stretch.covered:>10,}", flush=True)
        if stretch.fault is not None:
            failed = True
            print(stretch.fault, file=sys.stderr)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
