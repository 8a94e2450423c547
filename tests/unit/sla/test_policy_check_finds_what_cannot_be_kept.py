"""`policy check` (SL-12): promises that cannot start, be met or be kept, with file and line."""

import pytest

from sla_monitor.domain.policy_check import check_policy
from sla_monitor.shipped import official_days

FILE = """\
policy: odd
version: 1
title: {zh: 奇, en: Odd}
time_zone: Asia/Shanghai
severities:
  high: {zh: 高, en: High}
calendars:
  always: {week: {mon-sun: 00:00-24:00}}
  office: {week: {mon-fri: 09:00-17:00}}
  chosen:
    choose:
      - when: {severity: high}
        use: office
      - use: always
ladders:
  default: {engineer: 50 %, leadership: 100 %}
pauses:
  usual: [no_site_access]
clocks:
  - clock: respond
    met_by: responded
    target: 1 h
    calendar: chosen
  - clock: onsite
    starts: onsite_required
    met_by: arrived
    target: 4 h
    calendar: always
    pauses: usual
  - clock: callback
    when: {kind: any}
    starts: resolved
    met_by: called_back
    target: 1 working days
    calendar: office
callback: {not_by: [engineer]}
"""


def found(text: str) -> list[str]:
    return [str(finding) for finding in check_policy(text, "odd.yaml", official_days())]


def test_sound_file_has_no_findings() -> None:
    assert found(FILE) == []


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        # a clock that can never start
        (
            "- clock: onsite",
            "- clock: onsite\n    when: {kind: fault, severity: []}",
            "24: error: `onsite` can never apply",
        ),
        (
            "pauses: usual",
            "pauses: [onsite_required]",
            "24: error: `onsite` pauses for `onsite_required`, which is what starts it",
        ),
        # pauses that swallow the start condition
        (
            "pauses: usual",
            "pauses: [force_majeure]\n    when: {category: force_majeure}",
            "24: error: `onsite` applies only where it pauses (`force_majeure`): it never runs",
        ),
        (
            "usual: [no_site_access]",
            "usual: [no_site_access, waiting_for_parts]",
            "24: error: `onsite`: `waiting_for_parts` is the provider's own and never pauses",
        ),
        (
            "met_by: responded",
            "met_by: responded\n    pauses: usual",
            "20: warning: `respond` is a promise to answer or to report, and such a clock never",
        ),
        # a clock that can never be met
        (
            "starts: onsite_required",
            "starts: resolved",
            "24: error: `onsite` starts at resolved, by when `arrived` lies behind it",
        ),
        (
            "starts: resolved",
            "starts: reported",
            "30: error: `callback`: a callback is made after resolved, not before",
        ),
        # calendars and choices
        (
            "mon-fri: 09:00-17:00",
            "mon-fri: []",
            "9: error: the calendar `office` never opens",
        ),
        (
            "- use: always",
            "- {when: {severity: {not: high}}, use: always}",
            "10: warning: `chosen` has no last choice without `when`: cases may find none",
        ),
        (
            "      - when: {severity: high}\n        use: office\n      - use: always",
            "      - use: always\n      - use: office",
            "13: error: this choice of `chosen` is never reached: the one above is",
        ),
        (
            "calendar: chosen",
            "calendar: office",
            "10: warning: the calendar `chosen` is not used",
        ),
        ("pauses: usual", "clause: x", "18: warning: the pause `usual` is not used"),
        (
            "default: {engineer",
            "old: {pm: 10 %}\n  default: {engineer",
            "16: warning: the ladder `old` is not used",
        ),
        (
            "calendars:",
            "options: {hours: {values: [a, b], default: a}}\ncalendars:",
            "7: warning: the option `hours` is not used",
        ),
        # ladders out of order
        (
            "engineer: 50 %, leadership: 100 %",
            "leadership: 50 %, engineer: 100 %",
            "16: error: the ladder is out of order at `engineer`",
        ),
        (
            "engineer: 50 %, leadership: 100 %",
            "engineer: 50 %, leadership: 40 min before due",
            "20: warning: `respond`: leadership (40 min before due) comes before engineer (50 %)",
        ),
        (
            "engineer: 50 %,",
            "engineer: 2 h before due,",
            "20: warning: `respond`: engineer (2 h before due) lies before the start in 1 h",
        ),
        (
            "default: {engineer: 50 %, leadership: 100 %}",
            "default: {}",
            "20: warning: `respond` has a ladder without steps: nobody is told",
        ),
        # contradictory promises
        (
            "- clock: callback",
            (
                "- {clock: restore, met_by: restored, target: 2 h, calendar: always}\n"
                "  - clock: callback"
            ),
            "30: warning: restored is promised in 2 h, before arrived in 4 h (`onsite`, line 24)",
        ),
        (
            "- clock: callback",
            (
                "- {clock: answer, met_by: responded, target: 30 min, calendar: always}\n"
                "  - clock: callback"
            ),
            "30: warning: `respond` (line 20) promises responded in 1 h, this in 30 min",
        ),
        # what is missing
        ("met_by: called_back", "met_by: closed", "1: warning: no clock is met by called_back"),
        (
            "met_by: responded",
            "met_by: responded\n    when: {severity: {not: high}}",
            "6: warning: severity `high` is promised nothing",
        ),
    ],
)
def test_finding_has_file_line_and_a_sentence(old: str, new: str, sentence: str) -> None:
    assert FILE.count(old) == 1
    text = FILE.replace(old, new)
    if "promised nothing" in sentence:
        text = text.replace("starts: onsite_required", "starts: onsite_required\n    when: {}")
        text = text.replace("when: {}", "when: {severity: {not: high}}")
    assert any(line.startswith(f"odd.yaml:{sentence}") for line in found(text)), found(text)
