"""Where a case stands, as dispatch sees it."""

from datetime import datetime
from typing import Any, Literal, NamedTuple, get_args

import msgspec

from aftercare_events.catalogue import business
from aftercare_events.catalogue import case as c

from . import emergency_state, work_state
from .slot import Slot

Stage = Literal["unknown", "open", "resolved", "signed_off", "closed", "withdrawn", "merged"]
Status = Literal[
    "waiting",
    "handed_over",
    "assigned",
    "accepted",
    "travelling",
    "on_site",
    "restored",
    "resolved",
    "signed_off",
    "closed",
    "withdrawn",
    "merged",
]


class Assignment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who has the case. `slot` is the visit that is booked in the engineer's day.

    `why` is the machine's explanation; a person's choice has none, but perhaps a reason.
    `answered`: accepted, or something was done about the case since.
    """

    engineer_id: str
    mode: c.Mode
    at: datetime
    why: dict[str, Any] | None = None
    override_reason: str | None = None
    overridden: tuple[str, ...] = ()
    accepted: bool = False
    answered: bool = False
    answer_by: datetime | None = None
    slot: Slot | None = None
    expected_end: datetime | None = None
    departed_at: datetime | None = None
    arrived_at: datetime | None = None
    lacks: tuple[c.Lack, ...] = ()

    @property
    def by_hand(self) -> bool:
        return self.why is None


class Former(msgspec.Struct, frozen=True, kw_only=True):
    """Whoever had the case before, up to `until`; what they did meanwhile may be told later."""

    held: Assignment
    until: datetime


class Visit(NamedTuple):
    """The engineer's time that a case occupies; until it works again, once they are on site."""

    engineer_id: str
    slot: Slot
    on_site: bool


class Repair(msgspec.Struct, frozen=True, kw_only=True):
    """The device failed at `began`, as reported, and worked again at `ended`."""

    began: datetime
    ended: datetime


