"""A house with alice and carol, and bob elsewhere; the fixture is the one that the actions' tests stand on."""

from tests.server.actions.conftest import ground

__all__ = ["ground"]
