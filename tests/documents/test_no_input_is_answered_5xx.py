"""R5: generated requests against the four OpenAPI documents of the running system.

Whatever is sent, the answer is no 5xx, and every error is a problem document. How many requests
each route gets is `AFTERCARE_FUZZ_EXAMPLES`.
"""

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case

from support.whole_system import System

KEY = {"Authorization": "Bearer local-dev-key"}
EXAMPLES = int(os.environ.get("AFTERCARE_FUZZ_EXAMPLES", "8"))
# A stream of events has no end to wait for.
STREAMS = ["/v1/alerts/stream", "/v1/events", "/v1/board/stream"]
ONE_AFTER_THE_OTHER = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@schemathesis.serializer("message/rfc822")
def raw_mail(_: schemathesis.SerializationContext, value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode(errors="surrogateescape")


@pytest.mark.parametrize("service", ["intake", "dispatch", "sla-monitor", "feedback"])
@pytest.mark.timeout(900)
def test_every_route_answers_in_form(system: System, service: str) -> None:
    schema = schemathesis.openapi.from_url(system.url(service, "/openapi.json"))
    operations = [found.ok() for found in schema.exclude(path=STREAMS).get_all_operations()]
    assert len(operations) > 5

    for operation in operations:

        @ONE_AFTER_THE_OTHER
        @given(case=operation.as_strategy())
        def answers(case: Case) -> None:
            is_answered_in_form(case)

        answers()


def is_answered_in_form(case: Case) -> None:
    answer = case.call(headers=KEY, timeout=30)
    kind = answer.headers.get("content-type", [""])[0]
    assert answer.status_code < 500, f"{case.as_curl_command()}\n{answer.text}"
    if answer.status_code >= 400:
        assert kind.startswith("application/problem+json"), f"{case.as_curl_command()}\n{kind}"
