"""Aftercare dispatch from Python, written by `make client` from its OpenAPI document."""

from collections.abc import Iterator
from typing import Any, Literal, NotRequired, TypedDict

from .transport import Service, new_key, segment


class Visit(TypedDict):
    start: str
    end: str


class AssignmentView(TypedDict):
    """`lacks`: why the arrival of whoever is on site does not count (DP-25)."""

    engineer_id: str
    mode: Literal["hotline", "onsite", "remote"]
    assigned_at: str
    by_hand: bool
    why: dict[str, Any] | None
    override_reason: str | None
    overridden: list[str]
    accepted: bool
    answer_by: str | None
    slot: Visit | None
    expected_end: str | None
    departed_at: str | None
    arrived_at: str | None
    lacks: list[Literal["certificate", "level", "skill", "unknown"]]


class CaseSummary(TypedDict):
    """`holder` has the case now; `wanted` is the mode in which somebody is looked for."""

    case_id: str
    status: Literal[
        "accepted",
        "assigned",
        "closed",
        "handed_over",
        "merged",
        "on_site",
        "resolved",
        "restored",
        "signed_off",
        "travelling",
        "waiting",
        "withdrawn",
    ]
    kind: str
    policy: str
    severity: str | None
    category: str | None
    summary: str
    customer_id: str
    site_id: str | None
    device_id: str | None
    use_affected: bool | None
    held_for: str | None
    incident: str | None
    reported_at: str
    cycle: int
    wanted: Literal["hotline", "onsite", "remote"] | None
    unattended: bool
    holder: str | None
    assignment: AssignmentView | None
    paused_for: str | None
    onsite_required: bool
    loans: list[str]
    loans_waiting: list[str]
    overdue: list[str]
    milestones: dict[str, str]
    position: int


class ReplacedView(TypedDict):
    what: Literal["device", "key_part", "part"]
    name: str | None
    serial: str | None


class RecordView(TypedDict):
    symptom: str
    cause: str
    action: str
    place: str | None
    prevention: str | None
    replaced: list[ReplacedView]
    technique: str | None
    reported_by: dict[str, Any] | None


class HandOverView(TypedDict):
    """A partner promised to answer `answer_by`, took it as their `reference`, came, or did not."""

    target: str
    kind: Literal["expert_group", "vendor"] | None
    since: str
    reason: str | None
    customer_told_at: str | None
    lead: str | None
    lead_told_at: str | None
    given_back_at: str | None
    given_back_reason: str | None
    partner: Literal["authorised_service", "manufacturer", "partner"] | None
    agreement: str | None
    answer_by: str | None
    onsite_by: str | None
    accepted_at: str | None
    reference: str | None
    silent_at: str | None
    arrived_at: str | None
    absent_at: str | None


class ScopeView(TypedDict):
    number: int
    description: str
    asked_at: str
    approved: bool | None
    decided_by: str | None
    reason: str | None
    decided_at: str | None


class DefectView(TypedDict):
    number: int
    description: str
    claimed_at: str
    confirmed: bool | None
    decided_by: str | None
    reason: str | None
    decided_at: str | None


class UsedPartView(TypedDict):
    part_number: str
    quantity: int
    unit_cents: int


class CostsView(TypedDict):
    number: int
    currency: str
    charged: bool
    travel_metres: int
    travel_minutes: int
    travel_cents: int
    labour_minutes: int
    labour_cents: int
    parts: list[UsedPartView]
    total_cents: int
    scope: int | None
    defect: int | None
    note: str | None


class WorkView(TypedDict):
    """`to_pay_cents` is what the customer pays, by currency; `borne_cents` what is ours.

    `guarantee` is the one that was granted: of its work only what is out of scope is paid.
    """

    hand_overs: list[HandOverView]
    scope: list[ScopeView]
    defects: list[DefectView]
    costs: list[CostsView]
    to_pay_cents: dict[str, int]
    borne_cents: dict[str, int]
    guarantee: str | None


class ProposedPlan(TypedDict):
    plan_id: str
    title: str
    device_id: str | None


class StepView(TypedDict):
    number: int
    text: str
    done_by: str | None
    done_at: str | None
    note: str | None


class TeamRoleView(TypedDict):
    role: str
    engineer_ids: list[str]


class EmergencyView(TypedDict):
    """`team` was called together at `called_at`; before that nobody was."""

    plan_id: str
    title: str
    activated_by: str
    activated_at: str
    steps: list[StepView]
    team: list[TeamRoleView]
    called_at: str | None


class CaseDetail(TypedDict):
    """`contact` is opened for this reader and null once the person was erased.

    `held_over` says on what terms experts, vendor or partner have it now; null: they do not.
    `notices` went to the customer; those that begin with `PW-` remind of passwords (DP-03).
    `photos` are numbered from 1. `plans` are the emergency plans proposed for a critical
    case, `emergencies` those it is handled by.
    """

    case_id: str
    status: Literal[
        "accepted",
        "assigned",
        "closed",
        "handed_over",
        "merged",
        "on_site",
        "resolved",
        "restored",
        "signed_off",
        "travelling",
        "waiting",
        "withdrawn",
    ]
    kind: str
    policy: str
    severity: str | None
    category: str | None
    summary: str
    customer_id: str
    site_id: str | None
    device_id: str | None
    use_affected: bool | None
    held_for: str | None
    incident: str | None
    reported_at: str
    cycle: int
    wanted: Literal["hotline", "onsite", "remote"] | None
    unattended: bool
    holder: str | None
    assignment: AssignmentView | None
    paused_for: str | None
    onsite_required: bool
    loans: list[str]
    loans_waiting: list[str]
    overdue: list[str]
    milestones: dict[str, str]
    position: int
    contact: dict[str, Any] | None
    record: RecordView | None
    held_since: str | None
    held_over: HandOverView | None
    work: WorkView
    notices: list[str]
    photos: int
    has_signature: bool
    measured: dict[str, str]
    plans: list[ProposedPlan]
    emergencies: list[EmergencyView]


class SlotBody(TypedDict):
    """A visit: from `start` up to, not including, `end`."""

    start: str
    end: str


class AssignBody(TypedDict):
    """On site unless said otherwise; without a slot the visit is the two hours from then on."""

    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    engineer_id: str
    mode: NotRequired[Literal["hotline", "onsite", "remote"]]
    slot: NotRequired[SlotBody | None]
    replaces: NotRequired[str | None]
    reason: NotRequired[str | None]


class Done(TypedDict):
    """The case after a command; `changed` is false when the fact was on record already."""

    case_id: str
    status: str
    position: int
    changed: bool


class ByEngineer(TypedDict):
    """`engineer_id` may be left out: it is whoever has the case."""

    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    engineer_id: NotRequired[str | None]


class ReasonedByEngineer(TypedDict):
    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    engineer_id: NotRequired[str | None]
    reason: NotRequired[str | None]


