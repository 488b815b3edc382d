"""Picture files: where they lie and in which forms. It must not know posts, nor use the network for anything else."""
