"""The clocks of a policy file, with their conditions and ladders."""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal, cast, get_args

from msgspec.structs import replace

from aftercare_events.catalogue.case import Channel, Kind, Place, Step

from .calendar_reader import read_chosen
from .policy import (
    Attribute,
    ClockRow,
    Condition,
    LadderStep,
    MetBy,
    OnBreach,
    Option,
    Start,
)
from .units import read_span, read_target, read_threshold
from .yaml_nodes import Node, Unreadable

Choice = tuple[tuple[Condition, ...], str]
"""Under these conditions, the calendar or ladder of that name."""

YES_NO = ("yes", "no")
CLOCK_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
DISTANCE = re.compile(r"(<=|>) ?(\d+(?:\.\d+)?)")
LADDER_KEYS = ("remind", "chosen")
STEP_KEYS = ("at", "copied_to", "remind")
CHOICE_KEYS = ("when", "use")
CLOCK_KEYS = (
    "clock",
    "when",
    "starts",
    "met_by",
    "target",
    "calendar",
    "ladder",
    "pauses",
    "duty",
    "on_breach",
    "clause",
    "chosen",
)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the clocks of one file may name."""

    severities: Sequence[str]
    options: Mapping[str, Option]
    calendars: Mapping[str, Sequence[Choice]]
    ladders: Mapping[str, Sequence[Choice]]
    steps: Mapping[str, tuple[LadderStep, ...]]
    pauses: Mapping[str, frozenset[str]]

    def known(self, attribute: str) -> Sequence[str] | None:
        """The values an attribute may have; None when any text may be one."""
        match attribute:
            case "kind":
                return get_args(Kind)
            case "channel":
                return get_args(Channel)
            case "place":
                return get_args(Place)
            case "severity":
                return self.severities
            case "device" | "use_affected" | "in_warranty":
                return YES_NO
            case _:
                return None


def read_clocks(node: Node, words: Vocabulary) -> list[tuple[int, ClockRow]]:
    """Every clock with its line; where its calendar or ladder is a choice, it has several rows."""
    rows: list[tuple[int, ClockRow]] = []
    for entry in node.entries():
        # what is wrong with one clock is noted, and the others are read all the same
        with suppress(Unreadable):
            rows.extend((entry.line, row) for row in _rows(entry, words))
    return rows


def _rows(node: Node, words: Vocabulary) -> Iterable[ClockRow]:
    node.only(*CLOCK_KEYS)
    conditions = read_conditions(node.get("when"), words, kind="fault")
    calendar = node.need("calendar").one_of(words.calendars)
    ladder = node.maybe("ladder", lambda n: n.one_of(words.ladders), "default")
    row = ClockRow(
        clock=node.need("clock").read(_clock_name),
        when=conditions,
        starts=node.maybe("starts", lambda n: n.one_of(get_args(Start)), "reported"),
        met_by=node.need("met_by").one_of(get_args(MetBy)),
        target=node.need("target").read(read_target),
        calendar=calendar,
        ladder=(),
        pauses=node.maybe("pauses", lambda n: _pauses(n, words), frozenset[str]()),
        duty=node.maybe("duty", read_yes, False),
        on_breach=node.maybe("on_breach", _on_breach, None),
        clause=node.maybe("clause", Node.text, ""),
        chosen=read_chosen(node),
    )
    for calendar_when, calendar_name in words.calendars[calendar]:
        for ladder_when, steps in words.ladders.get(ladder, ()):
            yield replace(
                row,
                when=(*conditions, *calendar_when, *ladder_when),
                calendar=calendar_name,
                ladder=words.steps[steps],
            )


def _clock_name(text: str) -> str:
    if not CLOCK_NAME.fullmatch(text):
        raise ValueError(f"`{text}` is no name for a clock: write it as `first_reply`")
    return text


def _on_breach(node: Node) -> Literal["request_loan"]:
    return node.one_of(get_args(OnBreach))


def read_yes(node: Node) -> bool:
    return node.one_of(YES_NO) == "yes"


def _pauses(node: Node, words: Vocabulary) -> frozenset[str]:
    """A list of reasons, or the name of a list that stands at the head of the file."""
    if isinstance(node.value, str):
        return words.pauses[node.one_of(words.pauses)]
    return frozenset(node.texts())


def read_ladder(node: Node) -> tuple[LadderStep, ...]:
    """The steps in order; `remind` beside them holds for each that does not say otherwise."""
    steps: list[LadderStep] = []
    remind = node.maybe("remind", _remind, 0)
    for rank, step in node.items():
        if rank in LADDER_KEYS:
            continue
        known = get_args(Step)
        if rank not in known:
            raise step.wrong(f"unknown step `{rank}`: there are {', '.join(known)}")
        at = step if isinstance(step.value, str) else _detailed(step).need("at")
        basis_points, offset = at.read(read_threshold)
        steps.append(
            LadderStep(
                step=cast("Step", rank),
                basis_points=basis_points,
                offset=offset,
                copied_to=step.maybe("copied_to", Node.texts, ()),
                remind=step.maybe("remind", _remind, remind),
            )
        )
        if not _climbs(steps[-2:]):
            raise step.wrong(f"the ladder is out of order at `{rank}`")
    return tuple(steps)


def _remind(node: Node) -> int:
    return node.read(read_span)


def _detailed(step: Node) -> Node:
    step.only(*STEP_KEYS)
    return step


def _climbs(steps: Sequence[LadderStep]) -> bool:
    """Whether a rank is told no earlier than the one below it, as far as that is certain."""
    if len(steps) < 2:
        return True
    lower, upper = steps
    ranks = get_args(Step)
    sinks = upper.basis_points <= lower.basis_points and upper.offset <= lower.offset
    level = (upper.basis_points, upper.offset) == (lower.basis_points, lower.offset)
    return ranks.index(lower.step) < ranks.index(upper.step) and (level or not sinks)


def read_choices(node: Node, words: Vocabulary, known: Iterable[str]) -> Sequence[Choice]:
    """`choose`: the first whose conditions a case meets."""
    node.only("choose")
    names = tuple(known)
    choices: list[Choice] = []
    for entry in node.need("choose").entries():
        entry.only(*CHOICE_KEYS)
        if choices and not choices[-1][0]:
            raise entry.wrong(f"this choice of `{node.name}` is never reached: the one above is")
        conditions = read_conditions(entry.get("when"), words, kind=None)
        choices.append((conditions, entry.need("use").one_of(names)))
    if choices and choices[-1][0]:
        sentence = f"`{node.name}` has no last choice without `when`: cases may find none"
        node.findings.warning(node.line, sentence)
    return choices


def read_conditions(
    node: Node | None, words: Vocabulary, *, kind: str | None
) -> tuple[Condition, ...]:
    """Conditions that must all hold; `kind` is asked for unless the file says otherwise."""
    stated = dict(node.items()) if node else {}
    conditions = [
        condition
        for name, value in stated.items()
        if not (name == "kind" and value.value == "any")
        for condition in [_condition(name, value, words)]
    ]
    if kind is not None and "kind" not in stated:
        conditions.insert(0, Condition(attribute="kind", values=(kind,)))
    return tuple(conditions)


def _condition(name: str, node: Node, words: Vocabulary) -> Condition:
    attribute, _, option = name.partition(".")
    known = get_args(Attribute)
    if attribute not in known or bool(option) != (attribute == "option"):
        raise node.wrong(f"unknown attribute `{name}`: there are {', '.join(known)}")
    if attribute == "distance_km":
        return _distance(node)
    if attribute == "option" and option not in words.options:
        raise node.wrong(f"unknown option `{option}`: name it under `options` first")
    allowed = words.options[option].values if option else words.known(attribute)
    if isinstance(node.value, dict):
        node.only("not")
    negated = node.get("not")
    values = (negated or node).entries()
    return Condition(
        attribute=cast("Attribute", attribute),
        operator="in" if negated is None else "not_in",
        values=tuple(v.one_of(allowed) if allowed else v.text() for v in values),
        option=option,
    )


def _distance(node: Node) -> Condition:
    match = DISTANCE.fullmatch(node.text())
    if match is None:
        raise node.wrong(f"`{node.text()}` is no distance: write `<= 1000` or `> 1000`")
    operator = "at_most" if match[1] == "<=" else "more_than"
    return Condition(attribute="distance_km", operator=operator, limit=float(match[2]))
