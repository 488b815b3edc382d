"""The loop that every stage is trained by: the rate's course, averaged weights, checkpoints, and a forecast.

A checkpoint is put in place whole or not at all, so that a kill at any moment costs only the steps since the last
one. All chance of a step comes from the step's number: a run that was killed and resumed ends with the very weights
of one that was not.
"""

import math
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import torch
from torch import nn

from generator.starter.configuration import Running, Stage, Unusable
from generator.starter.journal import Journal
from generator.starter.muon import Muon

LOG_EVERY_SECONDS = 20.0
FORECAST_AFTER_SECONDS = 60.0
DECAY = 0.01


@dataclass(frozen=True, slots=True)
class Machine:
    """Where it runs."""

    device: torch.device
    half: bool  # multiply in bfloat16

    def autocast(self) -> torch.autocast:
        """The context in which a network is called."""
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.half)


class Lesson(Protocol):
    """What is learned: parts with trainable weights, and the loss of a step."""

    machine: Machine

    @property
    def parts(self) -> Mapping[str, nn.Module]:
        """The trained parts by name."""

    @property
    def rates(self) -> Mapping[str, float]:
        """How a part's rate differs from the stage's; one not named learns at it."""

    @property
    def inner(self) -> tuple[str, ...]:
        """What the names of the layers begin with whose matrices Muon moves; AdamW moves the rest."""

    def loss(self, dice: torch.Generator) -> torch.Tensor:
        """The loss on a batch that `dice`, fresh for every step, chooses."""


@dataclass(slots=True)
class State:
    """All that a checkpoint holds."""

    step: int
    names: list[str]
    weights: list[nn.Parameter]
    averages: list[torch.Tensor]
    optimizers: Sequence[torch.optim.Optimizer]


@dataclass(frozen=True, slots=True)
class Course:
    """How a stage is run: the machine's side, its checkpoint, its log, and whether to go on."""

    running: Running
    path: Path
    journal: Journal
    is_wanted: Callable[[], bool] = lambda: True


@dataclass(slots=True)
class _Pace:
    """How fast it goes."""

    started: float = field(default_factory=time.monotonic)
    steps: int = 0
    logged: float = field(default_factory=time.monotonic)
    saved: float = field(default_factory=time.monotonic)
    forecast: bool = False
    losses: list[torch.Tensor] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started


def choose_machine(running: Running, device: str = "auto") -> Machine:
    """Settle the device and the precision."""
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    chosen = torch.device(device)
    if chosen.type == "cpu":
        torch.set_num_threads(running.threads)
    else:
        torch.set_float32_matmul_precision("high")
    half = running.precision == "bfloat16" or (running.precision == "auto" and _multiplies_bfloat16(chosen))
    return Machine(chosen, half)


def train(lesson: Lesson, stage: Stage, course: Course) -> State:
    """Train from the course's checkpoint, if there is one, to the last step, or for as long as it is wanted."""
    state = _begin(lesson, stage, course.path)
    pace = _Pace()
    while state.step < stage.steps and course.is_wanted():
        _set_rate(state, stage, course.running)
        dice = torch.Generator().manual_seed(_mix(state.step))
        loss = lesson.loss(dice)
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(state.weights, 1.0)
        for optimizer in state.optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        state.step += 1
        _average(state, course.running.average)
        pace.steps += 1
        pace.losses.append(loss.detach())
        _report(state, stage, pace, course.journal)
        if time.monotonic() - pace.saved > course.running.checkpoint_seconds:
            save(state, course.path)
            pace.saved = time.monotonic()
    if pace.steps:
        _log(state, stage, pace, course.journal)
        save(state, course.path)
    return state


