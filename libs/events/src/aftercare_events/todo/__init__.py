"""Whatever happens by itself: a list that the projection keeps, and workers that go through it."""

from .items import Item, drop, put
from .runner import Handler, TodoRunner

__all__ = ["Handler", "Item", "TodoRunner", "drop", "put"]
