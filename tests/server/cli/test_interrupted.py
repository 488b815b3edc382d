"""Commands that do not come to their end can be typed again."""

import pytest

from tests.server.cli.shell import Shell


def test_init_that_fails_in_the_middle_can_be_typed_again(bare: Shell) -> None:
    (bare.folder / "pinxit.db").mkdir(parents=True)
    assert "unable to open database file" in bare.refused("init", "--domain", "localhost:1", "--local")
    assert not (bare.folder / "pinxit.toml").exists()

    (bare.folder / "pinxit.db").rmdir()
    assert bare.type("init", "--domain", "localhost:1", "--local").code == 0

    assert bare.type("user", "create", "alice", "--password-file", bare.password_file()).code == 0


@pytest.mark.parametrize("place", ["nowhere://bucket", "s3://"])
def test_a_storage_that_does_not_exist_is_named_and_the_command_ends(shell: Shell, place: str) -> None:
    shell.configure(f'[media]\nstorage = "{place}"')

    assert "media.storage" in shell.refused("jobs")
