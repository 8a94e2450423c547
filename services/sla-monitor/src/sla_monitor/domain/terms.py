"""A contract ready to be applied: its calendars opened, its rows chosen by what a case is."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from aftercare_events.official_days import OfficialDays

from .calendar import Calendar
from .facts import TermsKey
from .policy import ClockRow, Condition, Option, Policy

_CHOICES_KEPT = 4096


class Attributes(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """What a case is, as far as a contract may ask."""

    kind: str
    channel: str
    severity: str | None = None
    category: str | None = None
    place: str | None = None
    device_id: str | None = None
    distance_km: float | None = None
    use_affected: bool | None = None
    in_warranty: bool | None = None
    options: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a contract with its calendar; `index` is its place among all rows of the terms.

    `policy` and `version` are those of the contract it stands in.
    """

    index: int
    promise: ClockRow
    calendar: Calendar
    version: int
    policy: str


class Terms:
    """A policy, ready to be applied. Raises NeverOpens, KeyError (an unknown calendar).

    `editions` take the place of the official days that travel with the policy. A case that was
    moved has its earlier terms `before` these: `stages` holds them all in order, and every stage
    knows the rows of those before it, since clocks that are over stay with the row they had.
    """

    def __init__(
        self,
        policy: Policy,
        editions: Mapping[str, OfficialDays] | None = None,
        *,
        key: TermsKey | None = None,
        before: "Terms | None" = None,
    ) -> None:
        self.policy = policy
        self.key = key or TermsKey(policy.version)
        official = {
            name: days.amended(editions[name]) if editions and name in editions else days
            for name, days in policy.official.items()
        }
        calendars = {
            name: Calendar(spec, official[spec.official] if spec.official else None)
            for name, spec in policy.calendars.items()
        }
        earlier = before.rows if before else ()
        self.own = tuple(
            Row(index, promise, calendars[promise.calendar], policy.version, policy.name)
            for index, promise in enumerate(policy.clocks, start=len(earlier))
        )
        self.rows = (*earlier, *self.own)
        self.stages: tuple[Terms, ...] = (*(before.stages if before else ()), self)
        self._tests = [
            tuple(_tester(condition, policy.options) for condition in promise.when)
            for promise in policy.clocks
        ]
        self._chosen: dict[tuple[object, ...], Mapping[str, Row]] = {}

    def stage_of(self, key: TermsKey) -> int:
        """Which of the stages has these terms. Raises ValueError."""
        return [stage.key for stage in self.stages].index(key)

    def applicable(self, case: Attributes) -> Mapping[str, Row]:
        """For each clock that applies to such a case, the row that holds."""
        key = (
            case.kind,
            case.channel,
            case.severity,
            case.category,
            case.place,
            case.device_id is None,
            case.distance_km,
            case.use_affected,
            case.in_warranty,
            *sorted(case.options.items()),
        )
        chosen = self._chosen.get(key)
        if chosen is None:
            if len(self._chosen) >= _CHOICES_KEPT:
                self._chosen.clear()
            chosen = self._chosen[key] = self._choose(case)
        return chosen

    def _choose(self, case: Attributes) -> Mapping[str, Row]:
        chosen: dict[str, Row] = {}
        for row, tests in zip(self.own, self._tests, strict=True):
            if row.promise.clock not in chosen and all(test(case) for test in tests):
                chosen[row.promise.clock] = row
        return chosen


class Policies:
    """The contracts that are known, by name and version."""

    def __init__(self, policies: Iterable[Policy] = ()) -> None:
        self._terms: dict[tuple[str, int], Terms] = {}
        self._latest: dict[str, int] = {}
        self._editions: dict[str, list[OfficialDays]] = {}
        self._of_cases: dict[tuple[str, tuple[TermsKey, ...]], Terms] = {}
        for policy in policies:
            self.add(policy)

    def add(self, policy: Policy) -> None:
        """Add a policy, or put it in the place of the same version of the same name."""
        self._terms[policy.name, policy.version] = Terms(policy)
        self._of_cases.clear()
        self._latest[policy.name] = max(policy.version, self._latest.get(policy.name, 0))

    def of(self, name: str, version: int | None = None) -> Terms | None:
        """The terms of that version, or of the latest when none is named."""
        return self._terms.get((name, self._latest.get(name, 0) if version is None else version))

    def publish(self, name: str, number: int, days: OfficialDays) -> None:
        """Take up an edition of official days. Raises ValueError when one is left out."""
        known = self._editions.setdefault(name, [])
        if number > len(known) + 1:
            raise ValueError(f"edition {number} of {name} comes after {len(known)}")
        known[number - 1 :] = [days]

    def newest(self, policy: Policy) -> tuple[tuple[str, int], ...]:
        """The newest edition of each set of official days that a contract uses."""
        return tuple(
            (name, len(self._editions[name]))
            for name in sorted(policy.official)
            if self._editions.get(name)
        )

    def using(self, calendar: str) -> Sequence[str]:
        """The contracts any version of which uses these official days."""
        versions = self._terms.values()
        return sorted({t.policy.name for t in versions if calendar in t.policy.official})

    def of_case(self, name: str, stages: tuple[TermsKey, ...]) -> Terms | None:
        """The terms of a case: those it was reported under, and each it was moved to.

        None when one of them is not known.
        """
        if len(stages) == 1 and not stages[0].editions:
            return self.of(name, stages[0].version)
        found = self._of_cases.get((name, stages))
        if found is None:
            found = self._succession(name, stages)
            if found is not None:
                self._of_cases[name, stages] = found
        return found

    def _succession(self, name: str, stages: tuple[TermsKey, ...]) -> Terms | None:
        before = None
        for key in dict.fromkeys(stages):
            terms = self.of(key.policy or name, key.version)
            if terms is None or any(not 0 < n <= self._published(c) for c, n in key.editions):
                return None
            editions = {c: self._editions[c][n - 1] for c, n in key.editions}
            before = Terms(terms.policy, editions, key=key, before=before)
        return before

    def _published(self, calendar: str) -> int:
        return len(self._editions.get(calendar, ()))

    def copied(self) -> "Policies":
        """The same contracts, to which others can be added apart."""
        copy = Policies()
        copy._editions.update({name: list(days) for name, days in self._editions.items()})
        copy._terms.update(self._terms)
        copy._latest.update(self._latest)
        return copy

    def names(self) -> Sequence[str]:
        return sorted(self._latest)


def _tester(condition: Condition, options: Mapping[str, Option]) -> Callable[[Attributes], bool]:
    read = _reader(condition, options)
    values, limit = frozenset(condition.values), condition.limit
    match condition.operator:
        case "in":
            return lambda case: read(case) in values
        case "not_in":
            return lambda case: read(case) not in values
        case "at_most":
            return lambda case: case.distance_km is not None and case.distance_km <= limit
        case "more_than":
            return lambda case: case.distance_km is not None and case.distance_km > limit


def _reader(
    condition: Condition, options: Mapping[str, Option]
) -> Callable[[Attributes], str | None]:
    match condition.attribute:
        case "device":
            return lambda case: "no" if case.device_id is None else "yes"
        case "use_affected" | "in_warranty" as name:
            return lambda case: "yes" if getattr(case, name) else "no"
        case "option":
            name, default = condition.option, options[condition.option].default
            return lambda case: case.options.get(name, default)
        case name:
            return lambda case: getattr(case, name)
