"""What the SLA monitor says: promises, alerts, breaches, penalties, and the contracts it holds."""

from datetime import datetime
from typing import Any, Literal

import msgspec

from .case import Step
from .registry import event_type

ResolutionReason = Literal["met", "unnecessary", "cancelled", "recalculated"]
ReminderReason = Literal["unacknowledged", "promise_passed"]
WithdrawalReason = Literal["met_in_time", "recalculated", "cancelled"]


class _ClockEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    case_id: str
    clock: str
    cycle: int


class PromisedTime(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A clock that runs, and until when; `provisional` while official days may still move it."""

    clock: str
    due_at: datetime
    provisional: bool = False


@event_type("aftercare.case.promised.v1")
class CasePromised(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the contract promises a case, soonest first.

    Said of cases that are reported as it happens, and again, whole, when another severity, kind or
    contract promises other times to what still runs; the last one stands. A pause, which moves due
    times too, is not said here; no `promised` at all means that the contract promises no time.
    """

    case_id: str
    policy: str
    policy_version: int
    promised: tuple[PromisedTime, ...] = ()


@event_type("aftercare.case.alert_raised.v1")
class AlertRaised(_ClockEvent, frozen=True, kw_only=True, omit_defaults=True):
    """A step of a clock's ladder fired (SL-03).

    `threshold` is in per cent of the target. `recipient` is an engineer's id, `duty-desk`, or a
    role. `arm` counts how often the step was armed again by a recalculation, or a call for the
    `team`, the engineers called together in an emergency, who are told beside the recipient.
    """

    alert_id: str
    step: Step
    threshold: float
    due_at: datetime
    fire_at: datetime
    late_by_s: float
    recipient: str
    arm: int = 0
    policy: str = ""
    copied_to: tuple[str, ...] = ()
    provisional: bool = False
    team: tuple[str, ...] = ()


@event_type("aftercare.case.alert_acknowledged.v1")
class AlertAcknowledged(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody took notice (SL-06): the reminders of that step end, the ladder does not.

    After `until`, a time promised, the step rings again unless it ended meanwhile.
    """

    case_id: str
    alert_id: str
    by: str
    note: str | None = None
    until: datetime | None = None


@event_type("aftercare.case.alert_reminded.v1")
class AlertReminded(_ClockEvent, frozen=True, kw_only=True, omit_defaults=True):
    """A step rang again (SL-06), for the `reminder`th time; `recipient` as in the alert.

    With `promise_passed` the acknowledgement is no longer in force.
    """

    alert_id: str
    step: Step
    reminder: int
    recipient: str
    reason: ReminderReason
    arm: int = 0


@event_type("aftercare.case.alert_resolved.v1")
class AlertResolved(_ClockEvent, frozen=True, kw_only=True, omit_defaults=True):
    """Nothing is left to do about an alert; `unnecessary` if it had been met before it rang."""

    alert_id: str
    step: Step
    reason: ResolutionReason
    arm: int = 0


@event_type("aftercare.case.clock_breached.v1")
class ClockBreached(_ClockEvent, frozen=True, kw_only=True, omit_defaults=True):
    """A promise was not kept. `request_loan`: the contract lends a device now (DP-10)."""

    due_at: datetime
    breached_at: datetime
    policy: str
    policy_version: int
    request_loan: bool = False
    provisional: bool = False


@event_type("aftercare.case.breach_withdrawn.v1")
class BreachWithdrawn(_ClockEvent, frozen=True, kw_only=True, omit_defaults=True):
    """What became known later undid a breach: openly, never silently."""

    reason: WithdrawalReason


@event_type("aftercare.case.penalty_accrued.v1")
class PenaltyAccrued(_ClockEvent, frozen=True, kw_only=True, omit_defaults=True):
    """Liability for one breach (SL-10), in per cent of the contract price.

    `max_percent` caps the sum over all breaches of the contract, not of this case. `due_at` and
    `breached_at` are those of the breach.
    """

    percent: float
    max_percent: float
    policy: str
    policy_version: int
    clause: str = ""
    contract_id: str | None = None
    customer_id: str | None = None
    due_at: datetime | None = None
    breached_at: datetime | None = None


@event_type("aftercare.case.penalty_withdrawn.v1")
class PenaltyWithdrawn(_ClockEvent, frozen=True, kw_only=True, omit_defaults=True):
    percent: float
    reason: WithdrawalReason


@event_type("aftercare.policy.published.v1", key="name")
class PolicyPublished(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A version of a contract is in force for the cases that begin from now on (SL-01).

    `policy` is the whole of it, official holidays included: nothing else is needed to compute.
    """

    name: str
    version: int
    policy: dict[str, Any]
