"""How fast the first GPU multiplies, for the estimates of `generator.machine`. It must not load a model."""

import time

import torch

from generator.machine import GIGABYTE, Machine

SIDE = 8192
ROUNDS = 5


def measure_accelerator() -> Machine | None:
    """Multiply in bfloat16 on the first GPU; None where torch finds none."""
    if not torch.cuda.is_available():
        return None
    facts = torch.cuda.get_device_properties(0)
    left = torch.randn(SIDE, SIDE, device="cuda", dtype=torch.bfloat16)
    best = float("inf")
    for _ in range(ROUNDS):
        torch.cuda.synchronize()
        began = time.perf_counter()
        left @ left
        torch.cuda.synchronize()
        best = min(best, time.perf_counter() - began)
    return Machine("cuda", facts.name, facts.total_memory / GIGABYTE, 2 * SIDE**3 / best / 1e12)
