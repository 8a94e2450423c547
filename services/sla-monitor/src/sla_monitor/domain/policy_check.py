"""What is wrong with a contract, or odd about it, as sentences with file and line (SL-12)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, product

from msgspec.structs import replace

from .days import OfficialDays
from .milestones import CALLED_BACK, ORDER
from .policy import Condition, Policy
from .policy_reader import InvalidPolicy, ReadPolicy, read_policy_lines
from .terms import Attributes, Row, Terms
from .units import write_target
from .yaml_nodes import Finding, Findings

_ELSE = "something else"
_MOST_CASES = 50_000
_BEFORE_RESOLVED = frozenset(ORDER[: ORDER.index("signed_off")])


def check_policy(text: str, file: str, official: Mapping[str, OfficialDays]) -> list[Finding]:
    """Every finding about a policy file, by line; errors make it unusable, warnings do not."""
    try:
        read = read_policy_lines(text, file, official)
    except InvalidPolicy as error:
        return sorted(error.findings, key=lambda finding: finding.line)
    findings = Findings(file)
    terms = Terms(read.policy)
    cases = [terms.applicable(c) for c in islice(sample_cases(read.policy), _MOST_CASES + 1)]
    if len(cases) > _MOST_CASES:
        findings.warning(1, "too many conditions to try every combination of them")
    _check_starts(read, findings)
    _check_never_applies(read, terms, cases, findings)
    _check_contradictions(read, cases, findings)
    _check_gaps(read, findings)
    return sorted(findings.found, key=lambda finding: finding.line)


def sample_cases(policy: Policy) -> Iterator[Attributes]:
    """One case for every combination of the values that the conditions tell apart."""
    asked = [condition for row in policy.clocks for condition in row.when]
    kinds = [*_values(asked, "kind"), _ELSE]
    severities = [*(severity.id for severity in policy.severities), None]
    options = [
        [(name, value) for value in option.values] for name, option in policy.options.items()
    ]
    for kind, channel, severity, category, place, device, distance, affected, covered in product(
        kinds,
        [*_values(asked, "channel"), _ELSE],
        severities,
        [*_values(asked, "category"), None],
        [*_values(asked, "place"), None],
        ["a device", None] if _asks(asked, "device") else [None],
        _distances(asked),
        [True, False] if _asks(asked, "use_affected") else [None],
        [True, False] if _asks(asked, "in_warranty") else [None],
    ):
        for chosen in product(*options):
            yield Attributes(
                kind,
                channel,
                severity,
                category,
                place,
                device,
                distance,
                affected,
                covered,
                dict(chosen),
            )


def _values(conditions: Iterable[Condition], attribute: str) -> list[str]:
    return sorted({v for c in conditions if c.attribute == attribute for v in c.values})


def _asks(conditions: Iterable[Condition], attribute: str) -> bool:
    return any(condition.attribute == attribute for condition in conditions)


def _distances(conditions: Iterable[Condition]) -> list[float | None]:
    limits = {c.limit for c in conditions if c.attribute == "distance_km"}
    return [None, *sorted({distance for limit in limits for distance in (limit, limit + 1)})]


def _check_starts(read: ReadPolicy, findings: Findings) -> None:
    for line, row in zip(read.lines, read.policy.clocks, strict=True):
        if row.starts == "resolved" and row.met_by in _BEFORE_RESOLVED:
            findings.error(
                line, f"`{row.clock}` starts at resolved, by when `{row.met_by}` lies behind it"
            )
        if row.met_by == CALLED_BACK and row.starts != "resolved":
            findings.error(line, f"`{row.clock}`: a callback is made after resolved, not before")


def _check_never_applies(
    read: ReadPolicy, terms: Terms, cases: Sequence[Mapping[str, Row]], findings: Findings
) -> None:
    used = {read.lines[row.index] for case in cases for row in case.values()}
    for row in terms.rows:
        line = read.lines[row.index]
        if line not in used:
            used.add(line)
            findings.error(
                line,
                f"`{row.promise.clock}` can never apply: its conditions exclude each other, "
                "or a clock of that name above covers them all",
            )


def _check_contradictions(
    read: ReadPolicy, cases: Sequence[Mapping[str, Row]], findings: Findings
) -> None:
    seen: set[tuple[int, int, str]] = set()
    for case in cases:
        rows = [row for row in case.values() if not row.promise.duty]
        for first, second in product(rows, rows):
            sentence = _twice(first, second, read) or _wrong_order(first, second, rows, read)
            key = (read.lines[second.index], read.lines[first.index], sentence or "")
            if sentence and key not in seen:
                seen.add(key)
                findings.warning(read.lines[second.index], sentence)


def _twice(first: Row, second: Row, read: ReadPolicy) -> str | None:
    """The same thing promised to one case in two different times."""
    a, b = first.promise, second.promise
    if (a.starts, a.met_by) != (b.starts, b.met_by) or not _is_shorter(second, first):
        return None
    a_target, b_target = write_target(a.target), write_target(b.target)
    line = read.lines[first.index]
    return f"`{a.clock}` (line {line}) promises {a.met_by} in {a_target}, this in {b_target}"


def _wrong_order(first: Row, second: Row, rows: Sequence[Row], read: ReadPolicy) -> str | None:
    """Something promised sooner than what has to come before it."""
    a, b = first.promise, second.promise
    if (
        a.starts != b.starts
        or not _is_shorter(second, first)
        or CALLED_BACK in (a.met_by, b.met_by)
    ):
        return None
    kept_by_another = any(
        (row.promise.starts, row.promise.met_by) == (a.starts, a.met_by) and _is_shorter(row, first)
        for row in rows
    )
    if kept_by_another or ORDER.index(a.met_by) >= ORDER.index(b.met_by):
        return None
    return (
        f"{b.met_by} is promised in {write_target(b.target)}, before {a.met_by} in "
        f"{write_target(a.target)} (`{a.clock}`, line {read.lines[first.index]})"
    )


def _is_shorter(row: Row, than: Row) -> bool:
    """Whether a target is used up earlier whatever the day is."""
    comparable = row.calendar.always or row.calendar is than.calendar
    if row.promise.target.working_days or than.promise.target.working_days or not comparable:
        return False
    return row.promise.target.micros < than.promise.target.micros


def _check_gaps(read: ReadPolicy, findings: Findings) -> None:
    policy = read.policy
    if not any(row.met_by == CALLED_BACK for row in policy.clocks):
        findings.warning(1, "no clock is met by called_back: resolved cases need a callback")
    plain = replace(policy, clocks=tuple(r for r in policy.clocks if r.met_by != CALLED_BACK))
    terms = Terms(plain)
    cases = islice(sample_cases(plain), _MOST_CASES)
    promised = {case.severity for case in cases if terms.applicable(case)}
    for severity in policy.severities:
        if severity.id not in promised:
            findings.warning(1, f"severity `{severity.id}` is promised nothing")
    used = {row.calendar for row in policy.clocks}
    for name in sorted(set(policy.calendars) - used):
        findings.warning(1, f"the calendar `{name}` is not used")
