"""Whatever happens by itself: a list that the projection keeps, and workers that go through it."""

from .items import NEVER, Item, drop, finish, keep, put, rest
from .runner import Handler, TodoRunner

__all__ = [
    "NEVER",
    "Handler",
    "Item",
    "TodoRunner",
    "drop",
    "finish",
    "keep",
    "put",
    "rest",
]