def save(state: State, path: Path) -> None:
    """Write a checkpoint beside the old one, then put it in its place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {
        "step": state.step,
        "weights": {name: weight.detach() for name, weight in zip(state.names, state.weights, strict=True)},
        "averages": dict(zip(state.names, state.averages, strict=True)),
        "optimizers": [optimizer.state_dict() for optimizer in state.optimizers],
    }
    write_whole(path, content)


def write_whole(path: Path, content: object) -> None:
    """Save with torch so that the file is there whole or not at all, also after a power cut."""
    unfinished = path.with_suffix(".part")
    with unfinished.open("wb") as file:
        torch.save(content, file)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def read_averages(path: Path, part: str) -> dict[str, torch.Tensor]:
    """The averaged weights of one part of a checkpoint, by their names in the part."""
    averages: dict[str, torch.Tensor] = torch.load(path, map_location="cpu", weights_only=True)["averages"]
    return {name.removeprefix(f"{part}."): value for name, value in averages.items() if name.startswith(f"{part}.")}


def read_step(path: Path) -> int:
    """How far a checkpoint is; 0 without one."""
    if not path.is_file():
        return 0
    step: int = torch.load(path, map_location="cpu", weights_only=True, mmap=True)["step"]
    return step


def _begin(lesson: Lesson, stage: Stage, path: Path) -> State:
    inner: list[dict[str, object]] = []
    rest: list[dict[str, object]] = []
    names: list[str] = []
    weights: list[nn.Parameter] = []
    for part, module in lesson.parts.items():
        module.train()
        mine = [(f"{part}.{name}", weight) for name, weight in module.named_parameters() if weight.requires_grad]
        names += [name for name, _ in mine]
        weights += [weight for _, weight in mine]
        rate = lesson.rates.get(part, 1.0)
        moved = [weight for name, weight in mine if _is_inner(name, weight, lesson.inner)]
        others = [weight for name, weight in mine if not _is_inner(name, weight, lesson.inner)]
        # Norms, biases and tables are not drawn towards zero.
        for groups, decay, members in (
            (inner, DECAY, moved),
            (rest, DECAY, [weight for weight in others if weight.ndim > 1]),
            (rest, 0.0, [weight for weight in others if weight.ndim <= 1]),
        ):
            if members:
                groups.append({"params": members, "weight_decay": decay, "factor": rate, "lr": stage.rate * rate})
    optimizers: list[torch.optim.Optimizer] = [torch.optim.AdamW(rest, lr=stage.rate, betas=(0.9, 0.98), fused=True)]
    if inner:
        optimizers.append(Muon(inner, lr=stage.rate, half=lesson.machine.half))
    state = State(0, names, weights, [weight.detach().clone() for weight in weights], optimizers)
    if path.is_file():
        _resume(state, path)
    return state


def _is_inner(name: str, weight: nn.Parameter, inner: tuple[str, ...]) -> bool:
    return weight.ndim > 1 and name.endswith(".weight") and name.startswith(inner)


def _resume(state: State, path: Path) -> None:
    """Go on where a checkpoint stood; one without its optimizers' memory may lack whole parts, which begin anew."""
    content = torch.load(path, map_location=state.weights[0].device, weights_only=True)
    if "optimizers" not in content:
        raise Unusable(f"{path} is of an older trainer: begin in another folder, with --from-model")
    kept, missing = content["weights"], set(state.names) - set(content["weights"])
    half_there = {name for name in missing if content["optimizers"] or _part_of(name) in map(_part_of, kept)}
    shapes = {name: weight.shape for name, weight in zip(state.names, state.weights, strict=True)}
    others = half_there | {name for name in shapes if name in kept and kept[name].shape != shapes[name]}
    if others:
        raise Unusable(f"{path} is of another configuration: it has no such {sorted(others)[0]}")
    state.step = content["step"]
    with torch.no_grad():
        for name, weight, average in zip(state.names, state.weights, state.averages, strict=True):
            if name not in missing:
                weight.copy_(kept[name])
                average.copy_(content["averages"][name])
    if content["optimizers"]:
        for optimizer, memory in zip(state.optimizers, content["optimizers"], strict=True):
            # The configuration's word counts, not what it was when the checkpoint was written.
            said = [(group["factor"], group["weight_decay"]) for group in optimizer.param_groups]
            optimizer.load_state_dict(memory)
            for group, (factor, decay) in zip(optimizer.param_groups, said, strict=True):
                group["factor"], group["weight_decay"] = factor, decay


def _part_of(name: str) -> str:
    return name.split(".", 1)[0]


def _set_rate(state: State, stage: Stage, running: Running) -> None:
    factor = min(1.0, (state.step + 1) / running.warmup)
    left = stage.steps - state.step
    if stage.cooldown and left <= stage.cooldown:
        factor *= 0.5 - 0.5 * math.cos(math.pi * left / stage.cooldown)
    for optimizer in state.optimizers:
        for group in optimizer.param_groups:
            group["lr"] = stage.rate * group["factor"] * factor


def _average(state: State, keep: float) -> None:
    """Move the averages towards the weights, faster at the beginning."""
    pull = 1.0 - min(keep, (1.0 + state.step) / (10.0 + state.step))
    with torch.no_grad():
        torch._foreach_lerp_(state.averages, [weight.detach() for weight in state.weights], pull)


def _report(state: State, stage: Stage, pace: _Pace, journal: Journal) -> None:
    if not pace.forecast and pace.seconds > FORECAST_AFTER_SECONDS:
        pace.forecast = True
        rate = pace.steps / pace.seconds
        left = stage.steps - state.step
        journal.write(
            {
                "forecast": f"{rate * stage.batch:.1f} samples/s; the {left} steps left take {left / rate / 60:.0f} "
                f"minutes, {rate * stage.batch * 3600:.0f} samples an hour"
            }
        )
    if time.monotonic() - pace.logged > LOG_EVERY_SECONDS:
        _log(state, stage, pace, journal)


def _log(state: State, stage: Stage, pace: _Pace, journal: Journal) -> None:
    if not pace.losses:
        return
    loss = float(torch.stack(pace.losses).mean())
    rate = pace.steps * stage.batch / pace.seconds
    journal.write({"step": state.step, "samples": state.step * stage.batch, "loss": loss, "per_second": rate})
    pace.losses.clear()
    pace.logged = time.monotonic()


def _mix(step: int) -> int:
    """A seed far from its neighbours': generators of near seeds begin alike."""
    return (step * 0x9E3779B97F4A7C15 + 0x632BE59BD9B4E019) % 2**63


def _multiplies_bfloat16(device: torch.device) -> bool:
    """Whether bfloat16 is fast; a processor without instructions for it takes ten times as long as in float32."""
    if device.type != "cpu":
        return True
    cpuinfo = Path("/proc/cpuinfo")
    flags = cpuinfo.read_text() if cpuinfo.is_file() else ""
    return "avx512_bf16" in flags or "amx_bf16" in flags