class EscalateBody(TypedDict):
    """`target` is the expert group, vendor or partner that has it now; `lead` to whom it was
    reported. A partner of the list promised by when to answer, and is refused without an
    agreement that is good (DP-26).

    What is not done yet is said afterwards with `tell-hand-over`.
    """

    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    target: str
    reason: NotRequired[str | None]
    kind: NotRequired[Literal["expert_group", "vendor"] | None]
    lead: NotRequired[str | None]
    customer_told: NotRequired[bool]


class Noted(TypedDict):
    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    note: NotRequired[str | None]


class DiagnoseBody(TypedDict):
    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    finding: NotRequired[str | None]


class RemoteStartBody(TypedDict):
    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    consent_ref: NotRequired[str | None]


class RemoteEndBody(TypedDict):
    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    outcome: Literal["refused", "solved", "unresolved"]


class Reasoned(TypedDict):
    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    reason: NotRequired[str | None]


class ExpectEndBody(TypedDict):
    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    engineer_id: NotRequired[str | None]
    expected_end: str


class ArriveBody(TypedDict):
    """`partner_id` says that it is the people of a partner who came (DP-26)."""

    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    engineer_id: NotRequired[str | None]
    partner_id: NotRequired[str | None]


class PauseBody(TypedDict):
    """`reason` is one of the contract's, such as `no_site_access`."""

    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    reason: str


class ResumeBody(TypedDict):
    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    reason: NotRequired[str | None]


class RestoreBody(TypedDict):
    """`measured`: a decimal for each acceptance figure of the contract, by its name."""

    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    note: NotRequired[str | None]
    measured: NotRequired[dict[str, Any]]


class ReplacedBody(TypedDict):
    """A piece that was replaced: the device itself, a key part, or a wear part."""

    what: Literal["device", "key_part", "part"]
    name: NotRequired[str | None]
    serial: NotRequired[str | None]


class RecordBody(TypedDict):
    """`place` and `reported_by` may be left to the report.

    `replaced`: devices and key parts start a new warranty where the contract says so.
    """

    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    symptom: str
    cause: str
    action: str
    place: NotRequired[str | None]
    reported_by: NotRequired[str | None]
    prevention: NotRequired[str | None]
    replaced: NotRequired[list[ReplacedBody]]
    technique: NotRequired[str | None]


class ResolveBody(TypedDict):
    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    resolution: NotRequired[str | None]


class SignOffBody(TypedDict):
    """`signed_by` is the customer's name, kept sealed; `rating` is 1 to 5.

    `signature`: what the customer drew on the screen, a PNG or JPEG in base64, kept sealed.
    """

    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    signed_by: NotRequired[str | None]
    signature: NotRequired[str | None]
    rating: NotRequired[int | None]


class CloseBody(TypedDict):
    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    reason: NotRequired[str | None]
    despite_loan: NotRequired[bool]


class ToldBody(TypedDict):
    """`whom` was told that others have the case; `lead` names to whom it was reported."""

    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    whom: Literal["customer", "lead"]
    lead: NotRequired[str | None]
    note: NotRequired[str | None]


class AcceptedBody(TypedDict):
    """`reference` is the partner's number for the case."""

    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    reference: str


class ScopeBody(TypedDict):
    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    description: str


class ScopeDecisionBody(TypedDict):
    """`decided_by` is the maintenance director; left out, whoever calls."""

    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    number: int
    approved: bool
    reason: str
    decided_by: NotRequired[str | None]


class DefectDecisionBody(TypedDict):
    """`decided_by` is whoever confirmed it; left out, whoever calls."""

    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    number: int
    confirmed: bool
    reason: str
    decided_by: NotRequired[str | None]


class UsedPartBody(TypedDict):
    part_number: str
    quantity: int
    unit_cents: int


class CostsBody(TypedDict):
    """Money in whole cents of `currency`; `number` replaces that entry."""

    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    currency: NotRequired[str]
    number: NotRequired[int | None]
    travel_metres: NotRequired[int]
    travel_minutes: NotRequired[int]
    travel_cents: NotRequired[int]
    labour_minutes: NotRequired[int]
    labour_cents: NotRequired[int]
    parts: NotRequired[list[UsedPartBody]]
    scope: NotRequired[int | None]
    defect: NotRequired[int | None]
    note: NotRequired[str | None]


class ContactBody(TypedDict):
    name: NotRequired[str | None]
    phone: NotRequired[str | None]
    email: NotRequired[str | None]


class PromiseBody(TypedDict):
    """By the agreement (三方技术服务协议), through `valid_until`; minutes around the clock."""

    agreement: str
    valid_until: str
    answer_minutes: int
    onsite_minutes: NotRequired[int | None]


class PartnerBody(TypedDict):
    """`contact` is kept sealed. Served are the `models`, and every model of the `categories`."""

    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    kind: Literal["authorised_service", "manufacturer", "partner"]
    name: str
    contact: NotRequired[ContactBody]
    categories: NotRequired[list[str]]
    models: NotRequired[list[str]]
    promise: PromiseBody
    active: NotRequired[bool]


class Entered(TypedDict):
    """What stands in the log now; not `changed` when it stood there before."""

    id: str
    position: int
    changed: bool


class PromiseView(TypedDict):
    agreement: str
    valid_until: str
    answer_minutes: int
    onsite_minutes: int | None


class PartnerView(TypedDict):
    """`contact` is opened for this reader: name, phone, mail."""

    partner_id: str
    kind: Literal["authorised_service", "manufacturer", "partner"]
    name: str
    categories: list[str]
    models: list[str]
    promise: PromiseView
    active: bool
    contact: dict[str, Any] | None
    position: int


class FittingPartner(TypedDict):
    """`fit`: by what they serve the device, or why they do not."""

    partner_id: str
    kind: Literal["authorised_service", "manufacturer", "partner"]
    name: str
    categories: list[str]
    models: list[str]
    promise: PromiseView
    fit: Literal["agreement_expired", "category", "inactive", "model", "not_served"]


class RoleBody(TypedDict):
    role: str
    engineer_ids: list[str]


class PlanBody(TypedDict):
    """Without `device_id` the plan is for all devices of the customer."""

    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    title: str
    customer_id: str
    device_id: NotRequired[str | None]
    steps: list[str]
    team: NotRequired[list[RoleBody]]
    active: NotRequired[bool]


class PlanView(TypedDict):
    plan_id: str
    title: str
    customer_id: str
    device_id: str | None
    steps: list[str]
    team: list[TeamRoleView]
    active: bool
    position: int


class ActivationBody(TypedDict):
    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    plan_id: str


class StepBody(TypedDict):
    """`step` counts from 1; `done_by` left out is whoever calls."""

    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    plan_id: str
    step: int
    done_by: NotRequired[str | None]
    note: NotRequired[str | None]


class PhotoBody(TypedDict):
    """`photo`: JPEG, PNG or WebP in base64, at most 700 KB of picture."""

    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    photo: str


class CertificateBody(TypedDict):
    name: str
    valid_until: str
    skill: NotRequired[str | None]


class PlaceBody(TypedDict):
    latitude: float
    longitude: float


