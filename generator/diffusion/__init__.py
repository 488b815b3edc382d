"""Pictures by diffusers. Only these modules import torch, and only `generator.__main__` imports them, by name.

`folder` reads what lies on the disk, `abilities` what a pipeline class can do, `loading` makes a model ready,
`calling` runs one batch, `previews` looks at unfinished latents, and `painter` is the engine over them all.
"""
