"""What an event says to the clocks of its case, and nothing else of it.

The clocks read only the fields that `interfaces` promises, so that a later version of an event
or a field of somebody else's never stops them.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from aftercare_events.catalogue.case import Channel, Kind, Place
from aftercare_events.catalogue.registry import InvalidEvent
from aftercare_events.envelope import Event
from aftercare_events.sealing import Sealed

from .instants import to_micros


class _Fact(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True, tag=True):
    """Something that happened at `at` (microseconds, UTC)."""

    at: int


class Milestone(_Fact, frozen=True, array_like=True, tag="m"):
    name: str


class Assigned(_Fact, frozen=True, array_like=True, tag="as"):
    engineer: str


class Released(_Fact, frozen=True, array_like=True, tag="re"):
    """The engineer, or whoever it was, has the case no longer."""

    engineer: str | None


class Changed(_Fact, frozen=True, array_like=True, omit_defaults=True, tag="ch"):
    """What a contract may ask about the case changed; None stays as it was."""

    severity: str | None = None
    kind: str | None = None
    category: str | None = None
    place: str | None = None
    device_id: str | None = None
    distance_km: float | None = None
    use_affected: bool | None = None


class OnsiteRequired(_Fact, frozen=True, array_like=True, tag="on"):
    pass


class Unattended(_Fact, frozen=True, array_like=True, tag="un"):
    """Nobody could be sent to what is taken up at once."""


class Called(_Fact, frozen=True, array_like=True, tag="tc"):
    """The emergency team of a critical case was called together (DP-27)."""

    engineers: tuple[str, ...]


class Paused(_Fact, frozen=True, array_like=True, tag="pa"):
    reason: str


class Resumed(_Fact, frozen=True, array_like=True, tag="go"):
    reason: str | None


class Reopened(_Fact, frozen=True, array_like=True, tag="ro"):
    pass


class Ended(_Fact, frozen=True, array_like=True, tag="end"):
    """Withdrawn, or merged into another case."""


class Agreed(_Fact, frozen=True, array_like=True, omit_defaults=True, tag="ag"):
    """A due time agreed with the customer for this case (SL-13): with whom, and why."""

    clock: str
    due_at: int
    reason: str = ""
    agreed_with: Sealed | str = ""


class TermsKey(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """Which terms hold: a version of the contract, and editions of its official days by name.

    `policy` is empty where the contract is the one that the case was reported under.
    """

    version: int
    editions: tuple[tuple[str, int], ...] = ()
    policy: str = ""


class Moved(_Fact, frozen=True, array_like=True, omit_defaults=True, tag="mo"):
    """From here on the case stands under other terms; `reason` is what somebody said of it."""

    terms: TermsKey
    cause: str
    reason: str = ""


class Placed(_Fact, frozen=True, array_like=True, omit_defaults=True, tag="pl"):
    """Whose case it is became known (IN-08): its contract, and what that may ask about it.

    `version` is None as long as nobody looked up the latest; `terms` are those found.
    """

    policy: str
    version: int | None
    attributes: Changed
    in_warranty: bool | None = None
    options: dict[str, str] = {}
    customer_id: str | None = None
    contract_id: str | None = None
    reason: str = ""
    terms: TermsKey = TermsKey(0)


Fact = (
    Milestone
    | Assigned
    | Released
    | Changed
    | OnsiteRequired
    | Unattended
    | Called
    | Paused
    | Resumed
    | Reopened
    | Ended
    | Agreed
    | Moved
    | Placed
)


_NAMES: dict[type[_Fact], str] = {
    Assigned: "assigned",
    Released: "released",
    OnsiteRequired: "onsite_required",
    Unattended: "unattended",
    Called: "team_called",
    Paused: "paused",
    Resumed: "resumed",
    Reopened: "reopened",
    Ended: "ended",
    Agreed: "deadline_agreed",
    Placed: "customer_assigned",
}


def name_of(fact: Fact) -> str:
    """The fact in a word, as the event of it is called; other terms by their cause."""
    match fact:
        case Milestone(name=name):
            return name
        case Changed(severity=severity):
            return "reclassified" if severity is None else "severity_changed"
        case Moved(cause=cause):
            return f"{cause}_changed"
        case _:
            return _NAMES[type(fact)]


def reason_of(fact: Fact) -> str | None:
    """What was given as the reason, as far as the clocks keep it."""
    match fact:
        case Paused() | Resumed() | Moved() | Agreed() | Placed():
            return fact.reason
        case _:
            return None


class _Of(msgspec.Struct, frozen=True):
    case_id: str


class Entitled(msgspec.Struct, frozen=True):
    in_warranty: bool | None = None


class Report(_Of, frozen=True, kw_only=True):
    """A report as far as the clocks read it."""

    kind: Kind
    channel: Channel
    policy: str
    policy_version: int | None = None
    policy_options: dict[str, Any] = {}
    severity: str | int | None = None
    category: str | None = None
    place: Place | None = None
    distance_km: float | None = None
    customer_id: str | None = None
    contract_id: str | None = None
    device_id: str | None = None
    use_affected: bool | None = None
    entitlement: Entitled | None = None


class _Severity(_Of, frozen=True):
    severity: str | int


class _Reclassified(_Of, frozen=True, kw_only=True):
    kind: Kind | None = None
    category: str | None = None
    place: Place | None = None
    distance_km: float | None = None
    device_id: str | None = None
    use_affected: bool | None = None


class _CustomerAssigned(_Reclassified, frozen=True, kw_only=True):
    customer_id: str
    policy: str
    policy_version: int | None = None
    policy_options: dict[str, Any] = {}
    contract_id: str | None = None
    entitlement: Entitled | None = None
    reason: str = ""


class _Engineer(_Of, frozen=True):
    engineer_id: str


class _MaybeEngineer(_Of, frozen=True):
    engineer_id: str | None = None


class _Role(msgspec.Struct, frozen=True):
    engineer_ids: tuple[str, ...] = ()


class _Team(_Of, frozen=True):
    team: tuple[_Role, ...] = ()


class _Reason(_Of, frozen=True):
    reason: str


class _MaybeReason(_Of, frozen=True):
    reason: str | None = None


class _Deadline(_Of, frozen=True):
    clock: str
    due_at: datetime
    reason: str = ""
    agreed_with: Sealed | str = ""


class _Terms(_Of, frozen=True, kw_only=True):
    policy: str = ""
    policy_version: int
    cause: str
    reason: str = ""
    calendar_editions: dict[str, int] = {}


class _Reading(NamedTuple):
    decoder: msgspec.json.Decoder[Any]
    fact: Callable[[int, Any], Fact]


def _reading(data: type[_Of], fact: Callable[[int, Any], Fact]) -> _Reading:
    return _Reading(msgspec.json.Decoder(data), fact)


def _milestone(name: str) -> _Reading:
    return _reading(_Of, lambda at, _: Milestone(at, name))


def _reclassified(at: int, data: _Reclassified) -> Changed:
    return Changed(
        at,
        kind=data.kind,
        category=data.category,
        place=data.place,
        device_id=data.device_id,
        distance_km=data.distance_km,
        use_affected=data.use_affected,
    )


def _placed(at: int, data: _CustomerAssigned) -> Placed:
    return Placed(
        at,
        policy=data.policy,
        version=data.policy_version,
        attributes=_reclassified(at, data),
        in_warranty=data.entitlement.in_warranty if data.entitlement else None,
        options={name: str(value) for name, value in data.policy_options.items()},
        customer_id=data.customer_id,
        contract_id=data.contract_id,
        reason=data.reason,
    )


def _agreed(at: int, data: _Deadline) -> Agreed:
    try:
        due_at = to_micros(data.due_at)
        return Agreed(at, data.clock, due_at, data.reason, data.agreed_with)
    except TypeError as error:
        raise InvalidEvent("due_at has no time zone") from error


def _called(at: int, data: _Team) -> Called:
    engineers = dict.fromkeys(one for role in data.team for one in role.engineer_ids)
    return Called(at, tuple(engineers))


def _moved(at: int, data: _Terms) -> Moved:
    editions = tuple(sorted(data.calendar_editions.items()))
    key = TermsKey(data.policy_version, editions, data.policy)
    return Moved(at, key, data.cause, data.reason)


REPORTED = "aftercare.case.reported.v1"
_CASE = "aftercare.case."
_READINGS: dict[str, _Reading] = {
    **{
        f"{_CASE}{name}.v1": _milestone(name)
        for name in (
            "contacted",
            "responded",
            "diagnosed",
            "arrived",
            "restored",
            "resolved",
            "signed_off",
            "closed",
            "called_back",
        )
    },
    "aftercare.callback.completed.v1": _milestone("called_back"),
    f"{_CASE}assigned.v1": _reading(_Engineer, lambda at, d: Assigned(at, d.engineer_id)),
    f"{_CASE}declined.v1": _reading(_MaybeEngineer, lambda at, d: Released(at, d.engineer_id)),
    f"{_CASE}engineer_rejected.v1": _reading(
        _MaybeEngineer, lambda at, d: Released(at, d.engineer_id)
    ),
    f"{_CASE}partner_silent.v1": _reading(_Of, lambda at, _: Released(at, None)),
    f"{_CASE}partner_absent.v1": _reading(_Of, lambda at, _: Released(at, None)),
    f"{_CASE}severity_changed.v1": _reading(
        _Severity, lambda at, d: Changed(at, severity=str(d.severity))
    ),
    f"{_CASE}reclassified.v1": _reading(_Reclassified, _reclassified),
    f"{_CASE}customer_assigned.v1": _reading(_CustomerAssigned, _placed),
    f"{_CASE}onsite_required.v1": _reading(_Of, lambda at, _: OnsiteRequired(at)),
    f"{_CASE}unattended.v1": _reading(_Of, lambda at, _: Unattended(at)),
    f"{_CASE}team_called.v1": _reading(_Team, _called),
    f"{_CASE}paused.v1": _reading(_Reason, lambda at, d: Paused(at, d.reason)),
    f"{_CASE}resumed.v1": _reading(_MaybeReason, lambda at, d: Resumed(at, d.reason)),
    f"{_CASE}reopened.v1": _reading(_Of, lambda at, _: Reopened(at)),
    f"{_CASE}withdrawn.v1": _reading(_Of, lambda at, _: Ended(at)),
    f"{_CASE}merged.v1": _reading(_Of, lambda at, _: Ended(at)),
    f"{_CASE}deadline_agreed.v1": _reading(_Deadline, _agreed),
    f"{_CASE}terms_changed.v1": _reading(_Terms, _moved),
}
UNTIMED = frozenset(
    f"{_CASE}{name}.v1"
    for name in (
        "accepted",
        "attended",
        "closing_held",
        "costs_recorded",
        "defect_claimed",
        "defect_decided",
        "departed",
        "duplicate_dismissed",
        "end_expected",
        "entitlement_decided",
        "escalated_to_expert",
        "guarantee_granted",
        "hand_over_told",
        "incident_linked",
        "loan_ended",
        "loan_requested",
        "loan_reserved",
        "loss_claimed",
        "message_added",
        "notice_issued",
        "partner_accepted",
        "partner_asked",
        "photo_added",
        "plan_activated",
        "plan_step_done",
        "recorded",
        "remote_ended",
        "remote_started",
        "scope_asked",
        "scope_decided",
        "split",
        "taken_back",
        "took_over",
        "verification_rejected",
        "verified",
    )
)
"""What happens to a case and says nothing to its clocks."""

_report_decoder = msgspec.json.Decoder(Report)
_of_decoder = msgspec.json.Decoder(_Of)


def speaks_to_clocks(event_type: str) -> bool:
    return event_type in _READINGS


def read_report(event: Event) -> Report:
    """Raises InvalidEvent."""
    return _decode(_report_decoder, event)


def read_fact(event: Event, at: int) -> Fact:
    """What a timed event says. Raises InvalidEvent, KeyError (says nothing to the clocks)."""
    reading = _READINGS[event.type]
    return reading.fact(at, _decode(reading.decoder, event))


def case_in(event: Event) -> str:
    """The case that the data of an event names. Raises InvalidEvent."""
    return _decode(_of_decoder, event).case_id


def _decode(decoder: msgspec.json.Decoder[Any], event: Event) -> Any:
    try:
        return decoder.decode(event.data)
    except msgspec.MsgspecError as error:
        raise InvalidEvent(f"{event.type}: {error}") from error
