"""Policy files: what can be written, what is refused, and with which sentence."""

from typing import Any

import msgspec
import pytest

from sla_monitor.domain.policy import Policy, Target, from_json, to_json
from sla_monitor.domain.policy_check import check_policy
from sla_monitor.domain.policy_reader import InvalidPolicy, read_policy
from sla_monitor.domain.terms import Attributes, Policies, Terms
from sla_monitor.domain.units import (
    Unclear,
    read_hours,
    read_span,
    read_target,
    read_threshold,
    write_target,
)
from sla_monitor.shipped import official_days, shipped_policies

HOUR = 3_600_000_000
FILE = """\
policy: tiny
version: 3
title: {zh: 小合同, en: A small contract}
time_zone: Asia/Shanghai
severities:
  high: {zh: 高, en: High}
  low: {zh: 低, en: Low}
options:
  hours: {values: [24x7, 5x8], default: 5x8}
calendars:
  always:
    week: {mon-sun: 00:00-24:00}
  office:
    week: {mon-thu: [09:00-12:00, 13:00-17:00], fri: 22:00-06:00}
    holidays: cn
    make_up_days: off
    off: [12-24, 2026-11-05]
    days: {2026-11-06: 10:00-11:00}
  working_days:
    week: {mon-fri: 09:00-18:00}
ladders:
  default: {engineer: 50 %, pm: 10 min before due, leadership: 100 %, executive: 1 h after due}
pauses:
  usual: [no_site_access]
clocks:
  - clock: respond
    when: {severity: high}
    met_by: responded
    target: 30 min
    calendar: always
  - clock: onsite
    met_by: arrived
    target: 4 h
    calendar: office
    pauses: usual
    clause: 3.1 四小时
    chosen: {target: the text says soon}
  - clock: callback
    when: {kind: any, option.hours: [24x7, 5x8]}
    starts: resolved
    met_by: called_back
    target: 2 working days
    calendar: working_days
penalty: {percent_per_breach: 1.5, max_percent: 10}
warranty:
  - {years: 2, starts: acceptance}
callback: {not_by: [engineer]}
"""


def read(text: str = FILE) -> Policy:
    return read_policy(text, "tiny.yaml", official_days())


def sentences(text: str) -> list[str]:
    return [str(finding) for finding in check_policy(text, "tiny.yaml", official_days())]


