"""Picture files, ours and copies of peers'."""
