"""Keeps the tables of a service level with the log."""

from .projector import Projection, Projector, rebuild

__all__ = ["Projection", "Projector", "rebuild"]
