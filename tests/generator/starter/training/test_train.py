"""A whole training in small: all stages, killed and resumed, exported, painted with, gone on with elsewhere."""

import json
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import cache
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from tempfile import mkdtemp
from types import ModuleType

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from generator import catalogue
from generator.diffusion.loading import load
from generator.diffusion.painter import Painter, open_model
from generator.engine import Event, Failure, ModelSettings, Picture, Request, Step
from generator.limits import settle
from generator.starter import (
    configuration,
    data,
    denoiser_stage,
    evaluate,
    export,
    judge_stage,
    loop,
    marking,
    parts,
    tokenizer,
    train,
)
from generator.starter.scenes.description import Scene, Subject

# diffusers 0.42's multistep solver hands numpy a tensor in the old way.
pytestmark = [pytest.mark.diffusers, pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")]

SMALL = configuration.read(Path(__file__).parent.with_name("small.toml"))


def work(folder: Path, is_wanted: Callable[[], bool] = lambda: True) -> train.Work:
    return train.Work(folder, SMALL, loop.choose_machine(SMALL.running, "cpu"), is_wanted)


@cache
def trained() -> Path:
    folder = Path(mkdtemp(prefix="pinxit-starter-"))
    for stage in train.STAGES:
        train.run(stage, work(folder))
    return folder


@cache
def model() -> Path:
    folder = trained() / "model"
    train.run("export", work(trained()), folder)
    return folder


def stop_at(step: int) -> Callable[[], bool]:
    asked = count()
    return lambda: next(asked) < step + 1  # once before the stage begins


def test_the_painter_ends_the_same_after_a_kill(tmp_path: Path) -> None:
    for name in ("shards", "tokenizer", "text.pt"):
        (tmp_path / name).symlink_to(trained() / name)
    train.run("denoiser", work(tmp_path, stop_at(3)))
    assert loop.read_step(tmp_path / "denoiser.pt") == 3
    train.run("denoiser", work(tmp_path))

    for part in ("transformer", "text_encoder"):
        mine = loop.read_averages(tmp_path / "denoiser.pt", part)
        whole = loop.read_averages(trained() / "denoiser.pt", part)
        assert all(torch.equal(mine[name], whole[name]) for name in whole)


def test_the_logs_are_json_lines(tmp_path: Path) -> None:
    lines = (trained() / "logs" / "denoiser.jsonl").read_text().splitlines()
    assert json.loads(lines[-1])["samples"] == SMALL.denoiser.steps * SMALL.denoiser.batch


def test_the_fixed_encoder_is_the_mean_of_blocks() -> None:
    drawn = data.draw_held_out(SMALL.pictures, 1, 256).pictures
    vae = parts.vae(SMALL.decoder, 1.0)
    with torch.inference_mode():
        latents = vae.encode(torch.from_numpy(drawn).permute(0, 3, 1, 2).float() / 127.5 - 1).latents
    means = drawn.reshape(1, 32, 8, 32, 8, 3).mean((2, 4)) / 127.5 - 1
    assert np.allclose(latents.permute(0, 2, 3, 1).numpy(), means, atol=1e-4)


def test_the_exported_folder_is_small_and_brings_no_code() -> None:
    files = [path for path in model().rglob("*") if path.is_file()]
    assert {path.suffix for path in files} <= {".json", ".safetensors", ".md"}
    assert max(path.stat().st_size for path in files) < 16 * 2**20
    known = catalogue.read(model())
    assert known is not None
    assert "cat" in known.vocabulary


def test_the_engine_paints_with_it_step_by_step_and_lets_go_when_nobody_wants_it() -> None:
    painter = Painter([open_model(ModelSettings("starter", "diffusers", path=str(model()), device="cpu"))], load)
    models = {entry.name: entry for entry in painter.capabilities()}
    order = settle(
        Request("1", "a red star on a blue background", None, 7, None, None, None, None, "starter", True), models
    )
    assert not isinstance(order, Failure), order
    heard: list[Event] = []

    (picture,) = painter.generate([order], lambda event: heard.append(event) is None)
    assert isinstance(picture, Picture)
    assert (picture.width, picture.height) == (256, 256)
    assert [event for event in heard if isinstance(event, Step)] == [Step("1", 1, 2), Step("1", 2, 2)]

    (left,) = painter.generate([order], lambda _event: False)
    assert isinstance(left, Failure)
    assert left.kind == "cancelled"


def test_a_checkpoint_goes_on_elsewhere(tmp_path: Path) -> None:
    train.run("checkpoint", work(trained()), tmp_path / "checkpoint")
    assert load_file(tmp_path / "checkpoint" / export.PAINTER_FILE)["pos_embed.proj.weight"].dtype == torch.float16
    export.begin_from(tmp_path / "checkpoint", tmp_path / "elsewhere")
    assert export.read_progress(tmp_path / "elsewhere") == export.read_progress(trained())

    (tmp_path / "elsewhere" / "shards").symlink_to(trained() / "shards")
    further = train.Work(tmp_path / "elsewhere", longer(), loop.choose_machine(SMALL.running, "cpu"), lambda: True)
    train.run("denoiser", further)
    assert loop.read_step(tmp_path / "elsewhere" / "denoiser.pt") == longer().denoiser.steps
    judge_stage.read(SMALL, tmp_path / "elsewhere" / "judge.pt")


def test_the_judge_in_the_repository_can_be_asked() -> None:
    committed = Path(export.__file__).parent / "checkpoint" / export.JUDGE_FILE
    settings = configuration.read()
    eye = judge_stage.Eye(settings.judge)
    eye.load_state_dict(load_file(committed))
    true = data.draw_held_out(settings.pictures, 24, settings.judge.side)

    marks = marking.marks(marking.look(eye, true.pictures), true.seeds)
    assert marking.share(marks["kind"]) > 0.7
    assert marking.share(marks["count to 3"]) > 0.7


def test_drawing_is_ended_by_the_same_signal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    train.run("draw", work(tmp_path, stop_at(0)))
    assert "of 2 shards are drawn" in capsys.readouterr().out
    assert len(list((tmp_path / "shards").glob("32-*.npz"))) < 2 or not list((tmp_path / "shards").glob("256-*.npz"))


def test_a_training_is_not_begun_anew_over_another(tmp_path: Path) -> None:
    train.run("checkpoint", work(trained()), tmp_path / "checkpoint")
    with pytest.raises(ValueError, match="already"):
        export.begin_from(tmp_path / "checkpoint", trained())


@pytest.mark.parametrize(
    ("program", "arguments", "said"),
    [
        (train, ["--configuration", "no.toml"], "no.toml"),
        (train, ["draw", "--from-checkpoint", "nowhere"], "nowhere is no checkpoint"),
        (evaluate, ["nowhere", "--to", "judged"], "nowhere is no model"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    program: ModuleType,
    arguments: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["program", "--work", "work", *arguments])
    monkeypatch.setattr("signal.signal", lambda *_: None)
    with pytest.raises(SystemExit, match="1"):
        program.main()
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line


def test_an_unknown_word_is_one_token_of_its_own() -> None:
    words = tokenizer.load(trained() / "tokenizer")
    row = tokenizer.encode(words, ["a red zyzzyva"], 8)[0].tolist()
    assert row.count(tokenizer.SPECIAL.index(tokenizer.UNKNOWN)) == 1
    assert "red" in tokenizer.vocabulary(words)


def candidate(folder: Path) -> evaluate.Candidate:
    return evaluate.Candidate(model(), folder, SMALL, evaluate.load(model(), SMALL))


def test_evaluation_fills_every_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluate, "DECODED", 3)
    monkeypatch.setattr(evaluate, "NARROW", {})
    rows = list(evaluate.evaluate(candidate(trained()), 3))
    assert {row.point for row in rows} == {1, 2, 3, 4, 5, 6, 7}
    assert "| 4 | colour of object" in evaluate.format_table(rows)
    assert {row.what for row in rows if row.point == 3} == {"decoder, dB, flat", "decoder, dB, all styles"}
    asked = [row for row in rows if row.point == 5]
    assert asked
    assert all((row.true or 0.0) >= evaluate.KNOWS_ENOUGH for row in asked if row.passes)
    assert not any(row.passes for row in asked if row.what.startswith("kind"))  # a judge taught for two steps


def test_evaluation_begins_only_with_all_that_it_needs(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="train judge"):
        next(evaluate.evaluate(candidate(tmp_path), 3))
    (tmp_path / "judge.pt").symlink_to(trained() / "judge.pt")
    with pytest.raises(ValueError, match="has not the pictures"):
        next(evaluate.evaluate(candidate(tmp_path), 3))


def test_the_memory_of_painting_is_that_of_painting_alone() -> None:
    held = bytearray(600 * 2**20)
    held[:: 2**12] = b"x" * len(held[:: 2**12])  # touched, so that this process really holds it
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        _, megabytes = alone.submit(evaluate.paint_alone, model(), SMALL).result()
    assert megabytes < evaluate.most_memory() - 300
    assert len(held) > 0


def longer() -> configuration.Configuration:
    text = Path(__file__).parent.with_name("small.toml").read_text().replace("steps = 6", "steps = 8")
    path = trained() / "longer.toml"
    path.write_text(text)
    return configuration.read(path)


def test_rare_things_and_styles_are_shown_more_often() -> None:
    cat, palm = Subject("cat"), Subject("palm")
    subjects: list[tuple[Subject, ...]] = [(cat,)] * 9 + [(palm,), (cat, palm), ()]
    shown = [Scene(number, subjects=there) for number, there in enumerate(subjects)]
    assert denoiser_stage.weigh(shown, 0.0).tolist() == [1.0] * 10 + [2.0, 1.0]
    alike = denoiser_stage.weigh(shown, 1.0)
    assert alike[9] == 5 * alike[0]
    assert alike[10] == alike[0] + alike[9]
    assert alike[11] == 1.0
    shown[0] = replace(shown[0], style="neon")
    neon, flat, *_ = denoiser_stage.weigh(shown, 1.0).tolist()
    assert neon == pytest.approx(11 * flat)
