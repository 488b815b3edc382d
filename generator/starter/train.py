"""Train the bundled model: `python -m generator.starter.train --work FOLDER`. Kill it when you like; run it again.

The stages: `draw` the pictures, `text`, `decoder`, `denoiser`, and the `judge` of what is painted. `export` writes the
model as a folder of diffusers, from which it can be gone on with elsewhere (`--from-model`), `export-judge` the judge.
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
ACTIONS = ("export", "export-judge")


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

    @property
    def shards(self) -> data.Shards:
        """Where pictures are drawn to."""
        return data.Shards(self.folder / "shards", self.configuration.running.workers, self.is_wanted)

    def is_finished(self, stage: str, steps: int) -> bool:
        """Whether a stage has nothing left to learn."""
        return loop.read_step(self.file(stage)) >= steps

    def course(self, stage: str) -> loop.Course:
        """How a stage is run."""
        journal = Journal(self.folder / "logs" / f"{stage}.jsonl")
        return loop.Course(self.configuration.running, self.file(stage), journal, self.is_wanted)


def main() -> None:
    """Read the arguments and run what they name."""
    parser = argparse.ArgumentParser(prog="python -m generator.starter.train", description=__doc__)
    parser.add_argument("what", nargs="*", help=f"of {', '.join(STAGES + ACTIONS)}; all stages when none is named")
    parser.add_argument("--work", type=Path, required=True, help="where shards, checkpoints and logs are kept")
    parser.add_argument("--configuration", type=Path, default=settings.DEFAULT)
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda")
    parser.add_argument("--minutes", type=float, help="stop after so long, with a checkpoint")
    parser.add_argument("--from-model", type=Path, help="begin with the weights that `export` wrote")
    parser.add_argument("--to", type=Path, help="where an export goes: the model's folder, or the judge's file")
    arguments = parser.parse_args()
    unknown = set(arguments.what) - set(STAGES + ACTIONS)
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    if set(arguments.what) & set(ACTIONS) and arguments.to is None:
        parser.error(f"{' and '.join(ACTIONS)} need --to")
    try:
        configuration = settings.read(arguments.configuration)
        machine = loop.choose_machine(configuration.running, arguments.device)
        work = Work(arguments.work, configuration, machine, until(arguments.minutes))
        if arguments.from_model:
            export.begin_from(arguments.from_model, work.folder)
        for name in arguments.what or STAGES:
            run(name, work, arguments.to)
    except settings.Unusable as error:
        parser.exit(1, f"{parser.prog}: {error}\n")


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
    try:
        _run(name, work, target)
    except data.Unfinished as ended:
        print(ended)
        return
    plot(work.folder / "logs", work.folder / "losses.png")


def _run(name: str, work: Work, target: Path | None) -> None:
    if name == "draw":
        data.draw(work.configuration.pictures, work.shards)
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
        export.export_judge(work.folder, target)


def learn_text(work: Work) -> None:
    """Make the tokenizer, then teach the caption encoder."""
    text, place = work.configuration.text, work.folder / "tokenizer"
    if not (place / "tokenizer_config.json").is_file():
        text_stage.make_tokenizer(text).save_pretrained(place)
    if work.is_finished("text", text.steps):
        return
    words = tokenizer.load(place)
    lesson, course = text_stage.make_lesson(words, text, work.machine), work.course("text")
    state = loop.train(lesson, text, course)
    course.journal.write({"examined at": state.step, **text_stage.examine(lesson, words, text)})


def learn_decoder(work: Work) -> None:
    """Teach the decoder."""
    configuration = work.configuration
    if work.is_finished("decoder", configuration.decoder.steps):
        return
    drawn = data.draw_whole(configuration.pictures, work.shards)
    lesson = decoder_stage.make_lesson(configuration, drawn, work.machine)
    loop.train(lesson, configuration.decoder, work.course("decoder"))


def learn_denoiser(work: Work) -> None:
    """Teach the painter."""
    configuration = work.configuration
    if work.is_finished("denoiser", configuration.denoiser.steps):
        return
    drawn = data.draw_small(configuration.pictures, work.shards, configuration.pictures.latent_side)
    words = tokenizer.load(work.folder / "tokenizer")
    taught = loop.read_averages(work.file("text"), "text_encoder")
    lesson = denoiser_stage.make_lesson(configuration, words, taught, drawn, work.machine)
    loop.train(lesson, configuration.denoiser, work.course("denoiser"))


def learn_judge(work: Work) -> None:
    """Teach the judge, on scenes of all styles and grounds, whatever the painter has learned yet."""
    judge = work.configuration.judge
    if work.is_finished("judge", judge.steps):
        return
    drawn = data.draw_small(data.everything(work.configuration.pictures), work.shards, judge.side)
    loop.train(judge_stage.make_lesson(drawn, judge, work.machine), judge, work.course("judge"))


if __name__ == "__main__":
    main()
