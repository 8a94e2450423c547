"""What is wrong with one clock, taken for itself: its start, its pauses, its ladder (SL-12)."""

from collections.abc import Iterator
from itertools import pairwise

from .ladder import share
from .milestones import CALLED_BACK, ORDER
from .policy import ClockRow, LadderStep
from .policy_reader import ReadPolicy
from .units import write_span, write_target
from .yaml_nodes import Findings

_BEFORE_RESOLVED = frozenset(ORDER[: ORDER.index("signed_off")])
_ANSWERS = frozenset({"assigned", "contacted", "responded", CALLED_BACK})
_OWN_PARTS = "waiting_for_parts"


def check_clocks(read: ReadPolicy, findings: Findings) -> None:
    """Errors make a clock pointless; warnings are odd. Each is told once for a clock."""
    told: set[tuple[int, str]] = set()
    for line, row in zip(read.lines, read.policy.clocks, strict=True):
        errors = [*_never_met(row), *_swallowed(row)]
        for sentence in (*errors, *_odd_pauses(row), *_odd_ladder(row)):
            if (line, sentence) not in told:
                told.add((line, sentence))
                (findings.error if sentence in errors else findings.warning)(line, sentence)


def _never_met(row: ClockRow) -> Iterator[str]:
    if row.starts == "resolved" and row.met_by in _BEFORE_RESOLVED:
        yield f"`{row.clock}` starts at resolved, by when `{row.met_by}` lies behind it"
    if row.met_by == CALLED_BACK and row.starts != "resolved":
        yield f"`{row.clock}`: a callback is made after resolved, not before"


def _swallowed(row: ClockRow) -> Iterator[str]:
    """Pauses that hold whenever the clock starts: it would never spend any time.

    A reason swallows the start when it is the start event itself, or when the clock applies only
    to cases whose category (or severity, kind, place) is such a reason.
    """
    if row.starts in row.pauses:
        yield f"`{row.clock}` pauses for `{row.starts}`, which is what starts it: it never runs"
    for condition in row.when:
        named = condition.operator == "in" and condition.values
        if named and row.pauses.issuperset(condition.values):
            reasons = "`, `".join(condition.values)
            yield f"`{row.clock}` applies only where it pauses (`{reasons}`): it never runs"
    if _OWN_PARTS in row.pauses:
        yield f"`{row.clock}`: `{_OWN_PARTS}` is the provider's own and never pauses (SL-07)"


def _odd_pauses(row: ClockRow) -> Iterator[str]:
    if row.pauses and (row.duty or row.met_by in _ANSWERS):
        yield f"`{row.clock}` is a promise to answer or to report, and such a clock never pauses"


def _odd_ladder(row: ClockRow) -> Iterator[str]:
    """Steps as they fall in this target; those of working days depend on the day."""
    if not row.ladder:
        yield f"`{row.clock}` has a ladder without steps: nobody is told"
    target = row.target.micros
    if not target:
        return
    within = f"in {write_target(row.target)}"
    for step in row.ladder:
        if share(target, step) < 0:
            yield f"`{row.clock}`: {step.step} ({_written(step)}) lies before the start {within}"
    for lower, upper in pairwise(row.ladder):
        if share(target, upper) < share(target, lower):
            yield (
                f"`{row.clock}`: {upper.step} ({_written(upper)}) comes before "
                f"{lower.step} ({_written(lower)}) {within}"
            )


def _written(step: LadderStep) -> str:
    if not step.offset:
        return f"{step.basis_points / 100:g} %"
    span = write_span(abs(step.offset))
    if not step.basis_points:
        return f"{span} after start"
    return f"{span} {'after' if step.offset > 0 else 'before'} due"
