"""When a running case goes on under other terms, and how that is said (SL-01)."""

from aftercare_events.catalogue.terms import TermsCause, TermsChanged

from .facts import TermsKey
from .state import CaseClocks
from .terms import Policies


def is_over(state: CaseClocks) -> bool:
    """Whether nothing about a case can fall due any more, unless it is reopened."""
    course = state.course
    closed = any(r.name == "closed" and r.cycle == course.cycle for r in course.reached)
    return (course.ended or closed) and all(clock.outcome for clock in course.clocks)


def newest_terms(
    state: CaseClocks, policies: Policies, version: int | None = None
) -> TermsKey | None:
    """The case's version, or the one named, with the newest official days.

    None when the case has these terms already, or the version is not known.
    """
    current = state.stages[-1]
    terms = policies.of(state.governing, version or current.version)
    if terms is None:
        return None
    newest = TermsKey(terms.policy.version, policies.newest(terms.policy), current.policy)
    return None if newest == current else newest


def terms_changed(
    state: CaseClocks, terms: TermsKey, *, cause: TermsCause, reason: str, by: str
) -> TermsChanged:
    return TermsChanged(
        case_id=state.case_id,
        policy=state.governing,
        policy_version=terms.version,
        calendar_editions=dict(terms.editions),
        cause=cause,
        reason=reason,
        by=by,
    )
