"""What a contract would promise to one report: each due time with its reasons (SL-11)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from aftercare_events.catalogue import InvalidEvent

from .domain.course import begun
from .domain.event_lines import YEARS
from .domain.evolve import attributes_of
from .domain.explain import Explanation, explain
from .domain.facts import Report
from .domain.instants import to_micros
from .domain.policy import Policy
from .domain.state import CaseClocks
from .domain.terms import Attributes, Terms
from .domain.units import write_target


class Awaiting(msgspec.Struct, frozen=True, kw_only=True):
    """A clock that applies but starts with an event that has not happened yet."""

    clock: str
    starts: str
    met_by: str
    target: str
    calendar: str
    clause: str


class ReportExplained(msgspec.Struct, frozen=True):
    running: Sequence[Explanation]
    awaiting: Sequence[Awaiting]


def explain_report(policy: Policy, report: bytes, now: datetime) -> ReportExplained:
    """The clocks of one report under `policy`, whatever contract it was made under.

    `report` is an event, or its data with the instant as `time`; without one it is `now`.
    Raises InvalidEvent.
    """
    at, data = _report(report, now)
    attributes, terms = attributes_of(data), Terms(policy)
    state = CaseClocks(
        case_id=data.case_id,
        policy=policy.name,
        policy_version=policy.version,
        reported_at=to_micros(at),
        reported=attributes,
        course=begun(to_micros(at), attributes, terms),
    )
    return ReportExplained(explain(state, at, terms), _awaiting(state, attributes, terms))


def _report(report: bytes, now: datetime) -> tuple[datetime, Report]:
    try:
        raw = msgspec.json.decode(report, type=dict[str, Any])
        data = raw["data"] if isinstance(raw.get("data"), dict) else raw
        at = msgspec.convert(raw.get("time") or data.get("reported_at") or now, datetime)
        return _usable(at), msgspec.convert({"case_id": "report", "policy": "", **data}, Report)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InvalidEvent(f"not a report: {error}") from error


def _usable(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise InvalidEvent("not a report: `time` has no offset")
    if at.year not in YEARS:
        raise InvalidEvent(f"not a report: `time` lies outside {YEARS[0]} to {YEARS[-1]}")
    return at


def _awaiting(state: CaseClocks, attributes: Attributes, terms: Terms) -> list[Awaiting]:
    started = {clock.name for clock in state.course.clocks}
    return [
        Awaiting(
            clock=name,
            starts=row.promise.starts,
            met_by=row.promise.met_by,
            target=write_target(row.promise.target),
            calendar=row.promise.calendar,
            clause=row.promise.clause,
        )
        for name, row in sorted(terms.applicable(attributes).items())
        if name not in started
    ]
