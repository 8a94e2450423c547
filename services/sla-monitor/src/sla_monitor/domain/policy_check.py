"""What is wrong with a contract, or odd about it, as sentences with file and line (SL-12)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, product

from msgspec.structs import replace

from aftercare_events.official_days import OfficialDays

from .clock_check import check_clocks
from .milestones import CALLED_BACK
from .policy import Condition, Policy
from .policy_reader import InvalidPolicy, ReadPolicy, read_policy_lines
from .promise_check import check_promises
from .terms import Attributes, Row, Terms
from .yaml_nodes import Finding, Findings

_ELSE = "something else"
_MOST_CASES = 50_000


def check_policy(text: str, file: str, official: Mapping[str, OfficialDays]) -> list[Finding]:
    """Every finding about a policy file, by line; errors make it unusable, warnings do not."""
    try:
        read = read_policy_lines(text, file, official)
    except InvalidPolicy as error:
        return sorted(error.findings, key=lambda finding: finding.line)
    findings = Findings(file, list(read.warnings))
    terms = Terms(read.policy)
    cases = [terms.applicable(c) for c in islice(sample_cases(read.policy), _MOST_CASES + 1)]
    if len(cases) > _MOST_CASES:
        findings.warning(1, "too many conditions to try every combination of them")
    check_clocks(read, findings)
    _check_never_applies(read, terms, cases, findings)
    check_promises(read, cases, findings)
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
            line = read.severity_lines[severity.id]
            findings.warning(line, f"severity `{severity.id}` is promised nothing")
