"""The JSON Schema of the policy language and the reader know the same language."""

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from sla_monitor.domain.policy_check import check_policy
from sla_monitor.domain.policy_schema import policy_schema
from sla_monitor.shipped import official_days, shipped_policies

DOCUMENT = Path(__file__).parents[3] / "docs" / "reference" / "policy.schema.json"
SCHEMA = jsonschema_rs.validator_for(policy_schema())
NAMES = [policy.name for policy in shipped_policies()]
FULL = """\
policy: full
version: 3
title: {zh: 全, en: Everything that can be written}
source: a test
time_zone: Asia/Shanghai
severities:
  high: {zh: 高, en: High}
options:
  hours: {values: [24x7, 5x8], default: 5x8, chosen: {default: the cheaper one}}
official:
  cn: {2027: {edition: notice of 2026, off: [2027-01-01], on: 2027-01-02}}
calendars:
  office:
    time_zone: Europe/Berlin
    week: {mon-thu: [09:00-12:00, 13:00-17:00], fri: 22:00-06:00, sat: 00:00-24:00}
    holidays: cn
    make_up_days: worked
    make_up_hours: 10:00-12:00
    off: [12-24, 2026-11-05]
    on: 12-27
    days: {2026-11-06: 10:00-11:00}
    chosen: {week: said nowhere}
  other: {week: {sun: 10:00-11:00}}
  either: {choose: [{when: {option.hours: 24x7}, use: other}, {use: office}]}
ladders:
  default:
    engineer: 50 %
    pm: 10 min before due
    leadership: {at: 100 %, copied_to: [x], remind: 1 h}
    remind: 30 min
    chosen: {remind: said nowhere}
  twice: {choose: [{when: {severity: high}, use: default}, {use: default}]}
pauses: {usual: [no_site_access]}
clocks:
  - clock: onsite
    when: {severity: {not: high}, distance_km: <= 1000, device: yes, kind: any}
    starts: reported
    met_by: arrived
    target: 4 h
    calendar: either
    ladder: twice
    pauses: usual
    duty: no
    on_breach: request_loan
    clause: 3.1
    chosen: {target: the text says soon}
  - clock: callback
    starts: resolved
    met_by: called_back
    target: 2 working days
    calendar: office
penalty: {percent_per_breach: 1.5, max_percent: 10, clause: 5, chosen: {max_percent: open}}
warranty: [{years: 2, starts: acceptance, category: hardware}]
out_of_warranty: {charge: at_cost, discounted: [expert_visit], free: [phone_advice]}
callback: {not_by: [engineer]}
spare: {when: during_repair}
obligations: [{id: inspection, every: month, wording: {zh: 巡检, en: Inspection}}]
terms: {parts: for life, more: {deep: [a, b]}}
"""


def written(text: str) -> Any:
    """Every scalar as the text that was written, as the reader has it."""
    return yaml.load(text, Loader=yaml.BaseLoader)


def shipped(name: str) -> str:
    return (files("sla_monitor") / "policies" / f"{name}.yaml").read_text(encoding="utf-8")


def refused_by_reader(text: str) -> bool:
    found = check_policy(text, "full.yaml", official_days())
    return any(finding.severity == "error" for finding in found)


def test_file_as_it_is_mutated_is_sound() -> None:
    assert not refused_by_reader(yaml.safe_dump(written(FULL), sort_keys=False))


def test_document_is_what_the_readers_keys_make() -> None:
    assert json.loads(DOCUMENT.read_text(encoding="utf-8")) == policy_schema()


@pytest.mark.parametrize("text", [FULL, *map(shipped, NAMES)], ids=["full", *NAMES])
def test_what_the_reader_takes_the_schema_takes(text: str) -> None:
    assert not refused_by_reader(text)
    assert [error.message for error in SCHEMA.iter_errors(written(text))] == []


@pytest.mark.parametrize("name", NAMES)
def test_shipped_contracts_name_their_schema(name: str) -> None:
    first = shipped(name).splitlines()[0]
    _, path = first.split("$schema=")
    policies = Path(str(files("sla_monitor") / "policies"))
    assert (policies / path).resolve() == DOCUMENT.resolve()


def mappings(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where the mappings of a file are; `terms` may hold anything."""
    children: Iterator[tuple[Any, Any]] = iter(())
    if isinstance(node, dict):
        yield path
        children = ((key, child) for key, child in node.items() if key != "terms")
    elif isinstance(node, list):
        children = iter(enumerate(node))
    for key, child in children:
        yield from mappings(child, (*path, key))


def with_key(path: tuple[Any, ...], value: Any) -> Any:
    document = written(FULL)
    place = document
    for key in path:
        place = place[key]
    place["zz unknown"] = value
    return document


PLACES = [path for path in mappings(written(FULL)) if path[-1:] != ("chosen",)]


@pytest.mark.parametrize("value", ["x", {"a": "b"}, ["x"]], ids=["text", "mapping", "list"])
@pytest.mark.parametrize("path", PLACES, ids=lambda path: ".".join(map(str, path)) or "root")
def test_wrong_key_that_the_reader_refuses_the_schema_refuses(
    path: tuple[Any, ...], value: Any
) -> None:
    document = with_key(path, value)
    if refused_by_reader(yaml.safe_dump(document, sort_keys=False)):
        assert not SCHEMA.is_valid(document)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("version: 3", "version: three"),
        ("version: 3", "version: 0"),
        ("policy: full", "policy: A B"),
        ("mon-thu", "mun-thu"),
        ("22:00-06:00", "22-6"),
        ("make_up_days: worked", "make_up_days: maybe"),
        ("2026-11-06: 10", "Friday: 10"),
        ("target: 4 h", "target: 4 d"),
        ("distance_km: <= 1000", "distance_km: far"),
        ("device: yes", "device: maybe"),
        ("starts: reported", "starts: soon"),
        ("met_by: arrived", "met_by: arived"),
        ("duty: no", "duty: true"),
        ("engineer: 50 %", "engineer: soon"),
        ("engineer: 50 %", "boss: 50 %"),
        ("at: 100 %, ", ""),
        ("years: 2", "years: [2]"),
        ("every: month", "every: day"),
        ("en: High", "english: High"),
        ("    calendar: either\n", ""),
        ("time_zone: Asia/Shanghai\n", ""),
        ("2027-01-01", "new-year"),
    ],
)
def test_wrong_form_is_refused_by_both(old: str, new: str) -> None:
    assert old in FULL
    text = FULL.replace(old, new, 1)
    assert refused_by_reader(text)
    assert not SCHEMA.is_valid(written(text))
