"""Fetches a known model from a hub into a folder: a pinned commit, safetensors and their descriptions only.

The one part of the generator that reaches the network, and only when an operator asks for it; the child never does.
It must not load what it fetched.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from huggingface_hub import HfApi, snapshot_download

from generator import catalogue
from generator.catalogue import KnownModel

HUB = "https://huggingface.co"
# What diffusers' folders are made of. Weights of other kinds can run code when they are read.
_WANTED = re.compile(r"(.+\.(json|txt|model|jinja))|([^/]+/.+\.safetensors)")
_VARIANT = re.compile(r"\.(fp16|bf16|fp32|non_ema|ema)(-\d{5}-of-\d{5})?\.")


class InstallFailed(Exception):
    """The hub does not answer, or has no such model; the sentence is for the operator."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be fetched: the model with its commit pinned, the files and their bytes together."""

    model: KnownModel
    files: tuple[str, ...]
    bytes: int


def plan(model: KnownModel, hub: str = HUB) -> Plan:
    """Ask the hub for the newest commit of a known model and for its files.

    Raises:
        InstallFailed: the hub cannot be asked, or what it has is no model in safetensors.
    """
    if model.source is None:
        raise InstallFailed(f"{model.name} is on no hub")
    try:
        facts = HfApi(endpoint=hub).model_info(model.source, files_metadata=True)
    # Whatever the transport of the hub's library raises today is one line for the operator.
    except Exception as error:
        raise InstallFailed(f"{hub} does not tell about {model.source}: {_sentence(error)}") from error
    sizes = {one.rfilename: one.size or 0 for one in facts.siblings or ()}
    chosen = choose_files(tuple(sizes))
    if "model_index.json" not in chosen or not any(name.endswith(".safetensors") for name in chosen):
        raise InstallFailed(f"{model.source} is no folder of diffusers with safetensors")
    return Plan(catalogue.pin(model, facts.sha or ""), chosen, sum(sizes[name] for name in chosen))


def choose_files(names: Sequence[str]) -> tuple[str, ...]:
    """Return the files that loading needs: no pictures, no whole checkpoints beside the folder, no second precision."""
    return tuple(sorted(name for name in names if _WANTED.fullmatch(name) and not _VARIANT.search(name)))


def fetch(planned: Plan, folder: Path, hub: str = HUB) -> None:
    """Fetch the files of a plan into `folder` and describe the model there; what is there already is not fetched again.

    Raises:
        InstallFailed: the hub broke off; the same call goes on where it stood.
    """
    model = planned.model
    try:
        snapshot_download(
            model.source or "",
            revision=model.revision,
            endpoint=hub,
            local_dir=folder,
            allow_patterns=list(planned.files),
        )
    except Exception as error:
        raise InstallFailed(f"{model.source} was not fetched whole: {_sentence(error)}") from error
    # Last: a folder is a model of ours once its description stands in it.
    catalogue.write(folder, model)


def _sentence(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
