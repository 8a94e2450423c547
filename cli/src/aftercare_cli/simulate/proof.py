"""At the end of the day: is everything that was acknowledged in the log, and there once?

And what became of each case?
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .books import Entry
from .fates import Fates
from .history import Line

# What the history tells about the cases of the day.
TOLD = {
    "case.closed": "closed",
    "case.withdrawn": "withdrawn",
    "case.reopened": "reopened",
    "case.clock_breached": "breaches",
    "case.alert_raised": "alerts",
    "case.alert_acknowledged": "alerts acknowledged",
    "case.loan_reserved": "loans",
    "callback.attempted": "callbacks attempted",
    "callback.completed": "callbacks completed",
}


@dataclass(slots=True)
class Proof:
    """`missing` and `doubled` are sentences; there must be none."""

    fates: Fates
    found: int = 0
    told: Counter[str] = field(default_factory=Counter[str])
    missing: list[str] = field(default_factory=list[str])
    doubled: list[str] = field(default_factory=list[str])


def prove(entries: Sequence[Entry], history: Iterable[Line]) -> Proof:
    """Hold the acknowledgements against the history since the day began."""
    ours = {entry.about.partition("/")[2] for entry in entries if entry.opens}
    proof, at, opened = Proof(Fates.of(sorted(ours))), dict[int, Line](), Counter[str]()
    alerts = Counter[str]()
    wanted = {entry.position for entry in entries}
    for line in history:
        if line.sequence in wanted:
            at[line.sequence] = line
        proof.fates.hear(line)
        case_id = line.data.get("case_id")
        if case_id in ours:
            proof.told[TOLD.get(line.name, "other")] += 1
            opened[case_id] += line.name == "case.reported"
            alerts[line.data.get("alert_id", "")] += line.name == "case.alert_raised"
    for entry in entries:
        _check(entry, at.get(entry.position), proof)
    proof.missing += [f"case {one} was never reported" for one in ours if not opened[one]]
    proof.doubled += [f"case {one} was opened {n} times" for one, n in opened.items() if n > 1]
    proof.doubled += [f"alert {one} was raised {n} times" for one, n in alerts.items() if n > 1]
    return proof


def _check(entry: Entry, line: Line | None, proof: Proof) -> None:
    if line is not None and entry.about in (line.subject, f"case/{line.data.get('case_id')}"):
        proof.found += 1
    else:
        there = "nothing" if line is None else f"{line.type} of {line.subject}"
        proof.missing.append(
            f"{entry.what} about {entry.about} was acknowledged at {entry.position}: "
            f"there is {there} ({entry.identity})"
        )
