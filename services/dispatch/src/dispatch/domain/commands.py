"""What may be asked of a case. Times and look-ups arrive inside the command.

`at` is when the thing happened (aware); a command may be given hours after that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from aftercare_events.catalogue.case import HolderKind, Lack, MaintenanceRecord, Mode, RemoteOutcome
from aftercare_events.catalogue.emergency import PlanEntered
from aftercare_events.catalogue.partner import PartnerRegistered
from aftercare_events.catalogue.work import Told, UsedPart
from aftercare_events.sealing import Sealed

from .contract_terms import Figure
from .need import Obstacle
from .slot import Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class _Command:
    case_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign(_Command):
    """A dispatcher's choice.

    `replaces` names the engineer it is taken from; whoever else got it meanwhile keeps it.
    `obstacles` are the hard rules that speak against the choice.
    """

    engineer_id: str
    mode: Mode = "onsite"
    slot: Slot | None = None
    department: str | None = None
    replaces: str | None = None
    reason: str | None = None
    obstacles: tuple[Obstacle, ...] = ()
    answer_by: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignChosen(_Command):
    """The machine's choice, with its explanation."""

    engineer_id: str
    mode: Mode
    slot: Slot | None = None
    department: str | None = None
    why: dict[str, Any] = field(default_factory=dict[str, Any])
    answer_by: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindNobody(_Command):
    """The machine looked for somebody and found nobody who could be sent.

    `at_once`: the contract takes such a case up without trying the lower rungs first. `left_out`
    counts the engineers by the hard rule that spoke against each of them.
    """

    at_once: bool
    left_out: Mapping[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept(_Command):
    engineer_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decline(_Command):
    engineer_id: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAnswer(_Command):
    """The time in which `engineer_id` could answer has passed."""

    engineer_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeFromAway(_Command):
    """It was said at `said_at` that `engineer_id` left for good, or is away during `absence`."""

    engineer_id: str
    said_at: datetime
    absence: Slot | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectEngineer(_Command):
    engineer_id: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalateToExpert(_Command):
    """`partner` is the entry of `target`, where that is a partner's."""

    target: str
    reason: str | None = None
    kind: HolderKind | None = None
    lead: str | None = None
    customer_told: bool = False
    partner: PartnerRegistered | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptHandOver(_Command):
    """The partner takes the case as their `reference`."""

    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerNoAnswer(_Command):
    """The time in which the partner promised to answer has passed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerNotThere(_Command):
    """The time by which the partner promised to be on site has passed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TellOfHandOver(_Command):
    whom: Told
    lead: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBack(_Command):
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskScope(_Command):
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideScope(_Command):
    number: int
    approved: bool
    decided_by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimDefect(_Command):
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideDefect(_Command):
    number: int
    confirmed: bool
    decided_by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCosts(_Command):
    """`number` is the entry that this one replaces; money is in cents of `currency`."""

    currency: str
    number: int | None = None
    travel_metres: int = 0
    travel_minutes: int = 0
    travel_cents: int = 0
    labour_minutes: int = 0
    labour_cents: int = 0
    parts: tuple[UsedPart, ...] = ()
    scope: int | None = None
    defect: int | None = None
    note: str | None = None

    def said(self) -> dict[str, Any]:
        known = {"case_id", "at", "number"}
        return {one.name: getattr(self, one.name) for one in fields(self) if one.name not in known}


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact(_Command):
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Respond(_Command):
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnose(_Command):
    finding: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StartRemote(_Command):
    consent_ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndRemote(_Command):
    outcome: RemoteOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class RequireOnsite(_Command):
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectEnd(_Command):
    expected_end: datetime
    engineer_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Depart(_Command):
    """`next_visit`: when the next one begins that whoever goes is booked for."""

    engineer_id: str | None = None
    next_visit: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrive(_Command):
    """`lacks`: what the one who came is short of for this fault, as the staff list says.

    `partner_id`: it is the partner's people who came. `next_visit` as for a departure.
    """

    engineer_id: str | None = None
    partner_id: str | None = None
    lacks: Sequence[Lack] = ()
    next_visit: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause(_Command):
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume(_Command):
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Restore(_Command):
    """`figures` are those that the contract has the device accepted by."""

    note: str | None = None
    measured: Mapping[str, str] = field(default_factory=dict[str, str])
    figures: Sequence[Figure] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(_Command):
    record: MaintenanceRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPhoto(_Command):
    photo: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolve(_Command):
    resolution: str | None = None
    figures: Sequence[Figure] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff(_Command):
    signed_by: Sealed | None = None
    signature: str | None = None
    rating: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Close(_Command):
    """`despite_loan`: a named person lets the case go although its loan is still out."""

    reason: str | None = None
    despite_loan: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen(_Command):
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivatePlan(_Command):
    """`plan` as it stands, None where nobody entered it; `critical` as the contract has it."""

    plan_id: str
    activated_by: str
    plan: PlanEntered | None = None
    critical: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TickStep(_Command):
    plan_id: str
    step: int
    done_by: str
    note: str | None = None


Assigning = Assign | AssignChosen | FindNobody
Answering = Accept | Decline | NoAnswer | TakeFromAway | RejectEngineer
Defects = ClaimDefect | DecideDefect
PartnerFailing = PartnerNoAnswer | PartnerNotThere
HandingOver = EscalateToExpert | AcceptHandOver | PartnerFailing | TellOfHandOver | TakeBack
Agreeing = HandingOver | AskScope | DecideScope | RecordCosts | Defects
Advising = Contact | Respond | Diagnose | StartRemote | EndRemote | RequireOnsite
Attending = ExpectEnd | Depart | Arrive | Pause | Resume | Restore | Record | AddPhoto
Finishing = Resolve | SignOff | Close | Reopen
InEmergency = ActivatePlan | TickStep
Command = Assigning | Answering | Agreeing | Advising | Attending | Finishing | InEmergency
