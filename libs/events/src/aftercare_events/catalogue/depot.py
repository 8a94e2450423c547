"""Depots of spare units, and how many each keeps at least."""

import msgspec

from .engineer import Point
from .registry import event_type


@event_type("aftercare.depot.registered.v1")
class DepotRegistered(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    depot_id: str
    name: str
    district: str | None = None
    location: Point | None = None


class SafetyLevel(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How many free units of a `model`, or of a whole `category`, a depot keeps at least.

    A `key_device` keeps redundant spares: two at least.
    """

    at_least: int
    model: str | None = None
    category: str | None = None
    key_device: bool = False


class _DepotEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    depot_id: str


@event_type("aftercare.depot.safety_stock_set.v1")
class SafetyStockSet(_DepotEvent, frozen=True, kw_only=True, omit_defaults=True):
    """All levels of a depot as they stand from now on (DP-12)."""

    levels: tuple[SafetyLevel, ...] = ()


class _StockEvent(_DepotEvent, frozen=True, kw_only=True, omit_defaults=True):
    free: int
    at_least: int
    model: str | None = None
    category: str | None = None
    key_device: bool = False


@event_type("aftercare.depot.stock_low.v1")
class StockLow(_StockEvent, frozen=True, kw_only=True, omit_defaults=True):
    """Fewer units are free than are to be kept: an alert for ops (DP-12)."""


@event_type("aftercare.depot.stock_refilled.v1")
class StockRefilled(_StockEvent, frozen=True, kw_only=True, omit_defaults=True):
    """The alert is over: enough units are free, or the level was lowered or given up."""