def test_everything_that_was_written_is_there() -> None:
    policy = read()
    assert (policy.name, policy.version, policy.title.zh) == ("tiny", 3, "小合同")
    respond, onsite, callback = policy.clocks
    assert respond.target == Target(micros=HOUR // 2)
    assert onsite.pauses == {"no_site_access"}
    assert (onsite.clause, onsite.chosen) == ("3.1 四小时", {"target": "the text says soon"})
    assert callback.target == Target(working_days=2)
    office = policy.calendars["office"]
    assert office.week[4] == ((22 * 3600, 30 * 3600),)
    assert office.off == {"12-24", "2026-11-05"}
    assert policy.penalty is not None
    assert policy.penalty.percent_per_breach == 1.5


def test_offsets_of_a_ladder() -> None:
    steps = {s.step: (s.basis_points, s.offset) for s in read().clocks[0].ladder}
    assert steps == {
        "engineer": (5000, 0),
        "pm": (10_000, -HOUR // 6),
        "leadership": (10_000, 0),
        "executive": (10_000, HOUR),
    }


def test_policy_goes_through_json_unchanged() -> None:
    for policy in (read(), *shipped_policies()):
        assert from_json(msgspec.json.decode(msgspec.json.encode(to_json(policy)))) == policy


def test_published_policy_needs_nothing_else() -> None:
    terms = Terms(from_json(to_json(read())))
    assert set(terms.applicable(Attributes("fault", "web", "low"))) == {"onsite", "callback"}


def test_case_keeps_the_version_it_started_with() -> None:
    newer = msgspec.structs.replace(read(), version=4)
    policies = Policies([newer, read()])
    assert [p.policy.version for p in (policies.of("tiny"), policies.of("tiny", 3)) if p] == [4, 3]
    assert policies.of("tiny", 5) is None
    assert policies.of("huge") is None


def test_year_of_official_days_is_loaded_as_data() -> None:
    year = "official: {cn: {2027: {edition: notice of 2026, off: [2027-01-01], on: [2027-01-02]}}}"
    days = read(f"{FILE}{year}\n").official["cn"]
    assert days.last_known_year() == 2027
    assert days.edition.endswith("; notice of 2026")
    assert {day.isoformat() for day in (*days.off, *days.on) if day.year == 2027} == {
        "2027-01-01",
        "2027-01-02",
    }


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("version: 3", "version: three", "2: error: `three` is no version"),
        ("version: 3", "versoin: 3", "2: error: unknown key `versoin`; did you mean `version`?"),
        ("policy: tiny", "policy: A B", "1: error: `A B` is no name for a policy"),
        ("zone: Asia/Shanghai", "zone: Asia/Peking", "4: error: unknown time zone `Asia/Peking`"),
        ("mon-sun: 00", "mon-sat: 00", ""),
        ("mon-sun", "mun-sun", "error: `mun-sun` is no weekday"),
        ("mon-sun", "sun-mon", "error: `sun-mon` runs backwards"),
        ("00:00-24:00", "00:00-24:30", "`24:30` is later than `24:00`"),
        ("00:00-24:00", "9-17", "`9` is no time of day"),
        ("00:00-24:00", "[]", "11: error: the calendar `always` never opens"),
        ("[09:00-12:00, 13", "[09:00-13:30, 13", "the spans of `mon-thu` overlap"),
        ("holidays: cn", "holidays: uk", "unknown holidays `uk`"),
        ("12-24", "13-24", "`13-24` is no date"),
        ("target: 4 h", "target: 4 d", "`4 d` is not a span"),
        ("target: 4 h", "target: 5 working days", ""),
        ("target: 4 h", "target: 0 h", "`0 h` must be more than nothing"),
        ("target: 4 h", "target: 999999 h", "less than ten years"),
        ("calendar: office", "calendar: offic", "unknown calendar `offic`; did you mean `office`?"),
        ("severity: high", "severity: hihg", "unknown severity `hihg`; did you mean `high`?"),
        ("severity: high", "sevrity: high", "unknown attribute `sevrity`"),
        ("severity: high", "kind: faults", "unknown kind `faults`"),
        ("severity: high", "option.days: 5", "unknown option `days`"),
        ("severity: high", "severity.x: high", "unknown attribute `severity.x`"),
        ("severity: high", "severity: {not: high, nor: low}", "unknown key `nor`"),
        ("pm: 10 min before due", "pm: {at: 80 %, to: boss}", "unknown key `to`"),
        ("severity: high", "distance_km: far", "`far` is no distance"),
        ("met_by: arrived", "met_by: arived", "unknown met_by `arived`; did you mean `arrived`?"),
        ("pauses: usual", "pauses: never", "unknown pauses `never`"),
        ("pm: 10 min before due", "pm: 40 %", "22: error: the ladder is out of order at `pm`"),
        ("pm: 10 min before due", "pm: soon", "`soon` is no step"),
        ("pm: 10", "boss: 10", "unknown step `boss`"),
        ("years: 2", "years: two", "`warranty`"),
        ("years: 2", "yaers: 2", "unknown key `yaers`; did you mean `years`?"),
        ("default: 5x8", "default: 6x8", "unknown default `6x8`"),
        ("clock: respond", "clock: Respond", "`Respond` is no name for a clock"),
        ("starts: resolved", "starts: reported", "a callback is made after resolved"),
        ("met_by: responded", "met_by: responded\n    starts: resolved", "starts at resolved"),
        ("clock: onsite\n", "clock: respond\n    when: {severity: high}\n", "can never apply"),
        ("met_by: called_back", "met_by: closed", "warning: no clock is met by called_back"),
        ("callback: {", "terms: {presence: {calendar: offise}}\ncallback: {", "calendar `offise`"),
        ("callback: {", "terms: {presence: {calendar: office}}\ncallback: {", ""),
        ("mon-fri: 09:00-18:00", "mon-fri: []", "the calendar `working_days` never opens"),
    ],
)
def test_mistakes_are_told_with_their_line(old: str, new: str, sentence: str) -> None:
    assert old in FILE
    found = sentences(FILE.replace(old, new, 1))
    assert any(sentence in text for text in found) if sentence else not found, found


