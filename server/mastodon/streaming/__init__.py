"""Tells who listens what happens, as it happens; it must not decide who may hear it."""
