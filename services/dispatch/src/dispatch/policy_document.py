"""Reads what dispatch needs out of a policy that sla-monitor published; the rest is not ours."""

from typing import Annotated, Any

import msgspec

from aftercare_events.catalogue.sla import PolicyPublished
from aftercare_events.opening_hours import CalendarSpec

from .domain.contract_terms import (
    RETURN_WITHIN_DAYS,
    STAFF_COMPLAINT_LEVELS,
    USUAL_PAUSES,
    ContractTerms,
    Figure,
    SpareWhen,
    ThreeGuarantees,
    WaitingRule,
)

Days = Annotated[int, msgspec.Meta(ge=0, le=3650)]
Level = Annotated[int, msgspec.Meta(ge=1, le=9)]
Levels = Annotated[tuple[Level, ...], msgspec.Meta(min_length=1, max_length=9)]
Decimals = Annotated[str, msgspec.Meta(pattern=r"^-?\d{1,12}(\.\d{1,6})?$")]
Factor = Annotated[float, msgspec.Meta(gt=0, le=100)]


class _Severity(msgspec.Struct):
    id: str


class _Spare(msgspec.Struct):
    when: SpareWhen


class _Waiting(msgspec.Struct):
    over_days: Days
    extends_warranty_by_factor: Factor


class _Guarantees(msgspec.Struct):
    first_day: Days = 8
    last_day: Days = 15
    repairs: Annotated[int, msgspec.Meta(ge=1, le=100)] = 2


class _Figure(msgspec.Struct):
    name: Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
    category: str | None = None
    at_least: Decimals | None = None
    at_most: Decimals | None = None


class _Presence(msgspec.Struct):
    calendar: str


class _Clock(msgspec.Struct):
    pauses: tuple[str, ...] = ()


class _Document(msgspec.Struct):
    severities: tuple[_Severity, ...] = ()
    spare: _Spare | None = None
    calendars: dict[str, Any] = {}
    terms: dict[str, Any] = {}
    clocks: tuple[_Clock, ...] = ()


def terms_of(published: PolicyPublished) -> ContractTerms:
    """Raises msgspec.ValidationError when the document is no policy."""
    document = msgspec.convert(published.policy, _Document, strict=False)
    said = document.terms
    waiting = _read(said, "waiting_for_repair", _Waiting)
    days = _read(said, "loan_return_within_days", Days)
    levels = _read(said, "staff_complaint_levels", Levels)
    at_once = _read(said, "sent_at_once", tuple[str, ...])
    figures = _read(said, "acceptance_figures", tuple[_Figure, ...]) or ()
    presence = _read(said, "presence", _Presence)
    anew = said.get("replaced_part_starts_new_warranty")
    severities = tuple(severity.id for severity in document.severities)
    return ContractTerms(
        severities=severities,
        # A contract that does not say means its worst severity.
        at_once=severities[:1] if at_once is None else at_once,
        staff_complaint_levels=STAFF_COMPLAINT_LEVELS if levels is None else levels,
        acceptance=tuple(
            Figure(
                name=one.name,
                category=one.category,
                at_least=one.at_least,
                at_most=one.at_most,
            )
            for one in figures
        ),
        spare=document.spare.when if document.spare else None,
        return_within_days=RETURN_WITHIN_DAYS if days is None else days,
        waiting=waiting
        and WaitingRule(over_days=waiting.over_days, factor=waiting.extends_warranty_by_factor),
        replaced_starts_anew=anew in (True, "yes"),
        pauses=_pauses(document.clocks),
        guarantees=_guarantees(_read(said, "three_guarantees", _Guarantees | str | bool)),
        presence=presence and _read(document.calendars, presence.calendar, CalendarSpec),
    )


def _pauses(clocks: tuple[_Clock, ...]) -> tuple[str, ...]:
    """The usual ones in their order, then those of this contract alone."""
    named = {reason for clock in clocks for reason in clock.pauses}
    usual = tuple(reason for reason in USUAL_PAUSES if reason in named)
    return (*usual, *sorted(named - set(usual))) or USUAL_PAUSES


def _read(terms: dict[str, Any], name: str, kind: Any) -> Any:
    """A term that says something else than we know says nothing to us: any words are allowed.

    A contract file leaves the words of its terms as they are written: numbers are texts there.
    """
    try:
        return msgspec.convert(terms.get(name), kind, strict=False)
    except msgspec.ValidationError:
        return None


def _guarantees(said: _Guarantees | str | bool | None) -> ThreeGuarantees | None:
    """A contract that only mentions them means the usual ones."""
    if not said or said == "no":
        return None
    if isinstance(said, _Guarantees):
        return ThreeGuarantees(
            first_day=said.first_day, last_day=said.last_day, repairs=said.repairs
        )
    return ThreeGuarantees()
