"""When a case kept a device from working (SL-09)."""

from collections.abc import Iterator
from typing import NamedTuple

from .facts import Ended, Reopened
from .milestones import ORDER
from .state import CaseClocks, Reached

_RESPONSE = frozenset(ORDER[ORDER.index("responded") :])
_RESTORATION = frozenset(ORDER[ORDER.index("restored") :])


class Outage(NamedTuple):
    """One device down in one cycle of one case; instants in microseconds.

    `restored_at` is None while it lasts, `responded_at` until somebody has answered.
    """

    device_id: str
    cycle: int
    began_at: int
    responded_at: int | None
    restored_at: int | None


def outages_of(state: CaseClocks) -> list[Outage]:
    """The outages of a case as it is known now, one for each cycle that was not called off.

    Only a fault of a device whose use is not known to be unaffected is one. A cycle that was
    withdrawn or merged has none: the fault was no fault, or counts with the other case. A
    milestone implies the earlier ones, as it does for the clocks.
    """
    attributes = state.course.attributes
    is_down = attributes.kind == "fault" and attributes.use_affected is not False
    if attributes.device_id is None or not is_down:
        return []
    return [
        Outage(
            device_id=attributes.device_id,
            cycle=cycle,
            began_at=began_at,
            responded_at=_first(state.course.reached, cycle, _RESPONSE),
            restored_at=_first(state.course.reached, cycle, _RESTORATION),
        )
        for cycle, began_at in _cycles(state)
    ]


def _cycles(state: CaseClocks) -> Iterator[tuple[int, int]]:
    """The cycles that count, each with its beginning."""
    cycle, began_at, called_off = 1, state.reported_at, False
    for fact in sorted(state.facts, key=lambda fact: fact.at):
        match fact:
            case Reopened(at):
                if not called_off:
                    yield cycle, began_at
                cycle, began_at, called_off = cycle + 1, at, False
            case Ended():
                called_off = True
            case _:
                pass
    if not called_off:
        yield cycle, began_at


def _first(reached: tuple[Reached, ...], cycle: int, names: frozenset[str]) -> int | None:
    instants = (r.at for r in reached if r.cycle == cycle and r.name in names)
    return min(instants, default=None)
