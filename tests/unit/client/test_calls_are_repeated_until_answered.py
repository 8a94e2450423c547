"""The transport of the client, against answers made up one by one."""

import httpx
import pytest

from aftercare_client import Intake, ProblemError, Transport, Unanswered
from aftercare_client.intake import RequestBody

REQUEST: RequestBody = {
    "channel": "phone",
    "kind": "fault",
    "customer_id": "C-INTEGRATION",
    "summary": "dark",
    "contact": {"name": "李静"},
}
TAKEN = httpx.Response(202, json={"case_id": "4F7K-Q2M9"}, headers={"X-Log-Position": "94"})
BUSY = {"Retry-After": "0"}


class Wire(httpx.BaseTransport):
    """Answers in turn; keeps what was sent."""

    def __init__(self, *answers: httpx.Response | httpx.TransportError) -> None:
        self.answers = list(answers)
        self.sent: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, httpx.TransportError):
            raise answer
        return answer


def intake_on(wire: Wire, patience: float = 60) -> Intake:
    return Intake(Transport("a-key", through=wire, patience=patience), "http://intake")


@pytest.mark.parametrize(
    "trouble",
    [
        httpx.ConnectError("refused"),
        httpx.ReadError("cut off"),
        httpx.Response(429, headers=BUSY),
        httpx.Response(503, headers=BUSY),
    ],
)
def test_trouble_is_met_by_the_same_call_under_the_same_key(
    trouble: httpx.Response | httpx.TransportError,
) -> None:
    wire = Wire(trouble, TAKEN)
    assert intake_on(wire).report_request(REQUEST)["case_id"] == "4F7K-Q2M9"
    first, second = wire.sent
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]
    assert first.content == second.content


def test_two_calls_have_two_keys() -> None:
    wire = Wire(TAKEN, TAKEN)
    intake = intake_on(wire)
    intake.report_request(REQUEST)
    intake.report_request(REQUEST)
    assert len({sent.headers["Idempotency-Key"] for sent in wire.sent}) == 2


def test_key_is_sent_only_where_one_is_taken() -> None:
    wire = Wire(httpx.Response(200, json={}), TAKEN, TAKEN)
    intake = intake_on(wire)
    intake.withdraw_case("4F7K-Q2M9", {})
    intake.report_request(REQUEST)
    intake.report_request(REQUEST, idempotency_key="mine")
    without, made, given = (sent.headers.get("Idempotency-Key") for sent in wire.sent)
    assert (without, given) == (None, "mine")
    assert made


def test_reads_wait_for_what_was_written() -> None:
    wire = Wire(TAKEN, httpx.Response(200, json={}))
    intake = intake_on(wire)
    intake.report_request(REQUEST)
    intake.show_case("4F7K-Q2M9")
    assert wire.sent[1].url.params["min_position"] == "94"


def test_pages_are_fetched_as_they_are_asked_for() -> None:
    wire = Wire(
        httpx.Response(200, json={"items": [1, 2], "next": "further"}),
        httpx.Response(200, json={"items": [3], "next": None}),
    )
    calls = iter(intake_on(wire).list_calls())
    assert [next(calls), next(calls)] == [1, 2]
    assert len(wire.sent) == 1
    assert list(calls) == [3]
    assert wire.sent[1].url.params["cursor"] == "further"


def test_a_refusal_is_told_once_with_its_field() -> None:
    problem = {"type": "/problems/unknown", "title": "Unknown", "detail": "no such", "field": "x"}
    wire = Wire(httpx.Response(422, json=problem | {"correlation_id": "c-1"}))
    with pytest.raises(ProblemError) as refused:
        intake_on(wire).report_request(REQUEST)
    assert (refused.value.type, refused.value.field) == ("/problems/unknown", "x")
    assert refused.value.correlation_id == "c-1"
    assert len(wire.sent) == 1


def test_who_is_never_answered_learns_the_key_to_ask_again_with() -> None:
    wire = Wire(httpx.ConnectError("refused"))
    with pytest.raises(Unanswered) as gave_up:
        intake_on(wire, patience=0).report_request(REQUEST)
    assert gave_up.value.idempotency_key == wire.sent[0].headers["Idempotency-Key"]


def test_a_page_of_a_proxy_is_a_problem_too() -> None:
    wire = Wire(httpx.Response(502, text="<h1>Bad gateway</h1>"))
    with pytest.raises(ProblemError, match="502"):
        intake_on(wire).show_case("4F7K-Q2M9")


def test_whatever_stands_in_a_path_stays_one_part_of_it() -> None:
    wire = Wire(httpx.Response(200, json={}))
    intake_on(wire).who_is_calling("+86 138/5550")
    assert wire.sent[0].url.raw_path == b"/v1/callers/%2B86%20138%2F5550"
