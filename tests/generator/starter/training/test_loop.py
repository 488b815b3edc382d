"""The loop under every stage: killed and resumed it ends with the weights of a run that nobody disturbed."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import torch
from torch import nn

from generator.starter import configuration, loop
from generator.starter.configuration import Running, Stage
from generator.starter.journal import Journal, plot

pytestmark = pytest.mark.diffusers

RUNNING: Running = configuration.read(Path(__file__).parent.with_name("small.toml")).running
STAGE = Stage(steps=12, batch=4, rate=1e-2, cooldown=4)


class Line:
    """Learns a line from noisy points."""

    machine = loop.Machine(torch.device("cpu"), half=False)

    def __init__(self) -> None:
        torch.manual_seed(0)
        self.net = nn.Linear(2, 1)

    @property
    def parts(self) -> Mapping[str, nn.Module]:
        return {"line": self.net}

    @property
    def rates(self) -> Mapping[str, float]:
        return {}

    @property
    def inner(self) -> tuple[str, ...]:
        return ()

    def loss(self, dice: torch.Generator) -> torch.Tensor:
        points = torch.randn(4, 2, generator=dice)
        return (self.net(points) - points.sum(1, keepdim=True)).square().mean()


class Still(Line):
    """Does not move at all."""

    @property
    def rates(self) -> Mapping[str, float]:
        return {"line": 0.0}


def train(folder: Path, is_wanted: Callable[[], bool] = lambda: True, line: Line | None = None) -> loop.State:
    journal = Journal(folder / "logs" / "line.jsonl")
    return loop.train(line or Line(), STAGE, loop.Course(RUNNING, folder / "line.pt", journal, is_wanted))


def stop_after(steps: int) -> Callable[[], bool]:
    left = iter(range(steps))
    return lambda: next(left, None) is not None


def averages(folder: Path) -> list[torch.Tensor]:
    return list(loop.read_averages(folder / "line.pt", "line").values())


def test_a_resumed_run_ends_with_the_same_weights(tmp_path: Path) -> None:
    train(tmp_path / "whole")
    train(tmp_path / "parts", stop_after(5))
    assert loop.read_step(tmp_path / "parts" / "line.pt") == 5
    train(tmp_path / "parts")

    for one, other in zip(averages(tmp_path / "whole"), averages(tmp_path / "parts"), strict=True):
        assert torch.equal(one, other)


def test_a_kill_while_saving_leaves_the_old_checkpoint(tmp_path: Path) -> None:
    train(tmp_path, stop_after(3))
    (tmp_path / "line.part").write_bytes(b"half a checkp")
    assert train(tmp_path).step == STAGE.steps


def test_a_finished_stage_is_not_touched(tmp_path: Path) -> None:
    train(tmp_path)
    stamp = (tmp_path / "line.pt").stat().st_mtime_ns
    assert train(tmp_path).step == STAGE.steps
    assert (tmp_path / "line.pt").stat().st_mtime_ns == stamp


def test_the_checkpoint_of_another_net_is_refused(tmp_path: Path) -> None:
    train(tmp_path, stop_after(2))
    other = Line()
    other.net = nn.Sequential(other.net)  # type: ignore[assignment]
    with pytest.raises(ValueError, match="another configuration"):
        train(tmp_path, line=other)


def test_a_net_of_another_width_is_refused(tmp_path: Path) -> None:
    train(tmp_path, stop_after(2))
    other = Line()
    other.net = nn.Linear(2, 3)
    with pytest.raises(ValueError, match="another configuration"):
        train(tmp_path, line=other)


def test_begun_from_weights_alone_a_half_of_a_part_is_refused(tmp_path: Path) -> None:
    train(tmp_path, stop_after(2))
    content = torch.load(tmp_path / "line.pt", weights_only=True)
    del content["weights"]["line.bias"]
    loop.write_whole(tmp_path / "line.pt", {**content, "optimizers": []})
    with pytest.raises(ValueError, match="another configuration"):
        train(tmp_path)


def test_the_rates_are_those_of_the_configuration_not_of_the_checkpoint(tmp_path: Path) -> None:
    train(tmp_path, stop_after(2))
    before = torch.load(tmp_path / "line.pt", weights_only=True)["weights"]
    train(tmp_path, stop_after(1), line=Still())
    after = torch.load(tmp_path / "line.pt", weights_only=True)
    assert after["step"] == 3
    assert all(torch.equal(after["weights"][name], weight) for name, weight in before.items())


def test_a_line_cut_by_a_full_disk_spoils_no_graph(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "line.jsonl"
    log.parent.mkdir()
    log.write_text('{"step": 1, "loss": 0.5}\n{"step": 2, "lo')
    assert Journal(log).losses() == [(1, 0.5)]


def test_the_checkpoint_of_an_older_trainer_is_refused(tmp_path: Path) -> None:
    train(tmp_path, stop_after(2))
    content = torch.load(tmp_path / "line.pt", weights_only=True)
    content["optimizer"] = content.pop("optimizers")[0]
    loop.write_whole(tmp_path / "line.pt", content)
    with pytest.raises(ValueError, match="older trainer"):
        train(tmp_path)


def test_the_losses_can_be_looked_at(tmp_path: Path) -> None:
    train(tmp_path, stop_after(3))
    train(tmp_path, stop_after(3))
    assert len(Journal(tmp_path / "logs" / "line.jsonl").losses()) == 2
    plot(tmp_path / "logs", tmp_path / "losses.png")
    assert (tmp_path / "losses.png").read_bytes().startswith(b"\x89PNG")
