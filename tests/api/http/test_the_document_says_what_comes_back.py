"""The OpenAPI document against the service itself, by schemathesis with all its checks."""

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from support.toy_service import toy

from .conftest import WRITER

SEALED_OFF = {"/v1/anything", "/v1/slow", "/v1/stream", "/v1/fail/{how}"}


schema = schemathesis.openapi.from_asgi("/openapi.json", toy()).exclude(path=sorted(SEALED_OFF))


@schema.parametrize()
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_in_the_document(case: Case) -> None:
    # No schema says which positions exist, or what the time is: those may be refused. A query
    # parameter that we do not know is ignored.
    case.call_and_validate(
        headers=WRITER, excluded_checks=[positive_data_acceptance, negative_data_rejection]
    )


def test_every_route_documents_its_errors_and_scopes() -> None:
    document = toy().openapi()
    assert "HTTPValidationError" not in document["components"]["schemas"]
    for path, operations in document["paths"].items():
        for operation in operations.values():
            problem = operation["responses"]["default"]["content"]["application/problem+json"]
            assert problem["schema"] == {"$ref": "#/components/schemas/Problem"}
            if path != "/v1/form":
                assert operation["security"] == [{"bearer": []}]
                assert "toy:" in operation["responses"]["403"]["description"]
