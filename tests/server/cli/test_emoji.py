"""`pinxit emoji`: made, listed, taken over from folders and zips, and removed."""

import zipfile
from pathlib import Path

from tests.photographs import header_of_a_bomb, photograph
from tests.server.cli.shell import Shell


def draw(path: Path, size: tuple[int, int] = (300, 200)) -> Path:
    path.write_bytes(photograph("PNG", mode="RGBA", size=size))
    return path


def test_an_emoji_is_made_listed_and_removed(shell: Shell, tmp_path: Path) -> None:
    shell.type("emoji", "add", ":fox:", str(draw(tmp_path / "any.png")), "--category", "animals")
    (line,) = shell.type("emoji", "list").out.splitlines()
    assert line.startswith(":fox:  animals  http") and line.endswith(".png")
    shell.type("emoji", "remove", "fox")
    assert shell.type("emoji", "list").out == ""
    assert "no emoji :fox:" in shell.refused("emoji", "remove", "fox")


def test_what_is_no_picture_or_no_name_is_refused(shell: Shell, tmp_path: Path) -> None:
    words = tmp_path / "words.png"
    words.write_text("words")
    assert "no picture" in shell.refused("emoji", "add", "fox", str(words))
    assert "letters, digits" in shell.refused("emoji", "add", "red fox", str(draw(tmp_path / "fox.png")))


def test_a_folder_and_a_zip_are_taken_over_without_what_cannot_be(shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    folder.mkdir()
    draw(folder / "fox.png")
    draw(folder / "not-a-name.png")
    (folder / "readme.txt").write_text("no picture")
    assert "Added 1, left out 1." in shell.type("emoji", "import", str(folder)).out

    packed = tmp_path / "pack.zip"
    with zipfile.ZipFile(packed, "w") as writing:
        writing.write(draw(tmp_path / "owl.png"), "../../birds/owl.png")
        writing.write(draw(tmp_path / "x.png"), "__MACOSX/._owl.png")
    assert "Added 1, left out 0." in shell.type("emoji", "import", str(packed), "--category", "birds").out
    assert [line.split()[:2] for line in shell.type("emoji", "list").out.splitlines()] == [
        [":fox:", "-"],
        [":owl:", "birds"],
    ]


def test_t49_a_bomb_in_a_zip_is_left_out(shell: Shell, tmp_path: Path) -> None:
    packed = tmp_path / "bombs.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as writing:
        writing.writestr("huge.png", b"\0" * 50_000_000)
        writing.writestr("wide.png", header_of_a_bomb())
    answer = shell.type("emoji", "import", str(packed))
    assert answer.code == 2 and "Added 0, left out 2." in answer.out
    assert "2,097,152 bytes" in answer.err and "4,000,000 pixels" in answer.err
    assert "cannot be unpacked" in shell.refused("emoji", "import", str(draw(tmp_path / "fox.png")))
