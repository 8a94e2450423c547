"""The clocks of a case after one more event of the log."""

from collections.abc import Iterator

from msgspec.structs import replace

from aftercare_events.catalogue import decode
from aftercare_events.catalogue.sla import (
    AlertAcknowledged,
    AlertRaised,
    AlertReminded,
    AlertResolved,
    BreachWithdrawn,
    CasePromised,
    ClockBreached,
    PenaltyAccrued,
)
from aftercare_events.envelope import Event

from .alert import followed, with_alert
from .course import History, applied, begun
from .facts import (
    REPORTED,
    Fact,
    Moved,
    Placed,
    Report,
    TermsKey,
    read_fact,
    read_report,
    speaks_to_clocks,
)
from .instants import to_micros
from .ladder import DueStep, raised, with_fired
from .state import AnnouncedBreach, CaseClocks, Course, RaisedAlert
from .terms import Attributes, Policies, Terms

ANNOUNCEMENTS = frozenset(
    f"aftercare.case.{name}.v1"
    for name in (
        "alert_acknowledged",
        "alert_raised",
        "alert_reminded",
        "alert_resolved",
        "breach_withdrawn",
        "clock_breached",
        "penalty_accrued",
        "penalty_withdrawn",
        "promised",
    )
)
"""What the monitor itself says of a case."""


class UnknownPolicy(LookupError):
    """A case was reported under a contract that nobody has published."""

    def __init__(self, name: str, version: int | None) -> None:
        super().__init__(f"unknown policy {name}, version {version or 'latest'}")


def evolve(state: CaseClocks | None, event: Event, policies: Policies) -> CaseClocks | None:
    """The state of a case after `event`, which is about that case; None before its report.

    Events that say nothing to the clocks leave it unchanged, and so does a second report.
    Raises UnknownPolicy, aftercare_events.catalogue.InvalidEvent.
    """
    if event.type == REPORTED:
        return state or _reported(event, policies)
    if state is None:
        return None
    if speaks_to_clocks(event.type):
        fact = read_fact(event, to_micros(event.time))
        if isinstance(fact, Moved | Placed):
            fact = _with_terms(state, fact, policies)
            state = _moved(state, fact)
        return told(state, fact, terms_of(state, policies))
    if event.type in ANNOUNCEMENTS:
        return _announced(state, decode(event), to_micros(event.time))
    return state


def terms_of(state: CaseClocks, policies: Policies) -> Terms:
    """The terms a case has gone through. Raises UnknownPolicy."""
    terms = policies.of_case(state.policy, state.stages)
    if terms is None:
        raise UnknownPolicy(state.policy, state.stages[-1].version)
    return terms


def _reported(event: Event, policies: Policies) -> CaseClocks:
    report, at = read_report(event), to_micros(event.time)
    terms = _newest(report, policies)
    attributes = attributes_of(report)
    return CaseClocks(
        case_id=report.case_id,
        policy=terms.policy.name,
        policy_version=terms.policy.version,
        reported_at=at,
        reported=attributes,
        course=begun(at, attributes, terms),
        customer_id=report.customer_id or None,
        contract_id=report.contract_id,
        editions=terms.key.editions,
    )


def _newest(report: Report, policies: Policies) -> Terms:
    """The contract with the official days as they are known when the case is reported."""
    terms = policies.of(report.policy, report.policy_version)
    if terms is None:
        raise UnknownPolicy(report.policy, report.policy_version)
    editions = policies.newest(terms.policy)
    key = TermsKey(terms.policy.version, editions)
    return policies.of_case(report.policy, (key,)) or terms


def _with_terms(state: CaseClocks, fact: Moved | Placed, policies: Policies) -> Moved | Placed:
    """The fact with the key of the terms it leads to. Raises UnknownPolicy."""
    key = fact.terms
    if isinstance(fact, Placed):
        terms = policies.of(fact.policy, fact.version)
        if terms is None:
            raise UnknownPolicy(fact.policy, fact.version)
        key = TermsKey(terms.policy.version, policies.newest(terms.policy), fact.policy)
    if key.policy == state.policy:
        key = replace(key, policy="")
    return replace(fact, terms=key)


