"""Promises of one contract that contradict each other (SL-12)."""

from collections.abc import Mapping, Sequence
from itertools import product

from .milestones import CALLED_BACK, ORDER
from .policy_reader import ReadPolicy
from .terms import Row
from .units import write_target
from .yaml_nodes import Findings

_STARTS_NO_LATER = {
    ("reported", "reported"),
    ("reported", "onsite_required"),
    ("onsite_required", "onsite_required"),
    ("resolved", "resolved"),
}
"""Pairs of starts of which the first never comes after the second."""


def check_promises(
    read: ReadPolicy, cases: Sequence[Mapping[str, Row]], findings: Findings
) -> None:
    """One warning for each pair of clocks that some case has at once."""
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
    if (b.starts, a.starts) not in _STARTS_NO_LATER or not _is_shorter(second, first):
        return None
    if CALLED_BACK in (a.met_by, b.met_by) or ORDER.index(a.met_by) >= ORDER.index(b.met_by):
        return None
    kept_by_another = any(
        (row.promise.starts, row.promise.met_by) == (a.starts, a.met_by) and _is_shorter(row, first)
        for row in rows
    )
    if kept_by_another:
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
