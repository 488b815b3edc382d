"""What a model says of itself, beside its weights: a card for people, a description for the engine.

It must not look into the weights.
"""

from collections.abc import Sequence
from pathlib import Path

from generator import catalogue
from generator.catalogue import KnownModel
from generator.starter.configuration import Configuration

CARD_NAME = "README.md"
_FIGURES = "## Figures\n"
_CARD = """---
license: agpl-3.0
library_name: diffusers
pipeline_tag: text-to-image
---

# Pinxit starter

A small text-to-image diffusion model that comes with Pinxit and paints on a processor. It was trained from nothing by
the Pinxit project.

```python
painter = DiffusionPipeline.from_pretrained(FOLDER)
painter("a red sailboat on the sea at sunset", {call}).images[0]
```

PixArt's pipeline: a caption encoder (DistilBERT's class), a diffusion transformer over 64 patches of 4 x 4, and a
decoder that draws sharp at {side} x {side} what the transformer paints at {latent_side} x {latent_side}.
The weights are the average over the last steps, in half precision.

## Data

Scenes that the project draws by rules, with captions made from the same rules, and nothing else: no photograph, no
picture and no sentence of anybody's. The rules are `generator/starter/scenes/`; `generator/starter/` trains from them.

## Licence

AGPL-3.0-or-later, as the project. Pictures that it paints are their makers'.

## Limits

- {side} x {side} pixels. One or two kinds of things, up to five of each, in the {words} words of the captions and
  others that mean the same. Pinxit names the words that it does not know. The first 120 words are read, and nothing is
  left out on demand: "no trees" is trees.
- Five styles: flat, watercolor, pixel art, line art, neon. No photographs.
- No likeness of anybody: people are silhouettes. No letters, no brands.
- In line art things are the least sure, pixel art is drawn softly, and what is partly covered may be missing.

{figures}"""


def write(folder: Path, configuration: Configuration, words: int, vocabulary: Sequence[str]) -> None:
    """Write both; the figures are still to be measured. `words` are those of the captions, `vocabulary` those shown."""
    pictures, painting = configuration.pictures, configuration.painting
    card = _CARD.format(
        call=f"num_inference_steps={painting.steps}, guidance_scale={painting.guidance}",
        side=pictures.side,
        latent_side=pictures.latent_side,
        words=words,
        figures=f"{_FIGURES}\nNot measured yet.\n",
    )
    (folder / CARD_NAME).write_text(card, encoding="utf-8")
    known = KnownModel(
        name="pinxit-starter",
        label="Pinxit starter",
        license="AGPL-3.0-or-later",
        license_class="own",
        sizes=((pictures.side, pictures.side),),
        min_side=pictures.side,
        max_side=pictures.side,
        steps=painting.steps,
        min_steps=2,  # PixArt's pipeline takes one step for a distilled model, and fails
        max_steps=50,
        guidance=painting.guidance,
        max_guidance=10.0,
        vocabulary=tuple(vocabulary),
    )
    catalogue.write(folder, known)


def put_figures(folder: Path, table: str) -> None:
    """Put what was measured into the card of a model."""
    path = folder / CARD_NAME
    rest, _, _ = path.read_text(encoding="utf-8").partition(_FIGURES)
    said = "Captions of scenes that it was not trained on, beside true renders of them:"
    path.write_text(f"{rest}{_FIGURES}\n{said}\n\n{table}\n", encoding="utf-8")
