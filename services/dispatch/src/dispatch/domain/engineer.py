"""One engineer: what they can do, when they work, where they are booked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import msgspec
from msgspec.structs import replace

from aftercare_events import rota_folding
from aftercare_events.catalogue.engineer import (
    Certificate,
    CertificateExpiring,
    Duty,
    EngineerBooked,
    EngineerRegistered,
    EngineerReleased,
    EngineerRostered,
    ReleaseReason,
)
from aftercare_events.decider import Refused
from aftercare_events.duty import ALWAYS
from aftercare_events.rota import Absence, Dated, Rota

from . import shifts
from .slot import Slot

Fact = EngineerBooked | EngineerReleased | CertificateExpiring | rota_folding.Fact


class EngineerState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`bookings` by case; `duty`, `rostered`, `dated` and `absences` are those of the roster.

    `on_site` is the case at whose site they are. `reminded` has the certificates of whose end
    somebody was told.
    """

    entry: EngineerRegistered | None = None
    duty: Duty = ALWAYS
    rostered: bool = False
    dated: tuple[Dated, ...] = ()
    absences: tuple[Absence, ...] = ()
    bookings: dict[str, Slot] = {}
    on_site: str | None = None
    reminded: tuple[Certificate, ...] = ()

    def occupied(self, at: datetime) -> Mapping[str, Slot]:
        """The bookings as they are at `at`: a visit goes on for as long as somebody is there."""
        if self.on_site is None:
            return self.bookings
        booked = self.bookings[self.on_site]
        there = booked.with_somebody_there(at)
        # Thousands are asked at each choice, and nearly all leave in time.
        return self.bookings if there is booked else {**self.bookings, self.on_site: there}

    def next_visit(self, case_id: str, at: datetime) -> datetime | None:
        """When the first visit after `at` begins that is for another case."""
        others = (slot.start for case, slot in self.bookings.items() if case != case_id)
        return min((start for start in others if start > at), default=None)

    @property
    def rota(self) -> Rota:
        active = self.entry is not None and self.entry.active
        return Rota(
            active=active,
            duty=self.duty,
            rostered=self.rostered,
            dated=self.dated,
            absences=self.absences,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    entry: EngineerRegistered


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    engineer_id: str
    duty: Duty


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Given at `at`; whoever is `on_site` occupies the slot until released."""

    engineer_id: str
    case_id: str
    slot: Slot
    at: datetime
    on_site: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SetOff:
    """On the way to a visit that is booked."""

    engineer_id: str
    case_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    engineer_id: str
    case_id: str
    reason: ReleaseReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Remind:
    """Of the certificates that end on `until` or before, once of each."""

    engineer_id: str
    until: date


Command = Register | Roster | Book | SetOff | Release | Remind | shifts.Command
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
        case SetOff():
            _known(command.engineer_id, state)
            _not_elsewhere(command, state)
            return []
        case Release():
            return release(command, state)
        case Remind():
            return remind(command, state)
        case _:
            _known(command.engineer_id, state)
            return shifts.decide(command, state.rota)


def remind(command: Remind, state: EngineerState) -> Sequence[Fact]:
    if state.entry is None or not state.entry.active:
        return []
    return [
        CertificateExpiring(engineer_id=command.engineer_id, certificate=one)
        for one in state.entry.certificates
        if one.valid_until <= command.until and one not in state.reminded
    ]


def roster(command: Roster, state: EngineerState) -> Sequence[Fact]:
    _known(command.engineer_id, state)
    if state.duty == command.duty:
        return []
    return [EngineerRostered(engineer_id=command.engineer_id, duty=command.duty)]


def book(command: Book, state: EngineerState) -> Sequence[Fact]:
    """One engineer is in one place at a time (DP-06)."""
    _known(command.engineer_id, state)
    if command.on_site:
        _not_elsewhere(command, state)
    if state.bookings.get(command.case_id) != command.slot:
        _free(command, state)
    return [
        EngineerBooked(
            engineer_id=command.engineer_id,
            case_id=command.case_id,
            start=command.slot.start,
            end=command.slot.end,
            on_site=command.on_site,
        )
    ]


def _free(command: Book, state: EngineerState) -> None:
    for case_id, taken in state.occupied(command.at).items():
        if taken.overlaps(command.slot):
            raise Refused(
                "engineer-busy",
                f"{command.engineer_id} is booked for {case_id} "
                f"from {taken.start.isoformat()} to {taken.end.isoformat()}",
            )


def _not_elsewhere(command: Book | SetOff, state: EngineerState) -> None:
    if state.on_site not in (None, command.case_id):
        raise Refused(
            "engineer-busy",
            f"{command.engineer_id} is on site at {state.on_site}: that is restored, or given to "
            "somebody else, first",
        )


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


def evolve(state: EngineerState, fact: Fact, at: datetime) -> EngineerState:
    match fact:
        case EngineerRegistered():
            kept = tuple(one for one in state.reminded if one in fact.certificates)
            return replace(state, entry=fact, reminded=kept)
        case EngineerBooked():
            slot = Slot(fact.start, fact.end)
            there = fact.case_id if fact.on_site else _elsewhere(state, fact.case_id)
            return replace(state, bookings={**state.bookings, fact.case_id: slot}, on_site=there)
        case EngineerReleased():
            left = {case: slot for case, slot in state.bookings.items() if case != fact.case_id}
            return replace(state, bookings=left, on_site=_elsewhere(state, fact.case_id))
        case CertificateExpiring():
            return replace(state, reminded=(*state.reminded, fact.certificate))
        case _:
            return _rostered(state, fact, at)


def _elsewhere(state: EngineerState, case_id: str) -> str | None:
    return None if state.on_site == case_id else state.on_site


def _rostered(state: EngineerState, fact: rota_folding.Fact, at: datetime) -> EngineerState:
    rota = rota_folding.evolve(state.rota, fact, at)
    return replace(
        state,
        duty=rota.duty,
        rostered=rota.rostered,
        dated=rota.dated,
        absences=rota.absences,
    )
