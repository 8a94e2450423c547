"""One engineer: what they can do, when they work, where they are booked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

import msgspec
from msgspec.structs import replace

from aftercare_events.catalogue.dispatch import (
    Duty,
    EngineerBooked,
    EngineerRegistered,
    EngineerReleased,
    EngineerRostered,
    ReleaseReason,
)
from aftercare_events.decider import Refused
from aftercare_events.duty import ALWAYS

from .slot import Slot

Fact = EngineerRegistered | EngineerRostered | EngineerBooked | EngineerReleased


class EngineerState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`bookings` by case. Without a roster somebody is on duty around the clock."""

    entry: EngineerRegistered | None = None
    duty: Duty = ALWAYS
    bookings: dict[str, Slot] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    entry: EngineerRegistered


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    engineer_id: str
    duty: Duty


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    engineer_id: str
    case_id: str
    slot: Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    engineer_id: str
    case_id: str
    reason: ReleaseReason


Command = Register | Roster | Book | Release
INITIAL = EngineerState()


def who(command: Command) -> str:
    """The engineer a command is for."""
    return command.entry.engineer_id if isinstance(command, Register) else command.engineer_id


def decide(command: Command, state: EngineerState) -> Sequence[Fact]:
    """Raises Refused."""
    match command:
        case Register():
            return [] if state.entry == command.entry else [command.entry]
        case Roster():
            return roster(command, state)
        case Book():
            return book(command, state)
        case Release():
            return release(command, state)
        case _:
            assert_never(command)


def roster(command: Roster, state: EngineerState) -> Sequence[Fact]:
    _known(command.engineer_id, state)
    if state.duty == command.duty:
        return []
    return [EngineerRostered(engineer_id=command.engineer_id, duty=command.duty)]


def book(command: Book, state: EngineerState) -> Sequence[Fact]:
    """One engineer is in one place at a time (DP-06)."""
    _known(command.engineer_id, state)
    for case_id, taken in state.bookings.items():
        if taken.overlaps(command.slot):
            raise Refused(
                "engineer-busy",
                f"{command.engineer_id} is booked for {case_id} "
                f"from {taken.start.isoformat()} to {taken.end.isoformat()}",
            )
    return [
        EngineerBooked(
            engineer_id=command.engineer_id,
            case_id=command.case_id,
            start=command.slot.start,
            end=command.slot.end,
        )
    ]


def release(command: Release, state: EngineerState) -> Sequence[Fact]:
    if command.case_id not in state.bookings:
        return []
    return [
        EngineerReleased(
            engineer_id=command.engineer_id, case_id=command.case_id, reason=command.reason
        )
    ]


def _known(engineer_id: str, state: EngineerState) -> None:
    if state.entry is None or not state.entry.active:
        raise Refused("unknown-engineer", f"no engineer {engineer_id} is at work", "engineer_id")


def evolve(state: EngineerState, fact: Fact) -> EngineerState:
    match fact:
        case EngineerRegistered():
            return replace(state, entry=fact)
        case EngineerRostered():
            return replace(state, duty=fact.duty)
        case EngineerBooked():
            slot = Slot(fact.start, fact.end)
            return replace(state, bookings={**state.bookings, fact.case_id: slot})
        case EngineerReleased():
            kept = {case: slot for case, slot in state.bookings.items() if case != fact.case_id}
            return replace(state, bookings=kept)
        case _:
            assert_never(fact)
