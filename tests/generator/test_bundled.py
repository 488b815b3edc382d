"""Whether the model that comes with Pinxit can paint on this machine."""

from pathlib import Path

import pytest

from generator import bundled, catalogue


def test_its_folder_is_found_where_its_libraries_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundled, "NEEDS", ("json",))
    assert bundled.find() == bundled.FOLDER
    monkeypatch.setattr(bundled, "NEEDS", ("json", "a_library_that_nobody_has"))
    assert bundled.find() is None


def test_it_is_not_found_where_its_weights_were_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundled, "NEEDS", ())
    monkeypatch.setattr(bundled, "FOLDER", tmp_path)
    assert bundled.find() is None


def test_it_is_small_brings_no_code_and_says_its_terms() -> None:
    files = [path for path in bundled.FOLDER.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 25_000_000
    assert max(path.stat().st_size for path in files) < 16 * 2**20
    assert {path.suffix for path in files} == {".json", ".safetensors", ".md"}
    card = (bundled.FOLDER / "README.md").read_text(encoding="utf-8")
    assert "Not measured" not in card
    assert all(f"## {part}" in card for part in ("Data", "Licence", "Limits", "Figures"))
    known = catalogue.read(bundled.FOLDER)
    assert known is not None
    assert (known.license, known.license_class) == ("AGPL-3.0-or-later", "own")
    assert (known.min_steps, known.sizes) == (2, ((256, 256),))
