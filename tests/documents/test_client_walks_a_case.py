"""What a developer does in the first afternoon, with the typed client on the running system."""

import signal
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from aftercare_cli import http_client
from aftercare_client import Aftercare, ProblemError
from aftercare_client.intake import RequestBody
from support.curl_writer import ROOT
from support.whole_system import System, waited_for

FAULT: RequestBody = {
    "channel": "phone",
    "kind": "fault",
    "severity": "2",
    "customer_id": "C-INTEGRATION",
    "device_serial": "IT-SRV-01",
    "summary": "Server restarts every few minutes",
    "contact": {"name": "李静", "phone": "+86 138 5550 0119"},
}


@pytest.fixture
def aftercare(system: System) -> Iterator[Aftercare]:
    at = system.known.services
    with Aftercare(
        http_client.LOCAL_KEY,
        intake=at["intake"],
        dispatch=at["dispatch"],
        sla_monitor=at["sla-monitor"],
        feedback=at["feedback"],
    ) as client:
        yield client


def test_what_was_written_is_read_at_every_service(aftercare: Aftercare) -> None:
    case = aftercare.intake.report_request(FAULT)["case_id"]
    aftercare.intake.add_message(case, {"channel": "phone", "text": "Ring twice"})
    assert aftercare.intake.show_case(case)["messages"][0]["said"]["text"] == "Ring twice"
    assert aftercare.dispatch.show_case(case)["case_id"] == case
    assert aftercare.sla_monitor.show_clocks(case)["clocks"]


def test_a_call_opens_a_case_and_is_found_among_all_pages(aftercare: Aftercare) -> None:
    now = datetime.now(UTC).isoformat()
    for number in range(3):
        kept = aftercare.intake.record_call(
            {
                "call_id": f"client-{now}-{number}",
                "direction": "inbound",
                "caller": "+86 138 5550 0119",
                "started_at": now,
                "answered_at": now,
                "ended_at": now,
                "outcome": "answered",
                "request": {"kind": "question", "summary": "Which disks may be mixed?"},
            }
        )
        assert kept.get("case_id")
    references = [call["reference"] for call in aftercare.intake.list_calls(limit=1)]
    assert {f"client-{now}-{number}" for number in range(3)} <= set(references)


def test_the_pages_of_a_fax_come_back_as_they_were(aftercare: Aftercare) -> None:
    fax = (ROOT / "samples/11-fax-two-pages.tif").read_bytes()
    case = aftercare.intake.receive_fax(file=fax, job_id="client").get("case_id")
    assert case
    assert aftercare.intake.show_attachment(case, 1) == fax


def test_what_is_refused_names_the_field(aftercare: Aftercare) -> None:
    nobody: RequestBody = {**FAULT, "customer_id": "C-NOBODY"}
    with pytest.raises(ProblemError) as refused:
        aftercare.intake.report_request(nobody)
    assert (refused.value.status, refused.value.field) == (422, "customer_id")
    assert refused.value.correlation_id


def test_a_killed_service_answers_the_same_when_it_is_back(
    aftercare: Aftercare, system: System
) -> None:
    before = aftercare.intake.report_request(FAULT, idempotency_key="before-the-kill")
    system.up.children()["intake"].send_signal(signal.SIGKILL)
    again = aftercare.intake.report_request(FAULT, idempotency_key="before-the-kill")
    assert (again["case_id"], again["duplicate"]) == (before["case_id"], True)
    waited_for(lambda: aftercare.intake.show_case(before["case_id"])["position"] or None)
