"""One spare device: in stock, or with exactly one loan."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, assert_never

import msgspec
from msgspec.structs import replace

from aftercare_events.catalogue.unit import (
    UnitInspected,
    UnitRegistered,
    UnitReserved,
    UnitReturned,
    UnitWrittenOff,
)
from aftercare_events.decider import Refused

Status = Literal["free", "lent", "to_inspect", "unfit", "written_off"]
Fact = UnitRegistered | UnitReserved | UnitReturned | UnitInspected | UnitWrittenOff


class UnitState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`loan_id` is the loan it is reserved for or out with."""

    entry: UnitRegistered | None = None
    loan_id: str | None = None
    fit: bool = True
    to_inspect: bool = False
    written_off: bool = False

    @property
    def status(self) -> Status:
        if self.loan_id is not None:
            return "lent"
        if self.written_off:
            return "written_off"
        if self.to_inspect:
            return "to_inspect"
        return "free" if self.fit else "unfit"

    @property
    def free(self) -> bool:
        return self.entry is not None and self.status == "free"


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    entry: UnitRegistered


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserve:
    unit_id: str
    loan_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """`fit` is None until somebody has inspected the unit."""

    unit_id: str
    loan_id: str
    fit: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspect:
    unit_id: str
    fit: bool
    finding: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOff:
    unit_id: str
    loan_id: str


Command = Register | Reserve | Return | Inspect | WriteOff
INITIAL = UnitState()


def decide(command: Command, state: UnitState) -> Sequence[Fact]:
    """Raises Refused."""
    match command:
        case Register():
            return register(command, state)
        case Reserve():
            return reserve(command, state)
        case Return():
            return give_back(command, state)
        case Inspect():
            return inspect(command, state)
        case WriteOff():
            return [UnitWrittenOff(unit_id=command.unit_id, loan_id=command.loan_id)]
        case _:
            assert_never(command)


def register(command: Register, state: UnitState) -> Sequence[Fact]:
    """What is known already says nothing new: a list that is sent again brings no unit on stock.

    Raises Refused: only a unit that is free can be described anew.
    """
    if state.entry == command.entry:
        return []
    unit_id = command.entry.unit_id
    if state.loan_id is not None:
        raise Refused("unit-lent", f"{unit_id} is out with loan {state.loan_id}")
    if state.entry is not None and not state.free:
        status = state.status.replace("_", "-")
        raise Refused(f"unit-{status}", f"{unit_id} is {status}: it is inspected first")
    return [command.entry]


def reserve(command: Reserve, state: UnitState) -> Sequence[Fact]:
    """A unit is never lent twice (DP-10)."""
    _entry(command.unit_id, state)
    if not state.free:
        raise Refused("unit-not-free", f"{command.unit_id} is {state.status}")
    return [UnitReserved(unit_id=command.unit_id, loan_id=command.loan_id)]


def give_back(command: Return, state: UnitState) -> Sequence[Fact]:
    depot_id = _entry(command.unit_id, state).depot_id
    return [
        UnitReturned(
            unit_id=command.unit_id,
            loan_id=command.loan_id,
            depot_id=depot_id,
            fit=command.fit is True,
            to_inspect=command.fit is None,
        )
    ]


def inspect(command: Inspect, state: UnitState) -> Sequence[Fact]:
    """What came back is lent again only once it was found fit; what was repaired, likewise.

    So is a lost unit that was found again; `finding` says where.
    """
    _entry(command.unit_id, state)
    if state.status not in ("to_inspect", "unfit", "written_off"):
        raise Refused("nothing-to-inspect", f"{command.unit_id} is {state.status}")
    if state.written_off and not command.finding:
        raise Refused(
            "finding-required", f"{command.unit_id} was lost: say where it was", "finding"
        )
    return [UnitInspected(unit_id=command.unit_id, fit=command.fit, finding=command.finding)]


def _entry(unit_id: str, state: UnitState) -> UnitRegistered:
    if state.entry is None:
        raise Refused("unknown-unit", f"no unit {unit_id}", "unit_id")
    return state.entry


def evolve(state: UnitState, fact: Fact) -> UnitState:
    match fact:
        case UnitRegistered():
            return replace(state, entry=fact, fit=True, to_inspect=False, written_off=False)
        case UnitReserved():
            return replace(state, loan_id=fact.loan_id)
        case UnitReturned():
            return replace(state, loan_id=None, fit=fact.fit, to_inspect=fact.to_inspect)
        case UnitInspected():
            return replace(state, fit=fact.fit, to_inspect=False, written_off=False)
        case UnitWrittenOff():
            return replace(state, loan_id=None, written_off=True)
        case _:
            assert_never(fact)
