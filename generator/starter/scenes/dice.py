"""Repeatable chance: everything a scene leaves open is thrown with these dice, never with the clock or the system."""

import random


def throw(seed: int, purpose: str) -> random.Random:
    """Dice for one purpose of one scene, so that a change in the sky does not move the boats."""
    return random.Random(f"{seed}/{purpose}")
