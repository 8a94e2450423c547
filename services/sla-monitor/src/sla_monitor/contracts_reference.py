"""The shipped contracts as a page of the documentation.

`python -m sla_monitor.contracts_reference > docs/reference/contracts.md`
"""

from collections.abc import Iterator

from .domain.policy import ClockRow, Condition, LadderStep, Policy
from .domain.units import write_span, write_target
from .shipped import shipped_policies

PREFACE = """# The five contracts

Generated from `services/sla-monitor/src/sla_monitor/policies/`, where each value stands beside the
clause it comes from; run `python -m sla_monitor.contracts_reference` after changing one. All
times are Asia/Shanghai. *Chosen* says what was decided where a contract is silent or
contradicts itself.
"""
HEADINGS = ("Clock", "Applies to", "Starts", "Met by", "Target", "Calendar", "Ladder")


def page() -> str:
    return "\n".join([PREFACE, *(line for one in shipped_policies() for line in _policy(one))])


def _policy(policy: Policy) -> Iterator[str]:
    yield f"## `{policy.name}` version {policy.version}: {policy.title.en} ({policy.title.zh})\n"
    for severity in policy.severities:
        yield f"- severity `{severity.id}`: {severity.wording.en} ({severity.wording.zh})"
    for name, option in policy.options.items():
        yield f"- option `{name}`: {', '.join(option.values)} (default {option.default})"
    yield ""
    yield _row(HEADINGS)
    yield _row(["---"] * len(HEADINGS))
    for clock in policy.clocks:
        yield _row(_cells(clock))
    yield "\nWhere each stands in the contract:\n"
    for clock in policy.clocks:
        yield from _sources(clock)
    yield ""
    yield from _presence(policy)


def _presence(policy: Policy) -> Iterator[str]:
    """The hours of residents, and of seniors at an installation and in trial operation (DP-18)."""
    presence = policy.terms.get("presence")
    if presence is None:
        return
    hours = presence["calendar"]
    yield f"Residents, and seniors during installation and trial operation, are there: `{hours}`.\n"
    if chosen := presence.get("chosen"):
        yield f"- *chosen* presence: {chosen}\n"


def _row(cells: list[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def _cells(clock: ClockRow) -> list[str]:
    name = f"`{clock.clock}`" + (" (duty)" if clock.duty else "")
    return [
        name,
        " and ".join(map(_condition, clock.when)) or "every case",
        clock.starts,
        clock.met_by,
        write_target(clock.target),
        clock.calendar,
        ", ".join(map(_step, clock.ladder)),
    ]


def _condition(condition: Condition) -> str:
    name = condition.option or condition.attribute
    match condition.operator:
        case "in":
            return f"{name} {' / '.join(condition.values)}"
        case "not_in":
            return f"{name} not {' / '.join(condition.values)}"
        case "at_most":
            return f"{name} ≤ {condition.limit:g}"
        case "more_than":
            return f"{name} > {condition.limit:g}"


def _step(step: LadderStep) -> str:
    share = f"{step.step} {step.basis_points / 100:g} %"
    if not step.offset:
        return share
    sign = "+" if step.offset > 0 else "-"
    return f"{share} {sign} {write_span(abs(step.offset))}"


def _sources(clock: ClockRow) -> Iterator[str]:
    yield f"- `{clock.clock}` {write_target(clock.target)}: {clock.clause}"
    for what, why in clock.chosen.items():
        yield f"  - *chosen* {what}: {why}"


if __name__ == "__main__":
    print(page())  # noqa: T201 - the page is the output