def test_file_without_mistakes_has_no_findings() -> None:
    assert sentences(FILE) == []


def test_every_mistaken_clock_is_told() -> None:
    text = FILE.replace("target: 4 h", "target: 4 d").replace("target: 30 min", "target: half")
    assert len([s for s in sentences(text) if "is not a span" in s]) == 2


def test_unreadable_file_is_refused_with_its_findings() -> None:
    with pytest.raises(InvalidPolicy, match=r"tiny\.yaml:1: error: the file is empty"):
        read("")


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, "a: &x [*x]", "a: [1,\n", "\x00", "- a", "? [1]\n: 2", "a: b\na: c", "\ud800"],
)
def test_hostile_text_gives_findings_and_nothing_worse(text: str) -> None:
    assert sentences(text)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [("4 h", 4 * HOUR), ("30min", HOUR // 2), ("90 s", 90_000_000), ("0.5 h", HOUR // 2)],
)
def test_spans(written: str, read_as: int) -> None:
    assert read_span(written) == read_as


@pytest.mark.parametrize("text", ["4h30", "5 d", "-1 h", "h", "1,5 h", "5 days", "0 working days"])
def test_unclear_targets(text: str) -> None:
    with pytest.raises(Unclear):
        read_target(text)


def test_targets_are_written_as_they_are_read() -> None:
    for text in ("4 h", "30 min", "90 s", "5 working days", "1 working day"):
        assert write_target(read_target(text)) == text


def test_hours_across_midnight_and_until_midnight() -> None:
    assert read_hours("22:00-06:00") == (79_200, 108_000)
    assert read_hours("18:30-24:00") == (66_600, 86_400)
    for text in ("09:00-09:00", "24:00-06:00", "09:00", "09.00-10.00"):
        with pytest.raises(Unclear):
            read_hours(text)


def test_thresholds_to_a_hundredth_of_a_per_cent() -> None:
    assert read_threshold("33.33 %") == (3333, 0)
    assert read_threshold("10 min after start") == (0, 600_000_000)


CONTRADICTIONS: dict[str, list[str]] = {
    "it-integration": [
        "restored is promised in 2 h, before arrived in 5 h",
        "restored is promised in 2 h, before arrived in 24 h",
        "resolved is promised in 48 h, before arrived in 96 h",
    ],
    "lighting-maintenance": ["promises arrived in 24 h, this in 3 h"],
}


@pytest.mark.parametrize("policy", shipped_policies(), ids=lambda policy: policy.name)
def test_shipped_contracts_pass_and_their_contradictions_are_found(policy: Policy) -> None:
    from importlib.resources import files

    text = (files("sla_monitor") / "policies" / f"{policy.name}.yaml").read_text(encoding="utf-8")
    findings = check_policy(text, f"{policy.name}.yaml", official_days())
    assert [f for f in findings if f.severity == "error"] == []
    told = "\n".join(finding.sentence for finding in findings)
    for sentence in CONTRADICTIONS.get(policy.name, []):
        assert sentence in told


@pytest.mark.parametrize("policy", shipped_policies(), ids=lambda policy: policy.name)
def test_shipped_contracts_call_back_and_say_where_promises_stand(policy: Policy) -> None:
    facts: dict[str, Any] = {row.clock: row for row in policy.clocks}
    assert facts["callback"].target == Target(working_days=1)
    assert all(row.clause for row in policy.clocks)
    assert "engineer" in policy.callback.not_by
