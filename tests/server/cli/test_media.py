"""`pinxit media`: what lies on the disk, and what goes."""

import os
from pathlib import Path

from tests.server.cli.shell import Shell

ORPHAN = Path("media") / "ab" / f"{'c' * 62}.webp"


def test_usage_tells_what_is_ours_what_are_copies_and_what_nothing_names(shell: Shell) -> None:
    assert "0 files" in shell.type("media", "usage").out
    put_orphan(shell)
    assert "named by nothing                 1 files" in shell.type("media", "usage").out


def test_pruning_is_tried_first_and_then_done(shell: Shell) -> None:
    path = put_orphan(shell)
    assert "Would let go of 1 files that nothing named" in shell.type("media", "prune", "--dry-run").out
    assert path.exists()

    assert "Let go of 1 files that nothing named" in shell.type("media", "prune", "--days", "0").out
    assert not path.exists()


def put_orphan(shell: Shell) -> Path:
    """A file of the day before yesterday that no row names."""
    path = shell.folder / ORPHAN
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"a picture")
    then = path.stat().st_mtime - 2 * 86_400
    os.utime(path, (then, then))
    return path
