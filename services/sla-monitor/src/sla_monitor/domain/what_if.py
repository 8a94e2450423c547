"""The history against another contract: each case under both, in one pass (RP-03).

The same core as in the live monitor, without anything that was announced at the time: both
sides are computed anew, so that only the contract makes a difference.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from aftercare_events.catalogue.registry import InvalidEvent
from aftercare_events.envelope import Event

from .event_lines import concerned_case
from .evolve import UnknownPolicy, evolve, terms_of
from .facts import REPORTED, read_report, speaks_to_clocks
from .instants import to_micros
from .ladder import fired_by
from .policy import Policy
from .state import CaseClocks, from_bytes, to_bytes
from .terms import Policies, Terms

TERMS_CHANGED = "aftercare.case.terms_changed.v1"


class Instead(Policies):
    """One contract in the place of every version of the one called `replaced`."""

    def __init__(self, policy: Policy, replaced: str, known: Policies) -> None:
        """Raises NeverOpens, KeyError (an unknown calendar)."""
        super().__init__([policy])
        self._others = known
        self._stands_in = super().of(policy.name, policy.version)
        self._replaced = replaced

    def of(self, name: str, version: int | None = None) -> Terms | None:
        if name == self._replaced:
            return self._stands_in
        return super().of(name, version) or self._others.of(name, version)


@dataclass(frozen=True, slots=True)
class Sides:
    """A case under the contract that it had, and under the other one."""

    before: CaseClocks
    after: CaseClocks


class WhatIf:
    """Takes the history in the order of the log; `until` (microseconds) is when it is judged.

    Only cases under `replaced` whose report is among the events are followed. A case with
    nothing left to wait for is kept as bytes.
    """

    def __init__(self, known: Policies, policy: Policy, replaced: str, until: int) -> None:
        """Raises NeverOpens, KeyError (an unknown calendar)."""
        self.known, self.instead = known, Instead(policy, replaced, known)
        self.policy, self.replaced = policy, replaced
        self.until = until
        self.refused = 0
        self._now = 0
        self._open: dict[str, Sides] = {}
        self._at_rest: dict[str, tuple[bytes, bytes]] = {}

    def take(self, events: Iterable[Event]) -> None:
        """An event that is invalid is counted as `refused`, as the monitor sets it aside."""
        for event in events:
            is_report = event.type == REPORTED
            if not is_report and event.aggregate != "case" and not speaks_to_clocks(event.type):
                continue
            at = to_micros(event.time)
            if at > self.until:
                continue
            self._now = max(self._now, at)
            if is_report or speaks_to_clocks(event.type):
                self._take(event, is_report=is_report)

    def _take(self, event: Event, *, is_report: bool) -> None:
        try:
            case_id = concerned_case(event)
            if case_id is None:
                return
            sides = self._woken(case_id)
            if sides is not None:
                self._keep(case_id, self._told(sides, event))
            elif is_report and read_report(event).policy == self.replaced:
                self._open[case_id] = _begun(event, self.known, self.instead)
        except (InvalidEvent, UnknownPolicy):
            self.refused += 1

    def _woken(self, case_id: str) -> Sides | None:
        """The sides of a case, also where it lay at rest; None for one that is not followed."""
        resting = self._at_rest.get(case_id)
        if resting is None:
            return self._open.get(case_id)
        return Sides(from_bytes(resting[0]), from_bytes(resting[1]))

    def _told(self, sides: Sides, event: Event) -> Sides:
        # what happens at the very instant of a step comes first
        instant = self._now - 1
        before = evolve(_fired(sides.before, instant, self.known), event, self.known)
        after = _fired(sides.after, instant, self.instead)
        if event.type != TERMS_CHANGED:
            # the other contract is the only one there is on its side
            after = evolve(after, event, self.instead) or after
        return Sides(before or sides.before, after)

    def _keep(self, case_id: str, sides: Sides) -> None:
        if _is_over(sides.before) and _is_over(sides.after):
            self._open.pop(case_id, None)
            self._at_rest[case_id] = to_bytes(sides.before), to_bytes(sides.after)
        else:
            self._at_rest.pop(case_id, None)
            self._open[case_id] = sides

    def cases(self) -> Iterator[Sides]:
        """Every case by its id, with all that fell due by `until`."""
        for case_id in sorted(self._open.keys() | self._at_rest.keys()):
            sides = self._woken(case_id)
            if sides is not None:
                yield Sides(
                    _fired(sides.before, self.until, self.known),
                    _fired(sides.after, self.until, self.instead),
                )


def _fired(state: CaseClocks, instant: int, policies: Policies) -> CaseClocks:
    return fired_by(state, instant, terms_of(state, policies))


def _begun(report: Event, known: Policies, instead: Policies) -> Sides:
    """Raises InvalidEvent, UnknownPolicy."""
    before, after = evolve(None, report, known), evolve(None, report, instead)
    if before is None or after is None:
        raise AssertionError("a report begins a case")
    return Sides(before, after)


def _is_over(state: CaseClocks) -> bool:
    return all(clock.outcome for clock in state.course.clocks)
