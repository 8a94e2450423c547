"""From the YAML that a service manager writes to a policy, or to sentences about what is wrong."""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from aftercare_events.official_days import OfficialDays
from aftercare_events.opening_hours import CalendarSpec

from .calendar_reader import read_calendar, read_official, read_time_zone
from .clock_reader import Choice, Vocabulary, read_choices, read_clocks, read_ladder
from .name_check import check_names
from .policy import (
    CallbackRule,
    LadderStep,
    Obligation,
    Option,
    OutOfWarranty,
    Penalty,
    Policy,
    Severity,
    SpareRule,
    Text,
    Warranty,
)
from .yaml_nodes import Finding, Findings, Node, Unreadable, read_yaml

T = TypeVar("T", bound=msgspec.Struct)
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
POLICY_KEYS = (
    "policy",
    "version",
    "title",
    "source",
    "time_zone",
    "severities",
    "options",
    "official",
    "calendars",
    "ladders",
    "pauses",
    "clocks",
    "penalty",
    "warranty",
    "out_of_warranty",
    "callback",
    "spare",
    "obligations",
    "terms",
)
POLICY_NEEDS = (
    "policy",
    "version",
    "title",
    "time_zone",
    "severities",
    "calendars",
    "ladders",
    "clocks",
    "callback",
)
OPTION_KEYS = ("values", "default", "chosen")


