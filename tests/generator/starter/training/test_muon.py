"""Muon moves matrices by steps whose every direction is as long, and finds what it looks for."""

import pytest
import torch
from torch import nn

from generator.starter.muon import Muon, orthogonal

pytestmark = pytest.mark.diffusers


@pytest.mark.parametrize("half", [False, True])
@pytest.mark.parametrize("shape", [(3, 8, 8), (2, 16, 5), (2, 5, 16)])
def test_singular_values_come_near_one(shape: tuple[int, int, int], half: bool) -> None:
    dice = torch.Generator().manual_seed(1)
    found = torch.linalg.svdvals(orthogonal(torch.randn(shape, generator=dice), half=half))
    assert found.min() > 0.5
    assert found.max() < 1.3


def test_matrices_side_by_side_are_moved_as_if_alone() -> None:
    dice = torch.Generator().manual_seed(2)
    both = torch.randn(2, 6, 4, generator=dice)
    assert torch.allclose(orthogonal(both)[1], orthogonal(both[1:])[0], atol=1e-5)


@pytest.mark.parametrize("layer", [nn.Linear(4, 6, bias=False), nn.Conv2d(4, 6, 3, bias=False)])
def test_it_finds_what_it_looks_for(layer: nn.Module) -> None:
    weight = layer.get_parameter("weight")
    goal = torch.randn(weight.shape, generator=torch.Generator().manual_seed(3))
    muon = Muon([{"params": [weight], "weight_decay": 0.0}], lr=0.05)
    for step in range(300):
        muon.param_groups[0]["lr"] = 0.05 * (1 - step / 300)
        torch.autograd.backward((weight - goal).square().sum())
        muon.step()
        muon.zero_grad()
    assert float((weight - goal).square().mean().detach()) < 0.02


def test_without_a_gradient_nothing_moves() -> None:
    weight = nn.Parameter(torch.ones(2, 2))
    Muon([{"params": [weight], "weight_decay": 0.1}], lr=1.0).step()
    assert torch.equal(weight, torch.ones(2, 2))
