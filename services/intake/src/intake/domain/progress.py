"""How a case goes, as its customer is told: what we do now, who comes when, what was promised."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import msgspec

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue.clerk import CustomerAssigned
from aftercare_events.catalogue.sla import PromisedTime
from aftercare_events.milestones import MET_BY

Step = Literal[
    "received",
    "assigned",
    "looking_again",
    "contacted",
    "diagnosed",
    "remote",
    "visit_needed",
    "on_the_way",
    "arrived",
    "paused",
    "resumed",
    "restored",
    "resolved",
    "signed_off",
    "closed",
    "reopened",
    "withdrawn",
    "merged",
]

_STEPS: dict[type[msgspec.Struct], Step] = {
    c.CaseAssigned: "assigned",
    c.CaseDeclined: "looking_again",
    c.EngineerRejected: "looking_again",
    c.CustomerContacted: "contacted",
    c.CaseDiagnosed: "diagnosed",
    c.RemoteStarted: "remote",
    c.OnsiteRequired: "visit_needed",
    c.EngineerDeparted: "on_the_way",
    c.EngineerArrived: "arrived",
    c.CasePaused: "paused",
    c.CaseResumed: "resumed",
    c.ServiceRestored: "restored",
    c.CaseResolved: "resolved",
    c.CaseSignedOff: "signed_off",
    c.CaseClosed: "closed",
    c.CaseReopened: "reopened",
    c.CaseWithdrawn: "withdrawn",
    c.CaseMerged: "merged",
}
_MOVING = (c.CasePaused, c.SeverityChanged, c.CaseReclassified, CustomerAssigned)
_AT_WORK: frozenset[Step] = frozenset(
    (
        *("received", "assigned", "looking_again", "contacted", "diagnosed", "remote"),
        *("visit_needed", "on_the_way", "arrived", "restored"),
    )
)
_OVER: frozenset[Step] = frozenset({"resolved", "signed_off", "closed", "withdrawn", "merged"})


class Milestone(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one event means for the customer; staff and their notes are left out.

    `meets` names what ends promised times, where it ends any. With `moves`, times that were
    promised before hold no longer.
    """

    at: datetime
    step: Step | None = None
    meets: str | None = None
    moves: bool = False
    mode: c.Mode | None = None
    slot_start: datetime | None = None
    slot_end: datetime | None = None
    agreed: PromisedTime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A promised time that still runs; `agreed` with this customer, beside the contract's."""

    clock: str
    due_at: datetime
    agreed: bool = False
    provisional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """`now` is the last step that stands; `slot` the visit that is booked, while it lies ahead.

    `moved`: the contract's times are other ones by now, and so none is named.
    """

    now: Step
    steps: Sequence[tuple[Step, datetime]]
    mode: c.Mode | None
    slot: tuple[datetime, datetime] | None
    due: Sequence[Due]
    moved: bool


def milestone_of(event: msgspec.Struct, at: datetime) -> Milestone | None:
    """None for what the customer is not told."""
    step = _STEPS.get(type(event))
    match event:
        case c.CaseAssigned():
            return Milestone(
                at=at,
                step=step,
                meets="assigned",
                mode=event.mode,
                slot_start=event.slot_start,
                slot_end=event.slot_end,
            )
        case c.DeadlineAgreed():
            return Milestone(at=at, agreed=PromisedTime(clock=event.clock, due_at=event.due_at))
        case c.CaseResponded():
            return Milestone(at=at, meets="responded")
        case _ if step is not None or isinstance(event, _MOVING):
            return Milestone(at=at, step=step, meets=step, moves=isinstance(event, _MOVING))
        case _:
            return None


def progress(
    reported_at: datetime, milestones: Sequence[Milestone], promised: Sequence[PromisedTime]
) -> Progress:
    """The case after its milestones, in the order in which they were recorded."""
    steps: list[tuple[Step, datetime]] = [("received", reported_at)]
    steps.extend((each.step, each.at) for each in milestones if each.step is not None)
    now = _now([step for step, _ in steps])
    cycle = _this_cycle(milestones)
    moved = len(cycle) < len(milestones) or any(each.moves for each in cycle)
    assigned = next((each for each in reversed(cycle) if each.mode or each.slot_start), None)
    return Progress(
        now=now,
        steps=steps,
        mode=assigned.mode if assigned and now in _AT_WORK else None,
        slot=_slot(assigned) if now in ("assigned", "contacted", "on_the_way") else None,
        due=() if now in _OVER else _due(cycle, () if moved else promised),
        moved=moved and bool(promised) and now not in _OVER,
    )


def _now(steps: Sequence[Step]) -> Step:
    """After a pause goes on whatever stood before it."""
    standing = steps[0]
    for step in steps:
        if step in _AT_WORK or step in _OVER or step == "reopened":
            standing = step
    turns = (step for step in reversed(steps) if step in ("paused", "resumed", "reopened"))
    is_paused = next(turns, None) == "paused" and standing not in _OVER
    return "paused" if is_paused else standing


def _this_cycle(milestones: Sequence[Milestone]) -> Sequence[Milestone]:
    """What happened since the case was last opened."""
    starts = [n for n, each in enumerate(milestones, start=1) if each.step == "reopened"]
    return milestones[starts[-1] :] if starts else milestones


def _slot(assigned: Milestone | None) -> tuple[datetime, datetime] | None:
    if assigned is None or assigned.slot_start is None or assigned.slot_end is None:
        return None
    return assigned.slot_start, assigned.slot_end


def _due(cycle: Sequence[Milestone], promised: Sequence[PromisedTime]) -> Sequence[Due]:
    """Soonest first. A later agreement about the same time stands in place of an earlier one."""
    met = {clock for each in cycle for clock in MET_BY.get(each.meets or "", ())}
    agreed = {each.agreed.clock: each.agreed.due_at for each in cycle if each.agreed}
    running = [
        *(
            Due(clock=time.clock, due_at=time.due_at, provisional=time.provisional)
            for time in promised
            if time.clock not in met
        ),
        *(
            Due(clock=clock, due_at=due_at, agreed=True)
            for clock, due_at in agreed.items()
            if clock not in met
        ),
    ]
    return sorted(running, key=lambda due: due.due_at)
