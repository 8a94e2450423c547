"""What is sent with the milestones of a case."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Self

from fastapi import Path
from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints, model_validator

from aftercare_events.catalogue.case import HolderKind, Mode, RemoteOutcome, Replaced
from aftercare_http import Body, Id, Line

from ..domain import commands as cmd
from ..domain.slot import Slot, visit_from
from .call import Happening, Note, Reason, Words
from .instants import within_reason
from .pictures import Base64

CaseId = Annotated[Id, Path(examples=["4F7K-Q2M9"])]
FigureName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Decimals = Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,12}(\.[0-9]{1,6})?$")]
PauseReason = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
LONGEST_VISIT = timedelta(days=7)
FIRST_YEAR, LAST_YEAR = 2000, 2200


class SlotBody(Body):
    """A visit: from `start` up to, not including, `end`."""

    start: AwareDatetime
    end: AwareDatetime

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not timedelta(0) < self.end - self.start <= LONGEST_VISIT:
            raise ValueError("a visit ends after it starts, and within a week")
        if not FIRST_YEAR <= self.start.year <= LAST_YEAR:
            raise ValueError("no visit lies so far away")
        return self

    def slot(self) -> Slot:
        return Slot(self.start.astimezone(UTC), self.end.astimezone(UTC))


class AssignBody(Happening):
    """On site unless said otherwise; without a slot the visit is the two hours from then on."""

    engineer_id: Id
    mode: Mode = "onsite"
    slot: SlotBody | None = None
    replaces: Id | None = None
    reason: Reason | None = None

    def command(self, case_id: str, at: datetime) -> cmd.Assign:
        return cmd.Assign(
            case_id=case_id,
            at=at,
            engineer_id=self.engineer_id,
            mode=self.mode,
            slot=self._slot(at) if self.mode == "onsite" else None,
            replaces=self.replaces,
            reason=self.reason,
        )

    def _slot(self, at: datetime) -> Slot:
        return self.slot.slot() if self.slot else visit_from(at)


class ByEngineer(Happening):
    """`engineer_id` may be left out: it is whoever has the case."""

    engineer_id: Id | None = None


class ArriveBody(ByEngineer):
    """`partner_id` says that it is the people of a partner who came (DP-26)."""

    partner_id: Id | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if self.engineer_id is not None and self.partner_id is not None:
            raise ValueError("either an engineer or a partner arrives")
        return self


class ExpectEndBody(ByEngineer):
    expected_end: Annotated[AwareDatetime, AfterValidator(within_reason)]


class ReasonedByEngineer(ByEngineer):
    reason: Reason | None = None


class Noted(Happening):
    note: Note | None = None


class RestoreBody(Noted):
    """`measured`: a decimal for each acceptance figure of the contract, by its name."""

    measured: dict[FigureName, Decimals] = Field(default_factory=dict, max_length=100)


class DiagnoseBody(Happening):
    finding: Note | None = None


class RemoteStartBody(Happening):
    consent_ref: Reason | None = None


class RemoteEndBody(Happening):
    outcome: RemoteOutcome


class Reasoned(Happening):
    reason: Reason | None = None


class PauseBody(Happening):
    """`reason` is one of the contract's, such as `no_site_access`."""

    reason: PauseReason


class ResumeBody(Happening):
    reason: PauseReason | None = None


class ResolveBody(Happening):
    resolution: Note | None = None


class ReplacedBody(Body):
    """A piece that was replaced: the device itself, a key part, or a wear part."""

    what: Replaced
    name: Reason | None = None
    serial: Line | None = None


class RecordBody(Happening):
    """`place` and `reported_by` may be left to the report.

    `replaced`: devices and key parts start a new warranty where the contract says so.
    """

    symptom: Words
    cause: Words
    action: Words
    place: Note | None = None
    reported_by: Line | None = None
    prevention: Note | None = None
    replaced: tuple[ReplacedBody, ...] = Field(default=(), max_length=100)
    technique: Note | None = None


class SignOffBody(Happening):
    """`signed_by` is the customer's name, kept sealed; `rating` is 1 to 5.

    `signature`: what the customer drew on the screen, a PNG or JPEG in base64, kept sealed.
    """

    signed_by: Line | None = None
    signature: Base64 | None = None
    rating: Annotated[int, Field(ge=1, le=5)] | None = None


class EscalateBody(Happening):
    """`target` is the expert group, vendor or partner that has it now; `lead` to whom it was
    reported. A partner of the list promised by when to answer, and is refused without an agreement
    that is good (DP-26).

    What is not done yet is said afterwards with `tell-hand-over`.
    """

    target: Id
    reason: Reason | None = None
    kind: HolderKind | None = None
    lead: Id | None = None
    customer_told: bool = False


class CloseBody(Reasoned):
    despite_loan: bool = False
