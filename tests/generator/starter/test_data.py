"""Shards are drawn once, belong to the configuration, and survive a kill half way."""

from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from generator.starter import configuration, data
from generator.starter.scenes.description import Scene, Subject
from generator.starter.scenes.random_scene import imagine

SMALL = configuration.read(Path(__file__).with_name("small.toml")).pictures


def test_only_scenes_of_the_configuration_belong() -> None:
    scene = Scene(1, ground="plain", subjects=(Subject("cat"),))
    assert data.belongs(scene, SMALL)
    assert not data.belongs(replace(scene, ground="sea"), SMALL)
    assert not data.belongs(replace(scene, style="neon"), SMALL)
    assert not data.belongs(replace(scene, subjects=(Subject("cat", count=2),)), SMALL)
    assert not data.belongs(replace(scene, subjects=(Subject("cat"), Subject("dog"))), SMALL)
    assert not data.belongs(scene, msgspec.structs.replace(SMALL, kinds=("dog",)))


def test_a_missing_shard_is_drawn_again_and_the_others_are_kept(tmp_path: Path) -> None:
    first = data.draw_small(SMALL, data.Shards(tmp_path), 32)
    assert first.pictures.shape == (len(first.seeds), 32, 32, 3)
    assert len(first.seeds) > 2
    kept, lost = sorted(tmp_path.glob("*.npz"))
    stamp = kept.stat().st_mtime_ns
    lost.rename(tmp_path / "half.part")

    again = data.draw_small(SMALL, data.Shards(tmp_path), 32)
    assert again.seeds == first.seeds
    assert np.array_equal(again.pictures, first.pictures)
    assert kept.stat().st_mtime_ns == stamp


def test_every_reader_takes_the_scenes_it_wants_in_its_size_from_the_same_shards(tmp_path: Path) -> None:
    shards = data.Shards(tmp_path)
    mine = data.draw_small(SMALL, shards, 16)
    stamps = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.npz")}
    all_scenes = data.draw_small(data.everything(SMALL), shards, 32)

    assert all(data.belongs(imagine(seed), SMALL) for seed in mine.seeds)
    assert 0.7 * SMALL.count < len(all_scenes.seeds) <= SMALL.count
    assert len({imagine(seed).style for seed in all_scenes.seeds}) > 2
    place = all_scenes.seeds.index(mine.seeds[0])
    assert np.array_equal(data.average(all_scenes.pictures[place : place + 1], 16), mine.pictures[:1])
    assert {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.npz")} == stamps
    with pytest.raises(ValueError, match="no scene"):
        data.draw_small(msgspec.structs.replace(SMALL, kinds=("island",)), shards, 32)


def test_scenes_that_cannot_be_are_said_not_sought_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "MOST_MISSES", 200)
    nowhere = msgspec.structs.replace(SMALL, kinds=("island",))
    with pytest.raises(ValueError, match="no scene"):
        next(data.seeds_of(nowhere, 0))


def test_what_is_judged_is_never_learned_from(tmp_path: Path) -> None:
    kept_back = data.draw_held_out(SMALL, 6, 32).seeds
    learned = data.draw_small(data.everything(SMALL), data.Shards(tmp_path), 32).seeds

    assert min(kept_back) >= configuration.HELD_OUT_SEED
    assert not any(data.is_kept_back(imagine(seed)) for seed in learned)
    assert all(data.is_kept_back(replace(imagine(seed), seed=5)) for seed in kept_back)
    assert 0.04 < sum(data.is_kept_back(imagine(seed)) for seed in range(3000)) / 3000 < 0.09


def test_a_seed_has_several_captions() -> None:
    assert len(set(data.captions_of(3, 12))) > 2
