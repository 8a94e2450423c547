"""Keeps the tables of a service level with the log."""

from .projection import Projection
from .projector import Projector, rebuild

__all__ = ["Projection", "Projector", "rebuild"]
