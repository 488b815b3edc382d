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
from diffusers import DiffusionPipeline
from safetensors.torch import load_file

from generator import bundled, catalogue
from generator.diffusion.loading import load
from generator.diffusion.painter import Painter, open_model
from generator.engine import Event, Failure, ModelSettings, Picture, Request, Step
from generator.limits import settle
from generator.starter import (
    card,
    configuration,
    data,
    decoder_stage,
    denoiser_stage,
    evaluate,
    export,
    judge_stage,
    loop,
    marking,
    measure,
    parts,
    synonyms,
    text_stage,
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
    assert {"cat", "kitten"} <= set(known.vocabulary)


def test_the_engine_paints_with_it_step_by_step_and_lets_go_when_nobody_wants_it() -> None:
    painter = Painter([open_model(ModelSettings("starter", "diffusers", path=str(model()), device="cpu"))], load)
    models = {entry.name: entry for entry in painter.capabilities()}
    order = settle(
        Request("1", "a lovely crimson cat, a Dragon", None, 7, None, None, None, None, "starter", True), models
    )
    assert not isinstance(order, Failure), order
    heard: list[Event] = []

    (picture,) = painter.generate([order], lambda event: heard.append(event) is None)
    assert isinstance(picture, Picture)
    assert (picture.width, picture.height) == (256, 256)
    assert picture.manifest.unknown_words == ("Dragon",)
    assert [event for event in heard if isinstance(event, Step)] == [Step("1", 1, 2), Step("1", 2, 2)]

    (left,) = painter.generate([order], lambda _event: False)
    assert isinstance(left, Failure)
    assert left.kind == "cancelled"


def test_a_model_is_gone_on_with_elsewhere(tmp_path: Path) -> None:
    assert load_file(next((model() / "vae").glob("*.safetensors")))["decoder.layers.0.weight"].dtype == torch.float16
    export.begin_from(model(), tmp_path)
    assert export.read_progress(tmp_path) == export.read_progress(trained())

    (tmp_path / "shards").symlink_to(trained() / "shards")
    further = train.Work(tmp_path, longer(), loop.choose_machine(SMALL.running, "cpu"), lambda: True)
    train.run("denoiser", further)
    assert loop.read_step(tmp_path / "denoiser.pt") == longer().denoiser.steps
    again = tmp_path / "model"
    train.run("export", further, again)
    files = {path.relative_to(model()) for path in model().rglob("*") if path.is_file()}
    assert {path.relative_to(again) for path in again.rglob("*") if path.is_file()} == files
    assert (again / "tokenizer/tokenizer.json").read_bytes() == (model() / "tokenizer/tokenizer.json").read_bytes()


def test_the_judge_goes_out_and_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "JUDGE", tmp_path / "judge.safetensors")
    train.run("export-judge", work(trained()), export.JUDGE)
    export.begin_from(model(), tmp_path / "elsewhere")
    mine = loop.read_averages(tmp_path / "elsewhere" / "judge.pt", "eye")
    theirs = loop.read_averages(trained() / "judge.pt", "eye")
    assert all(torch.equal(mine[name], theirs[name].half().float()) for name in theirs)


def test_the_judge_in_the_repository_can_be_asked(tmp_path: Path) -> None:
    settings = configuration.read()
    export.begin_from(bundled.FOLDER, tmp_path)
    eye = judge_stage.read(settings, tmp_path / "judge.pt")
    true = data.draw_held_out(settings.pictures, 24, settings.judge.side)

    marks = marking.marks(marking.look(eye, true.pictures), true.seeds)
    assert marking.share(marks["kind"]) > 0.7
    assert marking.share(marks["count to 3"]) > 0.7


def test_the_bundled_model_hears_the_synonyms_of_today() -> None:
    words = text_stage.make_tokenizer(configuration.read().text)
    synonyms.hear(words, synonyms.find_synonyms(tokenizer.vocabulary(words)))
    committed = tokenizer.load(bundled.FOLDER / "tokenizer")
    assert committed.get_vocab() == words.get_vocab()
    theirs, ours = (json.loads(one.backend_tokenizer.to_str())["normalizer"] for one in (committed, words))
    assert theirs == ours


def test_the_decoder_is_held_to_edges_and_means() -> None:
    drawn, machine = data.draw_held_out(SMALL.pictures, 2, 256), loop.choose_machine(SMALL.running, "cpu")
    lesson = decoder_stage.make_lesson(SMALL, drawn, machine)
    stripes = torch.full((1, 3, 16, 16), 0.1)
    stripes[..., ::2] = -0.1
    striped, plain, faint = lesson._errors(torch.cat([stripes, stripes.abs(), stripes.abs() / 10])).tolist()
    assert striped == pytest.approx(0.1 + decoder_stage.EDGE_WEIGHT * 0.2)
    assert plain == pytest.approx(0.1 + decoder_stage.MEAN_WEIGHT * 0.1)
    assert faint == pytest.approx(plain / 10)


def test_the_bundled_model_is_loaded_by_its_folder_alone() -> None:
    plain = DiffusionPipeline.from_pretrained(bundled.FOLDER)
    assert {part.dtype for part in (plain.text_encoder, plain.transformer, plain.vae)} == {torch.float32}
    (picture,) = plain("a red star", num_inference_steps=2).images
    assert picture.size == (256, 256)


def test_the_bundled_model_paints_what_it_is_asked() -> None:
    paint = evaluate.load(bundled.FOLDER, configuration.read())
    prompts = [
        "a red star on a blue background",
        "a yellow heart on a black background",
        "a green car on a pink background",
    ]
    asked = [("blue", "red"), ("black", "yellow"), ("pink", "green")]
    assert [measure.colours_of(picture) for picture in paint(prompts, (1, 2, 3))] == asked


def test_drawing_is_ended_by_the_same_signal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    train.run("draw", work(tmp_path, stop_at(0)))
    assert "of 2 shards are drawn" in capsys.readouterr().out
    assert len(list((tmp_path / "shards").glob("32-*.npz"))) < 2 or not list((tmp_path / "shards").glob("256-*.npz"))


def test_a_training_is_not_begun_anew_over_another() -> None:
    with pytest.raises(ValueError, match="already"):
        export.begin_from(model(), trained())


@pytest.mark.parametrize(
    ("program", "arguments", "said"),
    [
        (train, ["--configuration", "no.toml"], "no.toml"),
        (train, ["draw", "--from-model", "nowhere"], "nowhere is no model"),
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


def test_what_was_measured_is_put_into_the_card_once(tmp_path: Path) -> None:
    card.write(tmp_path, SMALL, 9, ("cat",))
    card.put_figures(tmp_path, "| first |")
    card.put_figures(tmp_path, "| second |")
    said = (tmp_path / card.CARD_NAME).read_text(encoding="utf-8")
    assert said.count("## Figures") == 1
    assert "| second |" in said
    assert "| first |" not in said


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
