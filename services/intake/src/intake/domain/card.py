"""The service tracking card of a case (IN-11): all that was said of it, put in order."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeVar

import msgspec

from aftercare_events.catalogue.case import (
    CaseReclassified,
    CaseReported,
    CaseSignedOff,
    MaintenanceRecord,
    MaintenanceRecorded,
    MessageAdded,
    SeverityChanged,
)
from aftercare_events.catalogue.clerk import CustomerAssigned, EntitlementDecided
from aftercare_events.catalogue.feedback import CallbackCompleted
from aftercare_events.catalogue.loan import LoanReserved, LoanReturned, LoanShipped
from aftercare_events.catalogue.sla import (
    AlertAcknowledged,
    AlertRaised,
    BreachWithdrawn,
    CasePromised,
    ClockBreached,
)
from aftercare_events.envelope import Recorded
from aftercare_events.milestones import MET_BY

T = TypeVar("T", bound=msgspec.Struct)
Verdict = Literal["kept", "missed", "open", "lapsed"]
# Which milestone a clock of this name waits for; a contract may give it others besides.
WAITS_FOR = {
    "dispatch": "assigned",
    "contact": "contacted",
    "respond": "responded",
    "first_reply": "responded",
    "diagnose": "diagnosed",
    "onsite": "arrived",
    "onsite_limit": "arrived",
    "restore": "restored",
    "resolve": "resolved",
    "close": "closed",
    "callback": "called_back",
}
# Nobody is at a place, or was sent there, because the fault is gone.
_NEVER_IMPLIED = frozenset({"dispatch", "onsite", "onsite_limit"})
_ENDS = frozenset({"closed", "withdrawn", "merged", "verification_rejected"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened: `what` is the event's name, `by` whoever said so."""

    at: datetime
    what: str
    by: str
    data: msgspec.Struct


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A time the contract promised; `done_at` is when what it waits for happened, if it did.

    It `lapsed` where the case ended without that, and nobody was late with it.
    """

    clock: str
    due_at: datetime
    done_at: datetime | None
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    alert: AlertRaised
    acknowledged: AlertAcknowledged | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan:
    reserved: LoanReserved
    shipped_at: datetime | None = None
    returned_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """`report` has the attributes as they are now. The history is complete and in order of time."""

    report: CaseReported
    reported_at: datetime
    history: Sequence[Entry]
    promises: Sequence[Promise] = ()
    alarms: Sequence[Alarm] = ()
    loans: Sequence[Loan] = ()
    messages: Sequence[Entry] = ()
    record: MaintenanceRecord | None = None
    signed_off: CaseSignedOff | None = None
    callbacks: Sequence[CallbackCompleted] = ()


def card_of(said: Iterable[tuple[Recorded, Any]]) -> Card | None:
    """The card that follows from everything said of a case; None where nobody reported it."""
    ordered = sorted(said, key=lambda one: (one[0].event.time, one[0].position))
    history = [_entry(recorded, data) for recorded, data in ordered]
    first = next((entry for entry in history if isinstance(entry.data, CaseReported)), None)
    if first is None:
        return None
    written = _last(history, MaintenanceRecorded)
    return Card(
        report=_as_it_is_now(first.data, history),
        reported_at=first.at,
        history=history,
        promises=_promises(history),
        alarms=_alarms(history),
        loans=_loans(history),
        messages=[entry for entry in history if isinstance(entry.data, MessageAdded)],
        record=written.record if written else None,
        signed_off=_last(history, CaseSignedOff),
        callbacks=[entry.data for entry in history if isinstance(entry.data, CallbackCompleted)],
    )


def _entry(recorded: Recorded, data: msgspec.Struct) -> Entry:
    event = recorded.event
    by = event.actor if isinstance(event.actor, str) else ""
    return Entry(event.time, event.type.split(".")[2], by, data)


def _last(history: Sequence[Entry], kind: type[T]) -> T | None:
    return next((e.data for e in reversed(history) if isinstance(e.data, kind)), None)


def _as_it_is_now(report: Any, history: Sequence[Entry]) -> CaseReported:
    for entry in history:
        match entry.data:
            case SeverityChanged(severity=severity):
                report = msgspec.structs.replace(report, severity=severity)
            case CaseReclassified() | CustomerAssigned() | EntitlementDecided():
                values = msgspec.structs.asdict(entry.data)
                known = set(CaseReported.__struct_fields__) - {"case_id"}
                changed = {name: value for name, value in values.items() if name in known and value}
                report = msgspec.structs.replace(report, **changed)
            case _:
                pass
    return report


def _promises(history: Sequence[Entry]) -> Sequence[Promise]:
    """Those that run as they were said last, those decided before as they were said then; and
    whether the log says that one was not kept."""
    breached: set[str] = set()
    for entry in history:
        match entry.data:
            case ClockBreached(clock=clock, cycle=1):
                breached.add(clock)
            case BreachWithdrawn(clock=clock, cycle=1):
                breached.discard(clock)
            case _:
                pass
    ended = any(entry.what in _ENDS for entry in history)
    due = _due(history, breached)
    return [_promise(clock, due[clock], history, clock in breached, ended) for clock in due]


def _due(history: Sequence[Entry], breached: Collection[str]) -> Mapping[str, datetime]:
    """By clock. What was promised once and is no more, because the case is another one now, is
    left out, unless it was decided by then."""
    due: dict[str, datetime] = {}
    for number, entry in enumerate(history):
        if isinstance(entry.data, CasePromised):
            before = history[:number]
            decided = {c: at for c, at in due.items() if c in breached or _done(c, before)}
            due = decided | {time.clock: time.due_at for time in entry.data.promised}
    return dict(sorted(due.items(), key=lambda one: (one[1], one[0])))


def _promise(
    clock: str, due_at: datetime, history: Sequence[Entry], breached: bool, ended: bool
) -> Promise:
    done_at = _done(clock, history)
    not_done: Verdict = "lapsed" if ended else "open"
    verdict: Verdict = "missed" if breached else "kept" if done_at else not_done
    return Promise(clock=clock, due_at=due_at, done_at=done_at, verdict=verdict)


def _done(clock: str, history: Sequence[Entry]) -> datetime | None:
    """When what a clock waits for happened, by itself or with something that includes it."""
    return next((entry.at for entry in history if _meets(entry.what, clock)), None)


def _meets(milestone: str, clock: str) -> bool:
    if milestone == WAITS_FOR.get(clock):
        return True
    implied = clock in MET_BY.get(milestone, ()) and clock not in _NEVER_IMPLIED
    return implied or (clock == "dispatch" and milestone == "arrived")


def _alarms(history: Sequence[Entry]) -> Sequence[Alarm]:
    heard: dict[str, AlertAcknowledged] = {}
    for entry in history:
        if isinstance(entry.data, AlertAcknowledged):
            heard.setdefault(entry.data.alert_id, entry.data)
    return [
        Alarm(alert=entry.data, acknowledged=heard.get(entry.data.alert_id))
        for entry in history
        if isinstance(entry.data, AlertRaised)
    ]


def _loans(history: Sequence[Entry]) -> Sequence[Loan]:
    def when(kind: type[LoanShipped | LoanReturned], loan_id: str) -> datetime | None:
        said = (e for e in history if isinstance(e.data, kind) and e.data.loan_id == loan_id)
        return next((entry.at for entry in said), None)

    return [
        Loan(
            reserved=entry.data,
            shipped_at=when(LoanShipped, entry.data.loan_id),
            returned_at=when(LoanReturned, entry.data.loan_id),
        )
        for entry in history
        if isinstance(entry.data, LoanReserved)
    ]
