"""Train the bundled model: `python -m generator.starter.train --work FOLDER`. Kill it when you like; run it again.

The stages: `draw` the pictures, `text`, `decoder`, `denoiser`, and the `judge` of what is painted. `export` writes the
model as a folder of diffusers, `checkpoint` the averaged weights for going on elsewhere (`--from-checkpoint`).
"""

import argparse
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from generator.starter import configuration as settings
from generator.starter import data, decoder_stage, denoiser_stage, export, judge_stage, loop, text_stage, tokenizer
from generator.starter.configuration import Configuration
from generator.starter.journal import Journal, plot

STAGES = ("draw", "text", "decoder", "denoiser", "judge")
ACTIONS = ("export", "checkpoint")


@dataclass(frozen=True, slots=True)
class Work:
    """What every stage is handed."""

    folder: Path
    configuration: Configuration
    machine: loop.Machine
    is_wanted: Callable[[], bool]

    def file(self, stage: str) -> Path:
        """A stage's checkpoint."""
        return self.folder / f"{stage}.pt"

    def journal(self, stage: str) -> Journal:
        """A stage's log."""
        return Journal(self.folder / "logs" / f"{stage}.jsonl")


def main() -> None:
    """Read the arguments and run what they name."""
    parser = argparse.ArgumentParser(prog="python -m generator.starter.train", description=__doc__)
    parser.add_argument("what", nargs="*", help=f"of {', '.join(STAGES + ACTIONS)}; all stages when none is named")
    parser.add_argument("--work", type=Path, required=True, help="where shards, checkpoints and logs are kept")
    parser.add_argument("--configuration", type=Path, default=settings.DEFAULT)
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda")
    parser.add_argument("--minutes", type=float, help="stop after so long, with a checkpoint")
    parser.add_argument("--from-checkpoint", type=Path, help="begin with the weights that `checkpoint` wrote")
    parser.add_argument("--to", type=Path, help="where export or checkpoint writes")
    arguments = parser.parse_args()
    unknown = set(arguments.what) - set(STAGES + ACTIONS)
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    configuration = settings.read(arguments.configuration)
    machine = loop.choose_machine(configuration.running, arguments.device)
    work = Work(arguments.work, configuration, machine, until(arguments.minutes))
    if arguments.from_checkpoint:
        export.begin_from(arguments.from_checkpoint, work.folder)
    for name in arguments.what or STAGES:
        if name in ACTIONS and arguments.to is None:
            parser.error(f"{name} needs --to FOLDER")
        run(name, work, arguments.to)


def until(minutes: float | None) -> Callable[[], bool]:
    """Whether to go on: until the time is over or somebody asks for an end (SIGTERM, SIGINT)."""
    ended: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda caught, _frame: ended.append(caught))
    deadline = None if minutes is None else time.monotonic() + 60.0 * minutes
    return lambda: not ended and (deadline is None or time.monotonic() < deadline)


def run(name: str, work: Work, target: Path | None = None) -> None:
    """Run one stage or action."""
    if not work.is_wanted():
        return
    if name == "draw":
        data.draw_small(work.configuration.pictures, work.folder / "shards", work.configuration.running.workers)
        data.draw_whole(work.configuration.pictures, work.folder / "shards", work.configuration.running.workers)
    elif name == "text":
        learn_text(work)
    elif name == "decoder":
        learn_decoder(work)
    elif name == "denoiser":
        learn_denoiser(work)
    elif name == "judge":
        learn_judge(work)
    elif target is not None and name == "export":
        export.export(work.configuration, work.folder, target)
    elif target is not None:
        export.save_checkpoint(work.configuration, work.folder, target)
    plot(work.folder / "logs", work.folder / "losses.png")


def learn_text(work: Work) -> None:
    """Make the tokenizer, then teach the caption encoder."""
    text, place = work.configuration.text, work.folder / "tokenizer"
    if not (place / "tokenizer_config.json").is_file():
        text_stage.make_tokenizer(text).save_pretrained(place)
    if loop.read_step(work.file("text")) >= text.steps:
        return
    words = tokenizer.load(place)
    lesson = text_stage.make_lesson(words, text, work.machine)
    journal = work.journal("text")
    state = loop.train(lesson, text, work.configuration.running, work.file("text"), journal, work.is_wanted)
    right = text_stage.examine(lesson, words, text)
    journal.write({"examined at": state.step, **right})


def learn_decoder(work: Work) -> None:
    """Teach the decoder."""
    configuration = work.configuration
    if loop.read_step(work.file("decoder")) >= configuration.decoder.steps:
        return
    drawn = data.draw_whole(configuration.pictures, work.folder / "shards", configuration.running.workers)
    lesson = decoder_stage.make_lesson(configuration, drawn, work.machine)
    loop.train(
        lesson,
        configuration.decoder,
        configuration.running,
        work.file("decoder"),
        work.journal("decoder"),
        work.is_wanted,
    )


def learn_denoiser(work: Work) -> None:
    """Teach the painter."""
    configuration = work.configuration
    drawn = data.draw_small(configuration.pictures, work.folder / "shards", configuration.running.workers)
    words = tokenizer.load(work.folder / "tokenizer")
    taught = loop.read_averages(work.file("text"), "text_encoder")
    lesson = denoiser_stage.make_lesson(configuration, words, taught, drawn, work.machine)
    loop.train(
        lesson,
        configuration.denoiser,
        configuration.running,
        work.file("denoiser"),
        work.journal("denoiser"),
        work.is_wanted,
    )


def learn_judge(work: Work) -> None:
    """Teach the judge, on pictures of its own."""
    judge, running = work.configuration.judge, work.configuration.running
    if loop.read_step(work.file("judge")) >= judge.steps:
        return
    drawn = data.draw_small(judge_stage.pictures_of(work.configuration), work.folder / "shards", running.workers)
    lesson = judge_stage.make_lesson(drawn, judge, work.machine)
    loop.train(lesson, judge, running, work.file("judge"), work.journal("judge"), work.is_wanted)


if __name__ == "__main__":
    main()
