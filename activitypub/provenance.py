"""The terms that say a picture was generated, and how: on Notes and on their attachments.

They stand as flat keys with terms defined inline, so that peers which ignore them lose nothing (Pixelfed
refuses deep documents). Nothing here may decide what its author wishes to show: absent fields stay absent.
"""

from dataclasses import dataclass
from typing import Literal

# The addresses of our own terms; opening one shows the page on which they are described.
NAMESPACE = "https://github.com/pinxit/pinxit/blob/main/FEDERATION.md#"

# IPTC's words for the origin of a picture, https://cv.iptc.org/newscodes/digitalsourcetype/
_IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
TRAINED = _IPTC + "trainedAlgorithmicMedia"
COMPOSITE = _IPTC + "compositeWithTrainedAlgorithmicMedia"
ALGORITHMIC = _IPTC + "algorithmicMedia"

CONTEXT_TERMS: dict[str, object] = {
    "pinxit": NAMESPACE,
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    # PieFed's compact name, the one label of this kind that live software reads.
    "genAI": {"@id": "pinxit:genAI", "@type": "xsd:boolean"},
    "digitalSourceType": {"@id": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/DigitalSourceType", "@type": "@id"},
    "generationEngine": "pinxit:generationEngine",
    "generationModel": "pinxit:generationModel",
    "generationModelRevision": "pinxit:generationModelRevision",
    "generationLicense": "pinxit:generationLicense",
    "generationPrompt": "pinxit:generationPrompt",
    "generationNegativePrompt": "pinxit:generationNegativePrompt",
    "generationSeed": "pinxit:generationSeed",
    "generationSteps": {"@id": "pinxit:generationSteps", "@type": "xsd:integer"},
    "generationGuidance": "pinxit:generationGuidance",
    "generationSize": "pinxit:generationSize",
    "drawnByRules": {"@id": "pinxit:drawnByRules", "@type": "xsd:boolean"},
    "remixOf": {"@id": "pinxit:remixOf", "@type": "@id"},
    "manifest": {"@id": "pinxit:manifest", "@type": "@id"},
}

Origin = Literal["model", "remix", "rules"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """How a picture came to be. Prompts are None where their author keeps them private."""

    engine: str
    model: str
    model_revision: str | None
    license: str | None
    prompt: str | None
    negative: str | None
    seed: int | None
    steps: int | None
    guidance: float | None
    width: int
    height: int
    drawn_by_rules: bool


def digital_source_type(origin: Origin) -> str:
    """IPTC's word for a picture by a model, by a model from another picture, or by drawing rules."""
    return {"model": TRAINED, "remix": COMPOSITE, "rules": ALGORITHMIC}[origin]


def source_type_of(word: str) -> str:
    """The address of one of IPTC's words."""
    return _IPTC + word


def note_terms(provenance: Provenance) -> dict[str, object]:
    """The flat keys for a Note; what is not known or not shown is left out.

    Seed and guidance are strings: a seed has 64 bits, of which JSON readers keep 53, and a fraction would be
    written differently by different signers.
    """
    terms: dict[str, object | None] = {
        "generationEngine": provenance.engine,
        "generationModel": provenance.model,
        "generationModelRevision": provenance.model_revision,
        "generationLicense": provenance.license,
        "generationPrompt": provenance.prompt,
        "generationNegativePrompt": provenance.negative,
        "generationSeed": None if provenance.seed is None else str(provenance.seed),
        "generationSteps": provenance.steps,
        "generationGuidance": None if provenance.guidance is None else f"{provenance.guidance:g}",
        "generationSize": f"{provenance.width}x{provenance.height}",
        "drawnByRules": provenance.drawn_by_rules,
    }
    return {name: value for name, value in terms.items() if value is not None}