class ResidenceBody(TypedDict):
    """Whose own engineer somebody is: at one site, or at all of that customer's."""

    customer_id: str
    site_id: NotRequired[str | None]


class EngineerBody(TypedDict):
    """`name`, `phone` and `email` are kept sealed. Level 1 is the most junior.

    The `reserve` team is sent only when it is called; who has a `residence` is sent nowhere
    else.
    """

    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    name: NotRequired[str | None]
    phone: NotRequired[str | None]
    email: NotRequired[str | None]
    department: NotRequired[str | None]
    level: NotRequired[int]
    skills: NotRequired[list[str]]
    certificates: NotRequired[list[CertificateBody]]
    home: NotRequired[PlaceBody | None]
    active: NotRequired[bool]
    reserve: NotRequired[bool]
    residence: NotRequired[ResidenceBody | None]


class CertificateView(TypedDict):
    name: str
    valid_until: str
    skill: str | None


class Place(TypedDict):
    latitude: float
    longitude: float


class ResidenceView(TypedDict):
    customer_id: str
    site_id: str | None


class SpanView(TypedDict):
    days: list[int]
    start: str
    end: str


class DutyView(TypedDict):
    zone: str
    around_the_clock: bool
    spans: list[SpanView]
    official: str | None


class EngineerView(TypedDict):
    """`person` is opened for this reader: name, phone, mail; `bookings` are visits by case."""

    engineer_id: str
    active: bool
    department: str | None
    level: int
    skills: list[str]
    certificates: list[CertificateView]
    home: Place | None
    reserve: bool
    residence: ResidenceView | None
    duty: DutyView
    bookings: dict[str, Visit]
    person: dict[str, Any] | None
    position: int


class NamedEngineer(TypedDict):
    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    name: NotRequired[str | None]
    phone: NotRequired[str | None]
    email: NotRequired[str | None]
    department: NotRequired[str | None]
    level: NotRequired[int]
    skills: NotRequired[list[str]]
    certificates: NotRequired[list[CertificateBody]]
    home: NotRequired[PlaceBody | None]
    active: NotRequired[bool]
    reserve: NotRequired[bool]
    residence: NotRequired[ResidenceBody | None]
    engineer_id: str


class SpanBody(TypedDict):
    """On ISO days (1 = Monday); an end not after its start lies on the next day."""

    days: list[int]
    start: str
    end: str


class RosterBody(TypedDict):
    """On duty around the clock, or in weekly spans on the wall clock of `zone`."""

    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    zone: NotRequired[str]
    around_the_clock: NotRequired[bool]
    spans: NotRequired[list[SpanBody]]
    official: NotRequired[Literal["cn"] | None]


class DatedView(TypedDict):
    """On duty from `start` up to `end`, or not (`on` false): that time was handed to `other`."""

    shift_id: str
    start: str
    end: str
    on: bool
    other: str | None


class AbsenceView(TypedDict):
    absence_id: str
    start: str
    end: str
    kind: Literal["business", "leave", "training"]
    deputy: str | None


class RosterView(TypedDict):
    """The weekly `duty`, then what is `dated` (a later entry before an earlier), then absences."""

    engineer_id: str
    duty: DutyView
    dated: list[DatedView]
    absences: list[AbsenceView]


class NamedRoster(TypedDict):
    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    zone: NotRequired[str]
    around_the_clock: NotRequired[bool]
    spans: NotRequired[list[SpanBody]]
    official: NotRequired[Literal["cn"] | None]
    engineer_id: str


class DepotBody(TypedDict):
    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    name: str
    district: NotRequired[str | None]
    location: NotRequired[PlaceBody | None]


class DepotView(TypedDict):
    depot_id: str
    name: str
    district: str | None
    location: Place | None
    position: int


class NamedDepot(TypedDict):
    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    name: str
    district: NotRequired[str | None]
    location: NotRequired[PlaceBody | None]
    depot_id: str


class UnitBody(TypedDict):
    """Within a `category`, a unit of a higher `grade` may stand in for a lower one.

    Models of one `family` are alike in type and look.
    """

    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    depot_id: str
    model: str
    category: NotRequired[str | None]
    grade: NotRequired[int | None]
    serial: NotRequired[str | None]
    family: NotRequired[str | None]


class UnitView(TypedDict):
    unit_id: str
    depot_id: str
    model: str
    category: str | None
    grade: int | None
    family: str | None
    serial: str | None
    status: Literal["free", "lent", "to_inspect", "unfit", "written_off"]
    loan_id: str | None
    position: int


class NamedUnit(TypedDict):
    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    depot_id: str
    model: str
    category: NotRequired[str | None]
    grade: NotRequired[int | None]
    serial: NotRequired[str | None]
    family: NotRequired[str | None]
    unit_id: str


class InspectionBody(TypedDict):
    """`fit`: it may be lent again; otherwise it stays off the stock until it was repaired."""

    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    fit: bool
    finding: NotRequired[str | None]


class UnitDone(TypedDict):
    unit_id: str
    status: str
    position: int
    changed: bool


class LoanBody(TypedDict):
    """What is not said follows from the case's own device; `unit_id` asks for that one unit.

    `same_look`: only what is alike in type and look fits. With no fitting unit free the loan
    waits for one, unless `wait` is false.
    """

    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    case_id: str
    model: NotRequired[str | None]
    grade: NotRequired[int | None]
    unit_id: NotRequired[str | None]
    depot: NotRequired[str | None]
    due_back: NotRequired[str | None]
    same_look: NotRequired[bool]
    wait: NotRequired[bool]


class LoanDone(TypedDict):
    loan_id: str
    status: str
    position: int
    changed: bool


class LoanView(TypedDict):
    """Unit, depot and `model` are what is lent, `wanted` is what a waiting loan waits for."""

    loan_id: str
    status: Literal[
        "cancelled",
        "in_use",
        "reserved",
        "returned",
        "shipped",
        "unknown",
        "waiting",
        "written_off",
    ]
    case_id: str
    unit_id: str | None
    depot_id: str | None
    model: str | None
    wanted: dict[str, Any] | None
    waiting_since: str | None
    due_back: str | None
    overdue: bool
    automatic: bool
    cause: Literal["asked", "during_repair", "restore_breached"] | None
    why: dict[str, Any] | None
    waybill: str | None
    condition: str | None
    position: int


class ShipBody(TypedDict):
    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    waybill: NotRequired[str | None]


class Happening(TypedDict):
    """Something that happened; `actor` is for a desk that acts for somebody."""

    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]


class ReturnBody(TypedDict):
    """`fit` is what an inspection on the spot found; left out, the unit waits to be inspected."""

    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    condition: str
    fit: NotRequired[bool | None]


class CancelBody(TypedDict):
    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    reason: str


class SwapBody(TypedDict):
    """`condition` is that of the unit which fails; `unit_id` asks for one unit in its place."""

    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    condition: str
    unit_id: NotRequired[str | None]


class ExtendBody(TypedDict):
    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    due_back: str
    reason: NotRequired[str | None]


class WriteOffBody(TypedDict):
    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    reason: str