class InvalidPolicy(ValueError):
    """A policy file has errors; `findings` has a sentence with file and line for each."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))


@dataclass(frozen=True, slots=True)
class ReadPolicy:
    """A policy with the lines on which each row of its clocks and each severity begin.

    `warnings` are oddities that show in the file and no longer in the policy.
    """

    policy: Policy
    lines: tuple[int, ...]
    severity_lines: Mapping[str, int]
    warnings: tuple[Finding, ...]


def read_policy(text: str, file: str, official: Mapping[str, OfficialDays]) -> Policy:
    """The policy that stands in a file named `file`. Raises InvalidPolicy."""
    return read_policy_lines(text, file, official).policy


def read_official_file(
    text: str, file: str, known: Mapping[str, OfficialDays]
) -> dict[str, OfficialDays]:
    """The official sets with the years of a file that has nothing but an `official` block.

    Raises InvalidPolicy.
    """
    findings = Findings(file)
    with suppress(Unreadable):
        root = read_yaml(text, findings)
        root.only("official")
        official = read_official(root.need("official"), known)
        if not findings.has_errors():
            return official
    raise InvalidPolicy(findings.found)


def read_policy_lines(text: str, file: str, official: Mapping[str, OfficialDays]) -> ReadPolicy:
    """Raises InvalidPolicy."""
    findings = Findings(file)
    read = None
    with suppress(Unreadable):
        read = _policy(read_yaml(text, findings), official)
    if read is None or findings.has_errors():
        raise InvalidPolicy(findings.found)
    return read


def _policy(root: Node, known: Mapping[str, OfficialDays]) -> ReadPolicy:
    root.only(*POLICY_KEYS)
    official = read_official(root.get("official"), known)
    calendars, words = _vocabulary(root, official)
    used = {spec.official for spec in calendars.values()}
    clocks = read_clocks(root.need("clocks"), words)
    _check_presence(root, calendars)
    policy = Policy(
        name=root.need("policy").read(_name),
        version=root.need("version").read(_version),
        title=_struct(root.need("title"), Text),
        source=root.maybe("source", Node.text, ""),
        time_zone=read_time_zone(root.need("time_zone")),
        severities=_severities(root.need("severities")),
        options=dict(words.options),
        calendars=calendars,
        official={name: days for name, days in official.items() if name in used},
        clocks=tuple(row for _, row in clocks),
        penalty=root.maybe("penalty", lambda n: _struct(n, Penalty), None),
        warranty=root.maybe("warranty", lambda n: _structs(n, Warranty), ()),
        out_of_warranty=root.maybe("out_of_warranty", lambda n: _struct(n, OutOfWarranty), None),
        callback=_struct(root.need("callback"), CallbackRule),
        spare=root.maybe("spare", lambda n: _struct(n, SpareRule), None),
        obligations=root.maybe("obligations", lambda n: _structs(n, Obligation), ()),
        terms=root.maybe("terms", _plain_mapping, {}),
    )
    check_names(root)
    return ReadPolicy(
        policy,
        lines=tuple(line for line, _ in clocks),
        severity_lines={name: node.line for name, node in root.need("severities").items()},
        warnings=tuple(root.findings.found),
    )


def _check_presence(root: Node, calendars: Mapping[str, CalendarSpec]) -> None:
    """The hours of presence (DP-18) are those of a calendar that stands in the file."""
    terms = root.get("terms")
    presence = terms.get("presence") if terms else None
    if presence is not None:
        presence.need("calendar").one_of(calendars)


def _vocabulary(
    root: Node, official: Mapping[str, OfficialDays]
) -> tuple[dict[str, CalendarSpec], Vocabulary]:
    severities = tuple(severity.id for severity in _severities(root.need("severities")))
    options = root.maybe("options", _options, {})
    words = Vocabulary(severities, options, {}, {}, {}, root.maybe("pauses", _pauses, {}))
    zone = read_time_zone(root.need("time_zone"))
    named = dict(root.need("calendars").items())
    calendars = {
        name: read_calendar(node, zone, official)
        for name, node in named.items()
        if node.get("choose") is None
    }
    ladders = dict(root.need("ladders").items())
    steps: dict[str, tuple[LadderStep, ...]] = {
        name: read_ladder(node) for name, node in ladders.items() if node.get("choose") is None
    }
    return calendars, Vocabulary(
        severities,
        options,
        _choices(named, calendars, words),
        _choices(ladders, steps, words),
        steps,
        words.pauses,
    )


def _choices(
    nodes: Mapping[str, Node], plain: Iterable[str], words: Vocabulary
) -> dict[str, Sequence[Choice]]:
    """Under each name either the thing itself, or a choice between things by conditions."""
    names = tuple(plain)
    choices: dict[str, Sequence[Choice]] = {name: [((), name)] for name in names}
    for name, node in nodes.items():
        if name not in choices:
            choices[name] = read_choices(node, words, names)
    return choices


def _severities(node: Node) -> tuple[Severity, ...]:
    return tuple(
        Severity(id=name, wording=_struct(wording, Text)) for name, wording in node.items()
    )


def _options(node: Node) -> dict[str, Option]:
    options: dict[str, Option] = {}
    for name, option in node.items():
        option.only(*OPTION_KEYS)
        values = option.need("values").texts()
        options[name] = Option(values, option.need("default").one_of(values))
    return options


def _pauses(node: Node) -> dict[str, frozenset[str]]:
    return {name: frozenset(reasons.texts()) for name, reasons in node.items()}


def _name(text: str) -> str:
    if not NAME.fullmatch(text):
        raise ValueError(f"`{text}` is no name for a policy: write it as `it-integration`")
    return text


def _version(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 1_000_000:
        raise ValueError(f"`{text}` is no version: versions count from 1")
    return int(text)


def _plain(node: Node) -> object:
    if isinstance(node.value, str):
        return node.value
    if isinstance(node.value, list):
        return [_plain(entry) for entry in node.value]
    return _plain_mapping(node)


def _plain_mapping(node: Node) -> dict[str, object]:
    return {key: _plain(value) for key, value in node.items()}


def _struct(node: Node, struct: type[T]) -> T:
    node.only(*(field.name for field in msgspec.structs.fields(struct)))
    try:
        return msgspec.convert(_plain_mapping(node), struct, strict=False)
    except msgspec.ValidationError as error:
        raise node.wrong(f"`{node.name}`: {error}") from error


def _structs(node: Node, struct: type[T]) -> tuple[T, ...]:
    return tuple(_struct(entry, struct) for entry in node.entries())
