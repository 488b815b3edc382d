"""Scenes: what a picture holds (`description`) and how it is painted (`paint`), one family of things per file."""
