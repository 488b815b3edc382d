"""Estimates: what a model would take on a machine."""

import json
import subprocess
import sys

import msgspec
import pytest

from generator.catalogue import KNOWN, KnownModel, find
from generator.machine import Machine, make_offer, measure_processor
from generator.offers import make_offers

GPU = Machine("cuda", "a GPU", 24.0, 100.0)
CPU = Machine("cpu", "8 processor cores", 32.0, 0.5)


def known(name: str) -> KnownModel:
    model = find(name)
    assert model is not None
    return model


def test_a_processor_is_measured_in_teraflops_and_has_memory() -> None:
    machine = measure_processor()
    assert machine.kind == "cpu"
    assert 0.0001 < machine.teraflops < 100
    assert machine.memory_gigabytes > 0.1


def test_twice_the_speed_takes_half_the_time() -> None:
    fast = msgspec.structs.replace(GPU, teraflops=200.0)
    slow, quick = make_offer(known("z-image-turbo"), GPU), make_offer(known("z-image-turbo"), fast)
    assert slow.seconds is not None
    assert quick.seconds == pytest.approx(slow.seconds / 2)


def test_guidance_costs_a_second_call_for_each_step() -> None:
    plain = msgspec.structs.replace(known("sdxl"), guidance=1.0)
    guided, unguided = make_offer(known("sdxl"), GPU), make_offer(plain, GPU)
    assert guided.seconds is not None and unguided.seconds is not None
    assert 1.7 < guided.seconds / unguided.seconds < 2.0


def test_sdxl_on_a_middling_gpu_takes_seconds() -> None:
    offer = make_offer(known("sdxl"), GPU)
    assert offer.seconds is not None
    assert 3 < offer.seconds < 15  # people report five to ten on such cards
    assert offer.fits


def test_a_processor_needs_room_for_single_precision() -> None:
    assert make_offer(known("sdxl"), CPU).fits
    assert make_offer(known("qwen-image"), CPU).fits is False


def test_what_is_not_known_is_not_guessed() -> None:
    offer = make_offer(known("qwen-image-21"), GPU)
    assert (offer.seconds, offer.weights_gigabytes) == (None, None)


def test_every_known_model_is_offered() -> None:
    assert [offer.name for offer in make_offers(GPU).models] == [model.name for model in KNOWN]


def test_the_program_prints_machine_and_models_as_json() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "generator.offers"], capture_output=True, check=True, timeout=240
    ).stdout
    told = json.loads(printed)
    assert told["machine"]["teraflops"] > 0
    assert len(told["models"]) == len(KNOWN)