class CaseState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`report` holds the attributes as they are now; `milestones` the times of this cycle.

    `wanted` is the mode in which somebody is still looked for, None while nobody is; `unattended`
    says that nobody was found although the contract takes it up at once.
    `failed_at` is when this cycle began, `repairs` how each came to its end.
    `breached` names the clocks whose time passed and whose milestone is still to come, `due` says
    until when each was promised, as far as the log has told, and `alerts` what step rang.
    """

    stage: Stage = "unknown"
    merged_into: str | None = None
    report: c.CaseReported | None = None
    reported_at: datetime | None = None
    regraded_at: datetime | None = None
    cycle: int = 1
    failed_at: datetime | None = None
    repairs: tuple[Repair, ...] = ()
    milestones: dict[str, datetime] = {}
    wanted: c.Mode | None = None
    wanted_since: datetime | None = None
    unattended: bool = False
    assignment: Assignment | None = None
    former: tuple[Former, ...] = ()
    declined_by: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()
    expert: str | None = None
    onsite_required: bool = False
    remote_since: datetime | None = None
    paused_for: str | None = None
    record: c.MaintenanceRecord | None = None
    photos: tuple[str, ...] = ()
    signature: str | None = None
    loans: tuple[str, ...] = ()
    loans_waiting: tuple[str, ...] = ()
    loan_wanted: bool = False
    breached: frozenset[str] = frozenset()
    due: dict[str, datetime] = {}
    alerts: dict[str, c.Step] = {}
    work: work_state.Work = work_state.Work()
    notices: tuple[str, ...] = ()
    measured: dict[str, str] = {}
    incident: str | None = None
    emergencies: emergency_state.Emergencies = ()

    @property
    def next_due(self) -> tuple[str, datetime] | None:
        """The promise that is to be kept first, with its clock; perhaps it has passed already."""
        soonest = min(self.due.items(), key=lambda item: (item[1], item[0]), default=None)
        return None if self.ended else soonest

    @property
    def rank(self) -> c.Step | None:
        """The highest step that rang and is not resolved."""
        return max(self.alerts.values(), key=STEPS.index, default=None)

    @property
    def commercial(self) -> bool:
        """Whether the business lead answers it, and no engineer is sent (DP-29)."""
        report = self.report
        return report is not None and business.is_commercial(report.kind, report.category)

    @property
    def holder(self) -> str | None:
        """Who has it now (DP-09): the expert group or vendor it was passed to, or the engineer.

        A commercial question is the business lead's until it is answered (DP-29).
        """
        if self.commercial:
            return business.LEAD if self.stage == "open" else None
        return self.expert or (self.assignment.engineer_id if self.assignment else None)

    @property
    def held_since(self) -> datetime | None:
        if self.commercial:
            return self.regraded_at or self.reported_at if self.holder else None
        if self.expert is not None:
            return self.work.hand_overs[-1].since if self.work.hand_overs else None
        return self.assignment.at if self.assignment else None

    @property
    def held_over(self) -> work_state.HandOver | None:
        """The hand-over by which experts, vendor or partner have it now."""
        return self.work.hand_overs[-1] if self.expert and self.work.hand_overs else None

    @property
    def failed_partner(self) -> work_state.HandOver | None:
        """The hand-over to a partner who broke a promise, while somebody else is looked for."""
        last = self.work.hand_overs[-1] if self.wanted and self.work.hand_overs else None
        return last if last and (last.silent_at or last.absent_at) else None

    @property
    def had_by(self) -> frozenset[str]:
        """The engineers who have it, or gave it up."""
        holding = (self.assignment.engineer_id,) if self.assignment else ()
        return frozenset((*holding, *self.declined_by, *self.rejected))

    @property
    def answer_due(self) -> datetime | None:
        """When whoever was asked last must have answered (DP-05); None: nobody waits for it."""
        held = self.assignment
        if held is None or held.answered or self.stage != "open" or self.wanted or self.expert:
            return None
        if self.commercial:
            return None
        return held.answer_by

    @property
    def visit(self) -> Visit | None:
        """The engineer's time that this case occupies."""
        held = self.assignment
        if held is None or held.slot is None:
            return None
        there = held.arrived_at is not None and "restored" not in self.milestones
        return Visit(held.engineer_id, held.slot, there)

    @property
    def done_on_site(self) -> bool:
        """Restored and written down, or over: nothing is left to do there."""
        written = "restored" in self.milestones and self.record is not None
        return written or self.stage != "open"

    @property
    def ended(self) -> bool:
        return self.stage in ENDED

    @property
    def works_again_since(self) -> datetime | None:
        """When the own device did: restored, or resolved without a word about it."""
        return self.milestones.get("restored") or self.milestones.get("resolved")

    @property
    def needless_since(self) -> datetime | None:
        """Since when no spare has to stand in: the own device works, or the case was withdrawn."""
        return self.works_again_since or self.milestones.get("withdrawn")

    @property
    def works_again(self) -> bool:
        return self.works_again_since is not None


STEPS: tuple[c.Step, ...] = get_args(c.Step)
ENDED: frozenset[Stage] = frozenset({"closed", "withdrawn", "merged"})
INITIAL = CaseState()


def status(state: CaseState) -> Status:
    """One word for a list, by what happened last on the way to the end."""
    if state.stage not in ("open", "unknown"):
        return state.stage
    if "restored" in state.milestones:
        return "restored"
    if state.assignment is None:
        return _without_engineer(state)
    if state.assignment.arrived_at:
        return "on_site"
    if state.assignment.departed_at:
        return "travelling"
    return "accepted" if state.assignment.accepted else "assigned"


def _without_engineer(state: CaseState) -> Status:
    held = state.held_over
    if held is None or state.wanted is not None:
        return "waiting"
    return "on_site" if held.arrived_at else "handed_over"
