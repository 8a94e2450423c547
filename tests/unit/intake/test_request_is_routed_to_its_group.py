"""A request is routed to the group that handles it, and moves when it is another's (IN-04)."""

from datetime import UTC, datetime
from itertools import product
from typing import Any, get_args

import pytest

from aftercare_events.catalogue.archive import DeviceRecorded
from aftercare_events.catalogue.case import (
    CaseReclassified,
    CaseReported,
    Kind,
    PlannedWork,
    SeverityChanged,
)
from aftercare_events.catalogue.clerk import CustomerAssigned
from intake.domain.case_state import CaseState, evolve
from intake.domain.report import Found, Report, decide_report
from intake.domain.routing import TABLE, WORST, group_of

FAULT: dict[str, Any] = {"kind": "fault", "category": "device", "severity": "2"}


def routed(kind: Kind, **said: Any) -> str:
    return group_of(kind, said.get("category"), said.get("severity"), said.get("work"))


@pytest.mark.parametrize(
    ("kind", "said", "group"),
    [
        ("supervision_complaint", {}, "response_centre"),
        ("complaint", {}, "customer_service"),
        ("suggestion", {}, "customer_service"),
        ("service_request", {"work": "installation"}, "technical_support"),
        ("service_request", {"work": "commissioning"}, "technical_support"),
        ("upgrade", {"work": "expansion"}, "technical_support"),
        ("fault", {"severity": "1"}, "emergency_team"),
        ("fault", {"severity": "system_down", "category": "software"}, "emergency_team"),
        ("fault", {"severity": "catastrophic"}, "emergency_team"),
        ("fault", {"severity": "urgent"}, "emergency_team"),
        ("fault", {"severity": "2", "category": "software"}, "technical_support"),
        ("fault", {"severity": "2", "category": "device"}, "technical_service_centre"),
        ("fault", {}, "technical_service_centre"),
        ("maintenance", {"work": "routine"}, "technical_service_centre"),
        ("inspection", {}, "technical_service_centre"),
        ("upgrade", {}, "technical_support"),
        ("training", {}, "technical_support"),
        ("question", {"severity": "1", "category": "software"}, "response_centre"),
        ("question", {"category": "commercial"}, "business_lead"),
        ("complaint", {"category": "commercial"}, "customer_service"),
        ("service_request", {}, "response_centre"),
    ],
)
def test_request_goes_to_the_group_of_its_row(kind: Kind, said: dict[str, Any], group: str) -> None:
    assert routed(kind, **said) == group


def test_every_row_is_somebodys_and_every_request_has_a_row() -> None:
    kinds, works = get_args(Kind), (None, *get_args(PlannedWork))
    categories = (None, "software", "device", "commercial")
    asked = product(kinds, categories, (None, "2", *WORST), works)
    assert {group_of(*one) for one in asked} == {row.group for row in TABLE}


@pytest.mark.parametrize("kind", ["complaint", "supervision_complaint"])
def test_complaint_never_goes_to_a_technical_department(kind: Kind) -> None:
    works = (None, *get_args(PlannedWork))
    groups = {
        group_of(kind, category, severity, work)
        for category, severity, work in product((None, "software"), (None, "2", *WORST), works)
    }
    assert groups <= {"response_centre", "customer_service"}


def test_category_of_the_device_decides_where_the_report_names_none() -> None:
    report = Report(
        identity="i",
        body_digest="d",
        channel="phone",
        kind="fault",
        summary="dark",
        reported_at=datetime(2026, 11, 2, 1, tzinfo=UTC),
        found=Found(
            fallback_policy="p",
            customer_id="C-1",
            device=DeviceRecorded(device_id="D-1", customer_id="C-1", category="software"),
        ),
    )
    assert decide_report(report, "4F7K-Q2M9").group == "technical_support"


@pytest.mark.parametrize(
    ("event", "group"),
    [
        (SeverityChanged(case_id="c", severity="1"), "emergency_team"),
        (CaseReclassified(case_id="c", category="software"), "technical_support"),
        (CaseReclassified(case_id="c", kind="complaint"), "customer_service"),
        (CaseReclassified(case_id="c", kind="question", category="commercial"), "business_lead"),
        (
            CustomerAssigned(case_id="c", customer_id="C-2", policy="p", category="software"),
            "technical_support",
        ),
    ],
)
def test_case_moves_when_another_classification_is_anothers(event: Any, group: str) -> None:
    reported = CaseReported(
        case_id="c", channel="phone", policy="p", group="technical_service_centre", **FAULT
    )
    before = evolve(CaseState(), reported)
    assert before.group == "technical_service_centre"
    assert evolve(before, event).group == group


def test_case_of_before_there_were_groups_is_routed_by_what_it_says() -> None:
    earlier = CaseReported(case_id="c", channel="phone", policy="p", **FAULT)
    assert evolve(CaseState(), earlier).group == "technical_service_centre"