class LevelBody(TypedDict):
    """Free units of a `model` or of a whole `category`; a `key_device` keeps two at least."""

    model: NotRequired[str | None]
    category: NotRequired[str | None]
    at_least: int
    key_device: NotRequired[bool]


class LevelsBody(TypedDict):
    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    levels: list[LevelBody]


class LevelView(TypedDict):
    """`short` while fewer units are free than are to be kept, as ops were told."""

    model: str | None
    category: str | None
    at_least: int
    key_device: bool
    free: int
    short: bool


class SafetyStockView(TypedDict):
    depot_id: str
    levels: list[LevelView]


class ShareView(TypedDict):
    """Units of a category in a depot: those it `held`, and its `proposed` part of all of them."""

    depot_id: str
    category: str
    devices: int
    held: int
    proposed: int


class ProposalView(TypedDict):
    shares: list[ShareView]


class RepairView(TypedDict):
    case_id: str
    repaired_on: str


class GuaranteeView(TypedDict):
    """What is proposed, and the dates and cases that prove it; `remedy` is what was granted."""

    guarantee_id: str
    status: Literal["accepted", "proposed", "refused", "unknown"]
    case_id: str
    device_id: str
    ground: Literal["early_failure", "two_repairs"]
    proposed: Literal["exchange_or_repair", "replacement"]
    failed_on: str
    counted_from: str | None
    day: int | None
    repairs: list[RepairView]
    remedy: Literal["exchange", "repair", "replacement"] | None
    reason: str | None
    position: int


class AcceptBody(TypedDict):
    """`remedy` may be left out where only one is proposed."""

    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    remedy: NotRequired[Literal["exchange", "repair", "replacement"] | None]
    reason: NotRequired[str | None]


class GuaranteeDone(TypedDict):
    guarantee_id: str
    status: str
    position: int
    changed: bool


class RefuseBody(TypedDict):
    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    reason: str


class ExtensionView(TypedDict):
    case_id: str
    waited_from: str
    waited_until: str
    days: int


class RestartView(TypedDict):
    case_id: str
    starts_on: str
    cause: Literal["guarantee", "replaced"]
    part: str | None
    serial: str | None


class WarrantyView(TypedDict):
    """What repairs changed; when it ends the archive of intake says."""

    device_id: str
    extensions: list[ExtensionView]
    restarts: list[RestartView]


class WeightsBody(TypedDict):
    """Minutes of a journey that each soft rule is worth; what is left out has its shipped value.

    `levels` asks for an engineer's level by `policy` or `policy/severity`; `answer_min` is
    how long somebody may take to accept where the contract says nothing of it. When there are
    fewer engineers than cases, a minute less left is worth `time_left_percent` of a minute of
    the way.
    """

    speed_kmh: NotRequired[float]
    unknown_distance_min: NotRequired[int]
    open_case_min: NotRequired[int]
    level_missing_min: NotRequired[int]
    level_wasted_min: NotRequired[int]
    device_known_min: NotRequired[int]
    model_known_min: NotRequired[int]
    score_point_min: NotRequired[int]
    recent_case_min: NotRequired[int]
    recent_days: NotRequired[int]
    resident_min: NotRequired[int]
    answer_min: NotRequired[int]
    late_min: NotRequired[int]
    time_left_percent: NotRequired[int]
    levels: NotRequired[dict[str, Any]]


class SettingBody(TypedDict):
    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    weights: WeightsBody
    reason: NotRequired[str | None]


class WeightsView(TypedDict):
    """Version 0 is what is shipped; `by` set the version, `since` then."""

    version: int
    weights: WeightsBody
    by: str | None
    reason: str | None
    since: str | None


class ShiftBody(TypedDict):
    """From `start` up to, not including, `end`; at most a week."""

    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    start: str
    end: str


class AbsenceBody(TypedDict):
    """From `start` up to `end`; who has duty then is stood in for by `deputy`, if there is one."""

    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    start: str
    end: str
    kind: NotRequired[Literal["business", "leave", "training"]]
    deputy: NotRequired[str | None]


class HandOverBody(TypedDict):
    """`to` is on duty from `start` (now unless said) until `until`, else the end of the duty."""

    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    to: str
    start: NotRequired[str | None]
    until: NotRequired[str | None]
    note: NotRequired[str | None]


class OnDuty(TypedDict):
    engineer_id: str
    department: str | None
    stands_in_for: list[str]


class Line(TypedDict):
    """What became of one line (the header is 1) or component; `field` names what is wrong."""

    line: int
    id: str | None
    outcome: Literal["recorded", "refused", "unchanged"]
    field: NotRequired[str | None]
    detail: NotRequired[str | None]


class Report(TypedDict):
    recorded: int
    unchanged: int
    refused: int
    lines: list[Line]


class AnnouncementView(TypedDict):
    announcement_id: str
    zh: str
    en: str


class IncidentView(TypedDict):
    """`why` is the rule that was met, and by how many cases."""

    incident_id: str
    status: Literal["confirmed", "dismissed", "ended", "proposed", "unknown"]
    category: str | None
    title: str | None
    since: str | None
    city: str | None
    case_ids: list[str]
    reserve: list[str]
    announcements: list[AnnouncementView]
    reason: str | None
    why: dict[str, Any] | None
    position: int


class ConfirmBody(TypedDict):
    """`title` is what everybody calls it. The reserve team is called, and `reserve` besides."""

    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    title: str
    reserve: NotRequired[list[str]]


class IncidentDone(TypedDict):
    incident_id: str
    status: str
    position: int
    changed: bool


class WhyBody(TypedDict):
    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    reason: str


class JoinBody(TypedDict):
    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    case_id: str


class AnnounceBody(TypedDict):
    """One word to every customer concerned, as they will read it."""

    occurred_at: NotRequired[str | None]
    actor: NotRequired[str | None]
    zh: str
    en: str