def _moved(state: CaseClocks, fact: Moved | Placed) -> CaseClocks:
    state = replace(state, moved_to=(*state.moved_to, fact.terms))
    if isinstance(fact, Moved):
        return state
    return replace(state, customer_id=fact.customer_id, contract_id=fact.contract_id)


def attributes_of(report: Report) -> Attributes:
    return Attributes(
        kind=report.kind,
        channel=report.channel,
        severity=None if report.severity is None else str(report.severity),
        category=report.category,
        place=report.place,
        device_id=report.device_id,
        distance_km=report.distance_km,
        use_affected=report.use_affected,
        in_warranty=report.entitlement.in_warranty if report.entitlement else None,
        options={name: str(value) for name, value in report.policy_options.items()},
    )


def told(state: CaseClocks, fact: Fact, terms: Terms) -> CaseClocks:
    """The state after a fact: folded in where it happened, however late it is told."""
    seen, facts = len(state.facts), (*state.facts, fact)
    if fact.at >= state.course.at:
        course = applied(state.course, fact, terms, _history(state.alerts, seen))
        return replace(state, facts=facts, course=course)
    return refolded(replace(state, facts=facts), terms)


def refolded(state: CaseClocks, terms: Terms) -> CaseClocks:
    """The state with its facts folded anew, in the order in which they happened."""
    *_, (_, course) = courses(state, terms)
    return with_fired(replace(state, course=course))


def courses(state: CaseClocks, terms: Terms) -> Iterator[tuple[Fact | None, Course]]:
    """The case after its report and after each fact, in the order in which they happened."""
    course = begun(state.reported_at, state.reported, terms)
    yield None, course
    for at in sorted(range(len(state.facts)), key=lambda i: state.facts[i].at):
        course = applied(course, state.facts[at], terms, _history(state.alerts, at))
        yield state.facts[at], course


def _history(alerts: tuple[RaisedAlert, ...], seen: int) -> History:
    """When a step had fired, if `seen` facts were known then."""

    def fired(clock: str, cycle: int, step: str, arm: int) -> int | None:
        key = (clock, cycle, step, arm)
        instants = (
            a.fire_at for a in alerts if (a.clock, a.cycle, a.step, a.arm) == key and a.seen <= seen
        )
        return next(instants, None)

    return fired


def _announced(state: CaseClocks, said: object, at: int) -> CaseClocks:
    match said:
        case AlertRaised():
            return _raised(state, said, at)
        case AlertAcknowledged() | AlertReminded() | AlertResolved():
            return with_alert(state, said.alert_id, lambda alert: followed(alert, said, at))
        case ClockBreached():
            breach = AnnouncedBreach(said.clock, said.cycle, to_micros(said.breached_at))
            return replace(state, breaches=(*_others(state, said), breach))
        case PenaltyAccrued():
            return replace(state, breaches=tuple(_charged(b, said) for b in state.breaches))
        case BreachWithdrawn():
            return replace(state, breaches=_others(state, said))
        case CasePromised():
            return replace(state, promised=True)
        case _:
            # a penalty is withdrawn with its breach
            return state


def _raised(state: CaseClocks, said: AlertRaised, at: int) -> CaseClocks:
    step = DueStep(
        said.case_id,
        said.clock,
        said.cycle,
        said.step,
        said.arm,
        to_micros(said.fire_at),
        to_micros(said.due_at),
        0,
    )
    return raised(state, step, at)


def _others(
    state: CaseClocks, said: ClockBreached | BreachWithdrawn
) -> tuple[AnnouncedBreach, ...]:
    return tuple(b for b in state.breaches if (b.clock, b.cycle) != (said.clock, said.cycle))


def _charged(breach: AnnouncedBreach, said: PenaltyAccrued) -> AnnouncedBreach:
    is_meant = (breach.clock, breach.cycle) == (said.clock, said.cycle)
    return replace(breach, penalty=said.percent) if is_meant else breach