class Dispatch(Service):
    """Every call of Aftercare dispatch."""

    def list_cases(
        self,
        *,
        status: Literal[
            "accepted",
            "assigned",
            "closed",
            "handed_over",
            "merged",
            "on_site",
            "resolved",
            "restored",
            "signed_off",
            "travelling",
            "waiting",
            "withdrawn",
        ]
        | None = None,
        engineer: str | None = None,
        overdue: bool | None = None,
        limit: int | None = None,
    ) -> Iterator[CaseSummary]:
        """The longest waiting first."""
        return self._pages(
            "/v1/cases",
            {"status": status, "engineer": engineer, "overdue": overdue, "limit": limit},
        )

    def show_case(self, case_id: str) -> CaseDetail:
        """One case, with its contact opened."""
        return self._read(f"/v1/cases/{segment(case_id)}")

    def assign_case(
        self, case_id: str, body: AssignBody, *, idempotency_key: str | None = None
    ) -> Done:
        """Send this engineer; `replaces` names whoever has the case, to take it over (DP-04,
        DP-06).
        """
        return self._send(
            "POST",
            f"/v1/cases/{segment(case_id)}/assign",
            body=body,
            key=idempotency_key or new_key(),
        )

    def accept_case(
        self, case_id: str, body: ByEngineer | None = None, *, idempotency_key: str | None = None
    ) -> Done:
        """The engineer takes it on (DP-05)."""
        return self._send(
            "POST",
            f"/v1/cases/{segment(case_id)}/accept",
            body=body,
            key=idempotency_key or new_key(),
        )

    def decline_case(
        self,
        case_id: str,
        body: ReasonedByEngineer | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> Done:
        """The engineer cannot; somebody else is looked for (DP-05)."""
        return self._send(
            "POST",
            f"/v1/cases/{segment(case_id)}/decline",
            body=body,
            key=idempotency_key or new_key(),
        )

    def reject_engineer(
        self,
        case_id: str,
        body: ReasonedByEngineer | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> Done:
        """The customer wants somebody else, now and for later cases (DP-16)."""
        return self._send(
            "POST",
            f"/v1/cases/{segment(case_id)}/reject-engineer",
            body=body,
            key=idempotency_key or new_key(),
        )

    def escalate_expert(
        self, case_id: str, body: EscalateBody, *, idempotency_key: str | None = None
    ) -> Done:
        """Not solvable on the spot: passed on (DP-09)."""
        return self._send(
            "POST",
            f"/v1/cases/{segment(case_id)}/escalate-expert",
            body=body,
            key=idempotency_key or new_key(),
        )

    def contact_case(
        self, case_id: str, body: Noted | None = None, *, idempotency_key: str | None = None
    ) -> Done:
        return self._send(
            "POST",
            f"/v1/cases/{segment(case_id)}/contact",
            body=body,
            key=idempotency_key or new_key(),
        )

    def respond_case(
        self, case_id: str, body: Noted | None = None, *, idempotency_key: str | None = None
    ) -> Done:
        return self._send(
            "POST",
            f"/v1/cases/{segment(case_id)}/respond",
            body=body,
            key=idempotency_key or new_key(),
        )

    def diagnose_case(
        self, case_id: str, body: DiagnoseBody | None = None, *, idempotency_key: str | None = None
    ) -> Done:
        return self._send(
            "POST",
            f"/v1/cases/{segment(case_id)}/diagnose",
            body=body,
            key=idempotency_key or new_key(),
        )

    def remote_start(
        self, case_id: str, body: RemoteStartBody, *, idempotency_key: str | None = None
    ) -> Done:
        """Only with the customer's recorded consent (DP-03)."""
        return self._send(
            "POST",
            f"/v1/cases/{segment(case_id)}/remote-start",
            body=body,
            key=idempotency_key or new_key(),
        )

    def remote_end(
        self, case_id: str, body: RemoteEndBody, *, idempotency_key: str | None = None
    ) -> Done:
        """Unless it solved the fault, a visit is required from the same instant on (DP-02)."""
        return self._send(
            "POST",
            f"/v1/cases/{segment(case_id)}/remote-end",
            body=body,
            key=idempotency_key or new_key(),
        )

    def require_onsite(
        self, case_id: str, body: Reasoned | None = None, *, idempotency_key: str | None = None
    ) -> Done:
        """A visit is needed; asked for twice, it stays the same requirement (`changed` is
        false).
        """
        return self._send(
            "POST",
            f"/v1/cases/{segment(case_id)}/require-onsite",
            body=body,
            key=idempotency_key or new_key(),
        )

    def expect_end(
        self, case_id: str, body: ExpectEndBody, *, idempotency_key: str | None = None
    ) -> Done:
        """When the work will be done; a booked visit lasts until then, unless another is in the
        way.
        """
        return self._send(
            "POST",
            f"/v1/cases/{segment(case_id)}/expect-end",
            body=body,
            key=idempotency_key or new_key(),
        )

    def depart_case(
        self, case_id: str, body: ByEngineer | None = None, *, idempotency_key: str | None = None
    ) -> Done:
        return self._send(
            "POST",
            f"/v1/cases/{segment(case_id)}/depart",
            body=body,
            key=idempotency_key or new_key(),
        )

    def arrive_case(
        self, case_id: str, body: ArriveBody | None = None, *, idempotency_key: str | None = None
    ) -> Done:
        """Whoever has the case is on site; it counts if they can handle the fault (DP-25).

        Else they are there (`lacks` says what is missing), and the arrival is still to come.
        That of a partner counts even after a promise of theirs passed, unless somebody else
        was sent (DP-26).
        """
        return self._send(
            "POST",
            f"/v1/cases/{segment(case_id)}/arrive",
            body=body,
            key=idempotency_key or new_key(),
        )

    def pause_case(
        self, case_id: str, body: PauseBody, *, idempotency_key: str | None = None
    ) -> Done:
        return self._send(
            "POST",
            f"/v1/cases/{segment(case_id)}/pause",
            body=body,
            key=idempotency_key or new_key(),
        )

    def resume_case(
        self, case_id: str, body: ResumeBody | None = None, *, idempotency_key: str | None = None
    ) -> Done:
        return self._send(
            "POST",
            f"/v1/cases/{segment(case_id)}/resume",
            body=body,
            key=idempotency_key or new_key(),
        )

    def restore_case(
        self, case_id: str, body: RestoreBody | None = None, *, idempotency_key: str | None = None
    ) -> Done:
        """Where the contract has acceptance figures, only within them (DP-29)."""
        return self._send(
            "POST",
            f"/v1/cases/{segment(case_id)}/restore",
            body=body,
            key=idempotency_key or new_key(),
        )

    def record_case(
        self, case_id: str, body: RecordBody, *, idempotency_key: str | None = None
    ) -> Done:
        """Before resolution, and complete by then (DP-08); a later record replaces it until
        then.
        """
        return self._send(
            "POST",
            f"/v1/cases/{segment(case_id)}/record",
            body=body,
            key=idempotency_key or new_key(),
        )

    def resolve_case(
        self, case_id: str, body: ResolveBody | None = None, *, idempotency_key: str | None = None
    ) -> Done:
        return self._send(
            "POST",
            f"/v1/cases/{segment(case_id)}/resolve",
            body=body,
            key=idempotency_key or new_key(),
        )

    def sign_off(
        self, case_id: str, body: SignOffBody | None = None, *, idempotency_key: str | None = None
    ) -> Done:
        """The customer accepted the work (FB-10)."""
        return self._send(
            "POST",
            f"/v1/cases/{segment(case_id)}/sign-off",
            body=body,
            key=idempotency_key or new_key(),
        )

    def close_case(
        self, case_id: str, body: CloseBody | None = None, *, idempotency_key: str | None = None
    ) -> Done:
        """Once resolved; with its loan still out only `despite_loan` and for a reason."""
        return self._send(
            "POST",
            f"/v1/cases/{segment(case_id)}/close",
            body=body,
            key=idempotency_key or new_key(),
        )

    def reopen_case(
        self, case_id: str, body: Reasoned | None = None, *, idempotency_key: str | None = None
    ) -> Done:
        """Not solved after all: a new cycle, and somebody is looked for again."""
        return self._send(
            "POST",
            f"/v1/cases/{segment(case_id)}/reopen",
            body=body,
            key=idempotency_key or new_key(),
        )

    def tell_of_hand_over(
        self, case_id: str, body: ToldBody, *, idempotency_key: str | None = None
    ) -> Done:
        """The customer, or the lead, knows that experts or a vendor have the case now (DP-09)."""
        return self._send(
            "POST",
            f"/v1/cases/{segment(case_id)}/tell-hand-over",
            body=body,
            key=idempotency_key or new_key(),
        )

    def accept_hand_over(
        self, case_id: str, body: AcceptedBody, *, idempotency_key: str | None = None
    ) -> Done:
        """The partner who was asked takes the case, under a number of their own (DP-26)."""
        return self._send(
            "POST",
            f"/v1/cases/{segment(case_id)}/accept-hand-over",
            body=body,
            key=idempotency_key or new_key(),
        )

    def take_back(
        self, case_id: str, body: Reasoned | None = None, *, idempotency_key: str | None = None
    ) -> Done:
        """Experts or vendor gave it back; with nobody assigned somebody is looked for (DP-09).

        A partner who sends it back says why: `reason` (DP-26).
        """
        return self._send(
            "POST",
            f"/v1/cases/{segment(case_id)}/take-back",
            body=body,
            key=idempotency_key or new_key(),
        )

    def ask_scope(
        self, case_id: str, body: ScopeBody, *, idempotency_key: str | None = None
    ) -> Done:
        """Work outside the agreed scope waits for the maintenance director (DP-19)."""
        return self._send(
            "POST",
            f"/v1/cases/{segment(case_id)}/ask-scope",
            body=body,
            key=idempotency_key or new_key(),
        )

    def decide_scope(
        self, case_id: str, body: ScopeDecisionBody, *, idempotency_key: str | None = None
    ) -> Done:
        """The maintenance director approves or refuses, with scope `dispatch:approve` (DP-19)."""
        return self._send(
            "POST",
            f"/v1/cases/{segment(case_id)}/decide-scope",
            body=body,
            key=idempotency_key or new_key(),
        )

    def claim_defect(
        self, case_id: str, body: ScopeBody, *, idempotency_key: str | None = None
    ) -> Done:
        """The product itself seems to be at fault (DP-29)."""
        return self._send(
            "POST",
            f"/v1/cases/{segment(case_id)}/claim-defect",
            body=body,
            key=idempotency_key or new_key(),
        )

    def decide_defect(
        self, case_id: str, body: DefectDecisionBody, *, idempotency_key: str | None = None
    ) -> Done:
        """Confirmed, it is replaced free of charge before the case is resolved (DP-29)."""
        return self._send(
            "POST",
            f"/v1/cases/{segment(case_id)}/decide-defect",
            body=body,
            key=idempotency_key or new_key(),
        )

    def record_costs(
        self, case_id: str, body: CostsBody, *, idempotency_key: str | None = None
    ) -> Done:
        """Travel, labour and parts at cost; contract and scope say who pays (DP-20)."""
        return self._send(
            "POST",
            f"/v1/cases/{segment(case_id)}/costs",
            body=body,
            key=idempotency_key or new_key(),
        )

    def put_partner(
        self, partner_id: str, body: PartnerBody, *, idempotency_key: str | None = None
    ) -> Entered:
        """Enter a partner, or replace the whole entry."""
        return self._send(
            "PUT",
            f"/v1/partners/{segment(partner_id)}",
            body=body,
            key=idempotency_key or new_key(),
        )

    def show_partner(self, partner_id: str) -> PartnerView:
        return self._read(f"/v1/partners/{segment(partner_id)}")

    def list_partners(self, *, limit: int | None = None) -> Iterator[PartnerView]:
        return self._pages("/v1/partners", {"limit": limit})

    def propose_partners(self, case_id: str, *, all_: bool | None = None) -> list[FittingPartner]:
        """Who serves the device under an agreement that is good today, the fastest promise
        first.
        """
        return self._read(f"/v1/cases/{segment(case_id)}/partners", {"all": all_})

    def put_emergency_plan(
        self, plan_id: str, body: PlanBody, *, idempotency_key: str | None = None
    ) -> Entered:
        """The whole plan; cases under way keep the steps they were activated with."""
        return self._send(
            "PUT",
            f"/v1/emergency-plans/{segment(plan_id)}",
            body=body,
            key=idempotency_key or new_key(),
        )

    def show_emergency_plan(self, plan_id: str) -> PlanView:
        return self._read(f"/v1/emergency-plans/{segment(plan_id)}")

    def activate_plan(
        self, case_id: str, body: ActivationBody, *, idempotency_key: str | None = None
    ) -> Done:
        """The case is handled by the plan; a critical one calls its emergency team together."""
        return self._send(
            "POST",
            f"/v1/cases/{segment(case_id)}/activate-plan",
            body=body,
            key=idempotency_key or new_key(),
        )

    def tick_step(
        self, case_id: str, body: StepBody, *, idempotency_key: str | None = None
    ) -> Done:
        """A step of an activated plan was done."""
        return self._send(
            "POST",
            f"/v1/cases/{segment(case_id)}/tick-step",
            body=body,
            key=idempotency_key or new_key(),
        )

    def add_photo(
        self, case_id: str, body: PhotoBody, *, idempotency_key: str | None = None
    ) -> Done:
        """A picture for the maintenance record, kept sealed (DP-08)."""
        return self._send(
            "POST",
            f"/v1/cases/{segment(case_id)}/photos",
            body=body,
            key=idempotency_key or new_key(),
        )

    def show_photo(self, case_id: str, number: int) -> bytes:
        return self._fetch(f"/v1/cases/{segment(case_id)}/photos/{segment(number)}")

    def show_signature(self, case_id: str) -> bytes:
        """What the customer drew on the screen at the last sign-off."""
        return self._fetch(f"/v1/cases/{segment(case_id)}/signature")

    def put_engineer(
        self, engineer_id: str, body: EngineerBody, *, idempotency_key: str | None = None
    ) -> Entered:
        """Enter somebody, or replace the whole entry."""
        return self._send(
            "PUT",
            f"/v1/engineers/{segment(engineer_id)}",
            body=body,
            key=idempotency_key or new_key(),
        )

    def show_engineer(self, engineer_id: str) -> EngineerView:
        return self._read(f"/v1/engineers/{segment(engineer_id)}")

    def put_engineers(
        self, body: list[NamedEngineer], *, idempotency_key: str | None = None
    ) -> list[Entered]:
        """All of them, or none: what is refused is named by its number in the list, from 0."""
        return self._send("PUT", "/v1/engineers", body=body, key=idempotency_key or new_key())

    def list_engineers(
        self, *, certificate_expires_before: str | None = None, limit: int | None = None
    ) -> Iterator[EngineerView]:
        return self._pages(
            "/v1/engineers",
            {"certificate_expires_before": certificate_expires_before, "limit": limit},
        )

    def put_roster(
        self, engineer_id: str, body: RosterBody, *, idempotency_key: str | None = None
    ) -> Entered:
        """When this engineer is on duty, every week; without a roster it is always."""
        return self._send(
            "PUT",
            f"/v1/rosters/{segment(engineer_id)}",
            body=body,
            key=idempotency_key or new_key(),
        )

    def show_roster(self, engineer_id: str) -> RosterView:
        return self._read(f"/v1/rosters/{segment(engineer_id)}")

    def put_rosters(
        self, body: list[NamedRoster], *, idempotency_key: str | None = None
    ) -> list[Entered]:
        """All of them, or none: what is refused is named by its number in the list, from 0."""
        return self._send("PUT", "/v1/rosters", body=body, key=idempotency_key or new_key())

    def list_rosters(self, *, limit: int | None = None) -> Iterator[RosterView]:
        return self._pages("/v1/rosters", {"limit": limit})

    def put_depot(
        self, depot_id: str, body: DepotBody, *, idempotency_key: str | None = None
    ) -> Entered:
        return self._send(
            "PUT", f"/v1/depots/{segment(depot_id)}", body=body, key=idempotency_key or new_key()
        )

    def show_depot(self, depot_id: str) -> DepotView:
        return self._read(f"/v1/depots/{segment(depot_id)}")

    def put_depots(
        self, body: list[NamedDepot], *, idempotency_key: str | None = None
    ) -> list[Entered]:
        """All of them, or none: what is refused is named by its number in the list, from 0."""
        return self._send("PUT", "/v1/depots", body=body, key=idempotency_key or new_key())

    def list_depots(self, *, limit: int | None = None) -> Iterator[DepotView]:
        return self._pages("/v1/depots", {"limit": limit})

    def put_unit(
        self, unit_id: str, body: UnitBody, *, idempotency_key: str | None = None
    ) -> Entered:
        """Enter a unit, or say otherwise what it is; refused while it is not free."""
        return self._send(
            "PUT", f"/v1/units/{segment(unit_id)}", body=body, key=idempotency_key or new_key()
        )

    def show_unit(self, unit_id: str) -> UnitView:
        return self._read(f"/v1/units/{segment(unit_id)}")

    def put_units(
        self, body: list[NamedUnit], *, idempotency_key: str | None = None
    ) -> list[Entered]:
        """All of them, or none: what is refused is named by its number in the list, from 0."""
        return self._send("PUT", "/v1/units", body=body, key=idempotency_key or new_key())

    def list_units(self, *, limit: int | None = None) -> Iterator[UnitView]:
        return self._pages("/v1/units", {"limit": limit})

    def inspect_unit(
        self, unit_id: str, body: InspectionBody, *, idempotency_key: str | None = None
    ) -> UnitDone:
        """What came back is lent again once it was found fit; a lost one that was found too."""
        return self._send(
            "POST",
            f"/v1/units/{segment(unit_id)}/inspect",
            body=body,
            key=idempotency_key or new_key(),
        )

    def lend_unit(self, body: LoanBody, *, idempotency_key: str | None = None) -> LoanDone:
        """Reserve the nearest free unit of the same or a higher grade, or wait for one."""
        return self._send("POST", "/v1/loans", body=body, key=idempotency_key or new_key())

    def list_loans(
        self,
        *,
        case: str | None = None,
        status: Literal[
            "cancelled",
            "in_use",
            "reserved",
            "returned",
            "shipped",
            "unknown",
            "waiting",
            "written_off",
        ]
        | None = None,
        limit: int | None = None,
    ) -> Iterator[LoanView]:
        return self._pages("/v1/loans", {"case": case, "status": status, "limit": limit})

    def show_loan(self, loan_id: str) -> LoanView:
        return self._read(f"/v1/loans/{segment(loan_id)}")

    def ship_loan(
        self, loan_id: str, body: ShipBody | None = None, *, idempotency_key: str | None = None
    ) -> LoanDone:
        return self._send(
            "POST",
            f"/v1/loans/{segment(loan_id)}/ship",
            body=body,
            key=idempotency_key or new_key(),
        )

    def receive_loan(
        self, loan_id: str, body: Happening | None = None, *, idempotency_key: str | None = None
    ) -> LoanDone:
        """The unit is in use at the customer's."""
        return self._send(
            "POST",
            f"/v1/loans/{segment(loan_id)}/receive",
            body=body,
            key=idempotency_key or new_key(),
        )

    def give_back_loan(
        self, loan_id: str, body: ReturnBody, *, idempotency_key: str | None = None
    ) -> LoanDone:
        """Back in its depot, in this condition."""
        return self._send(
            "POST",
            f"/v1/loans/{segment(loan_id)}/return",
            body=body,
            key=idempotency_key or new_key(),
        )

    def cancel_loan(
        self, loan_id: str, body: CancelBody, *, idempotency_key: str | None = None
    ) -> LoanDone:
        """A loan that waits for a unit is not needed any more."""
        return self._send(
            "POST",
            f"/v1/loans/{segment(loan_id)}/cancel",
            body=body,
            key=idempotency_key or new_key(),
        )

    def swap_loan(
        self, loan_id: str, body: SwapBody, *, idempotency_key: str | None = None
    ) -> LoanDone:
        """The lent unit fails: it is taken back unfit, and the nearest fitting one goes out
        instead.
        """
        return self._send(
            "POST",
            f"/v1/loans/{segment(loan_id)}/swap",
            body=body,
            key=idempotency_key or new_key(),
        )

    def extend_loan(
        self, loan_id: str, body: ExtendBody, *, idempotency_key: str | None = None
    ) -> LoanDone:
        return self._send(
            "POST",
            f"/v1/loans/{segment(loan_id)}/extend",
            body=body,
            key=idempotency_key or new_key(),
        )

    def write_off(
        self, loan_id: str, body: WriteOffBody, *, idempotency_key: str | None = None
    ) -> LoanDone:
        """Lost, or broken for good."""
        return self._send(
            "POST",
            f"/v1/loans/{segment(loan_id)}/write-off",
            body=body,
            key=idempotency_key or new_key(),
        )

    def put_safety_stock(
        self, depot_id: str, body: LevelsBody, *, idempotency_key: str | None = None
    ) -> Entered:
        """All levels of a depot; below one of them ops are alerted (DP-12)."""
        return self._send(
            "PUT",
            f"/v1/depots/{segment(depot_id)}/safety-stock",
            body=body,
            key=idempotency_key or new_key(),
        )

    def show_safety_stock(self, depot_id: str) -> SafetyStockView:
        """Empty where nothing was set for this depot."""
        return self._read(f"/v1/depots/{segment(depot_id)}/safety-stock")

    def propose_stock(self) -> ProposalView:
        """The stock of all depots, in proportion to the devices under contract that each serves."""
        return self._read("/v1/stock/proposal")

    def list_guarantees(
        self,
        *,
        case: str | None = None,
        status: Literal["accepted", "proposed", "refused", "unknown"] | None = None,
        limit: int | None = None,
    ) -> Iterator[GuaranteeView]:
        return self._pages("/v1/guarantees", {"case": case, "status": status, "limit": limit})

    def accept_guarantee(
        self, guarantee_id: str, body: AcceptBody, *, idempotency_key: str | None = None
    ) -> GuaranteeDone:
        """Grant it: the work is free of charge, and a new device begins a new warranty."""
        return self._send(
            "POST",
            f"/v1/guarantees/{segment(guarantee_id)}/accept",
            body=body,
            key=idempotency_key or new_key(),
        )

    def refuse_guarantee(
        self, guarantee_id: str, body: RefuseBody, *, idempotency_key: str | None = None
    ) -> GuaranteeDone:
        return self._send(
            "POST",
            f"/v1/guarantees/{segment(guarantee_id)}/refuse",
            body=body,
            key=idempotency_key or new_key(),
        )

    def show_warranty(self, device_id: str) -> WarrantyView:
        """Longer waits and replacements, each with its case; empty where there was none."""
        return self._read(f"/v1/warranty/{segment(device_id)}")

    def put_weights(self, body: SettingBody, *, idempotency_key: str | None = None) -> Entered:
        """The whole set, as the next version; the same set again changes nothing."""
        return self._send("PUT", "/v1/weights", body=body, key=idempotency_key or new_key())

    def show_weights(self) -> WeightsView:
        return self._read("/v1/weights")

    def put_shift(
        self,
        engineer_id: str,
        shift_id: str,
        body: ShiftBody,
        *,
        idempotency_key: str | None = None,
    ) -> Entered:
        """On duty in this time, whatever the weekly duty says.

        Whoever has no weekly duty is from then on on duty in dated shifts only.
        """
        return self._send(
            "PUT",
            f"/v1/rosters/{segment(engineer_id)}/shifts/{segment(shift_id)}",
            body=body,
            key=idempotency_key or new_key(),
        )

    def cancel_shift(
        self,
        engineer_id: str,
        shift_id: str,
        body: Happening | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> Entered:
        return self._send(
            "POST",
            f"/v1/rosters/{segment(engineer_id)}/shifts/{segment(shift_id)}/cancel",
            body=body,
            key=idempotency_key or new_key(),
        )

    def put_absence(
        self,
        engineer_id: str,
        absence_id: str,
        body: AbsenceBody,
        *,
        idempotency_key: str | None = None,
    ) -> Entered:
        """Not on duty in this time; nobody is sent who is absent."""
        return self._send(
            "PUT",
            f"/v1/rosters/{segment(engineer_id)}/absences/{segment(absence_id)}",
            body=body,
            key=idempotency_key or new_key(),
        )

    def cancel_absence(
        self,
        engineer_id: str,
        absence_id: str,
        body: Happening | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> Entered:
        return self._send(
            "POST",
            f"/v1/rosters/{segment(engineer_id)}/absences/{segment(absence_id)}/cancel",
            body=body,
            key=idempotency_key or new_key(),
        )

    def hand_over(
        self, engineer_id: str, body: HandOverBody, *, idempotency_key: str | None = None
    ) -> Entered:
        """One goes, the other comes: the time is off the one roster and on the other at once."""
        return self._send(
            "POST",
            f"/v1/rosters/{segment(engineer_id)}/hand-over",
            body=body,
            key=idempotency_key or new_key(),
        )

    def list_on_duty(self, *, at: str | None = None, limit: int | None = None) -> Iterator[OnDuty]:
        """Who is on duty by roster, leave and hand-over, and whom they stand in for."""
        return self._pages("/v1/on-duty", {"at": at, "limit": limit})

    def load_staff(
        self,
        kind: Literal["absences", "engineers", "rosters"],
        content: bytes,
        *,
        idempotency_key: str | None = None,
    ) -> Report:
        """A CSV whose first line names the fields; a refused line keeps no other from its place.

        Lists are separated by semicolons; `certificates` are `name|2027-12-31|skill`, the
        skill may be left out; `spans` are `1-5 09:00-18:00` (1 is Monday).
        """
        return self._send(
            "POST",
            f"/v1/imports/{segment(kind)}",
            content=content,
            headers={"Content-Type": "text/csv"},
            key=idempotency_key or new_key(),
        )

    def load_calendar(
        self, engineer_id: str, content: bytes, *, idempotency_key: str | None = None
    ) -> Report:
        """An iCalendar file with shifts and leave (categories LEAVE, VACATION, 休假), whole.

        From a month ago to thirteen months ahead. What an earlier file had and this one has
        not is cancelled from now on, unless it was handed over; `line` counts the events of
        the file.
        """
        return self._send(
            "PUT",
            f"/v1/rosters/{segment(engineer_id)}/calendar",
            content=content,
            headers={"Content-Type": "text/calendar"},
            key=idempotency_key or new_key(),
        )

    def list_incidents(
        self,
        *,
        status: Literal["confirmed", "dismissed", "ended", "proposed", "unknown"] | None = None,
        limit: int | None = None,
    ) -> Iterator[IncidentView]:
        return self._pages("/v1/incidents", {"status": status, "limit": limit})

    def show_incident(self, incident_id: str) -> IncidentView:
        return self._read(f"/v1/incidents/{segment(incident_id)}")

    def confirm_incident(
        self, incident_id: str, body: ConfirmBody, *, idempotency_key: str | None = None
    ) -> IncidentDone:
        """The like cases are one matter: they are linked, and the reserve team is called."""
        return self._send(
            "POST",
            f"/v1/incidents/{segment(incident_id)}/confirm",
            body=body,
            key=idempotency_key or new_key(),
        )

    def dismiss_incident(
        self, incident_id: str, body: WhyBody, *, idempotency_key: str | None = None
    ) -> IncidentDone:
        """They have nothing to do with one another; only as many new ones are proposed again."""
        return self._send(
            "POST",
            f"/v1/incidents/{segment(incident_id)}/dismiss",
            body=body,
            key=idempotency_key or new_key(),
        )

    def join_incident(
        self, incident_id: str, body: JoinBody, *, idempotency_key: str | None = None
    ) -> IncidentDone:
        """One more case belongs to it."""
        return self._send(
            "POST",
            f"/v1/incidents/{segment(incident_id)}/join",
            body=body,
            key=idempotency_key or new_key(),
        )

    def announce_incident(
        self, incident_id: str, body: AnnounceBody, *, idempotency_key: str | None = None
    ) -> IncidentDone:
        """Every customer concerned is told once: on the status page, and by mail where one is
        known.
        """
        return self._send(
            "POST",
            f"/v1/incidents/{segment(incident_id)}/announce",
            body=body,
            key=idempotency_key or new_key(),
        )

    def end_incident(
        self, incident_id: str, body: WhyBody, *, idempotency_key: str | None = None
    ) -> IncidentDone:
        """It is over: the reserve team goes home, the cases go on one by one."""
        return self._send(
            "POST",
            f"/v1/incidents/{segment(incident_id)}/end",
            body=body,
            key=idempotency_key or new_key(),
        )
