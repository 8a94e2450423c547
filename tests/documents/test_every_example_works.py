"""The examples of the documents, sent as they are to the running system."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import httpx
import jsonschema_rs
import pytest

from aftercare_cli import http_client
from aftercare_client import Transport
from aftercare_http.examples import at_the_time
from support.documents import ROOT, SERVICES, Operation, examples_of, operations
from support.example_calls import (
    BEFORE,
    STAND_INS,
    body_example,
    parameters,
    path_of,
    with_ids,
)
from support.whole_system import System, waited_for


@pytest.mark.parametrize("service", SERVICES)
def test_every_example_is_answered_as_documented(system: System, service: str) -> None:
    url = system.known.services[service]
    document = httpx.get(f"{url}/openapi.json", trust_env=False).json()
    known = {operation.name: operation for operation in operations(document)}
    transport = Transport(http_client.LOCAL_KEY)
    ids = {} if service == "intake" else under_way(system, service)
    for name in examples_of(service):
        if (before := BEFORE.get(name)) is not None:
            first = known[before.operation]
            body = {**body_example(first), **at_the_time(before.changed, datetime.now(UTC))}
            request = request_of(transport, url, first, body, ids)
            learn(ids, f"before {name}", transport.send(request))
        operation = known[name]
        request = request_of(transport, url, operation, body_example(operation), ids)
        answer = transport.send(request)
        assert_documented(operation, answer, document)
        learn(ids, name, answer)
    transport.close()


def under_way(system: System, service: str) -> dict[str, str]:
    """A case that dispatch has given to somebody, or that waits for its callback; and an alert."""
    case = system.report("C-INTEGRATION", "dark", severity="2", device_serial="IT-SRV-01")
    system.case_when(case, lambda found: found["holder"] is not None)
    if service == "feedback":
        system.resolve(case)
    if service == "dispatch":
        everybody_is_out(system)
    if service == "sla-monitor":
        late = system.report(system.customer_with_seconds(1), "dark")
        waited_for(lambda: system.alerts(late) or None)
    return {"4F7K-Q2M9": case, "CB-4F7K-Q2M9-1": f"CB-{case}-1"}


def everybody_is_out(system: System) -> None:
    """On other cases, now: an example may not ask for time that somebody has only by chance."""
    bodies = [examples_of("dispatch")["assign_case"]["body"]]
    bodies += [one.changed for one in BEFORE.values() if one.operation == "assign_case"]
    for engineer_id in {body["engineer_id"] for body in bodies}:
        other = system.report("C-INTEGRATION", "dark", severity="2")
        with http_client.connect(system.url("dispatch", "")) as client:
            body = {"engineer_id": engineer_id, "reason": "he is near"}
            answer = client.post(f"/v1/cases/{other}/assign", json=body)
        assert answer.is_success or "engineer-busy" in answer.text, answer.text


def learn(ids: dict[str, str], step: str, answer: httpx.Response) -> None:
    for stand_in, found in STAND_INS.items():
        if found.operation == step:
            ids[stand_in] = found.read(answer.json())


def request_of(
    transport: Transport, url: str, operation: Operation, body: Any, ids: dict[str, str]
) -> httpx.Request:
    in_path = with_ids(parameters(operation, "path"), ids)
    path = path_of(operation, {name: quote(str(value)) for name, value in in_path.items()})
    query = with_ids(parameters(operation, "query"), ids)
    if operation.takes("min_position"):
        query["min_position"] = transport.position
    sent = body_of(operation, with_ids(body, ids))
    return transport.build(operation.method, url + path, params=query, **sent)


def body_of(operation: Operation, body: Any) -> dict[str, Any]:
    match operation.body:
        case None:
            return {}
        case ("application/json", _):
            return {"json": body}
        case ("multipart/form-data", _):
            fields = {name: value for name, value in body.items() if value[0] != "@"}
            files = {
                name: (ROOT / value[1:]).read_bytes()
                for name, value in body.items()
                if value[0] == "@"
            }
            return {"data": fields, "files": files}
        case (media, _):
            return {"content": body.encode(), "headers": {"Content-Type": media}}


def assert_documented(
    operation: Operation, answer: httpx.Response, document: dict[str, Any]
) -> None:
    documented = operation.said["responses"]
    assert str(answer.status_code) in documented, operation.name
    media = answer.headers.get("Content-Type", "").partition(";")[0]
    schema = operation.answers.get(media, {}).get("schema")
    if media == "application/json" and schema is not None:
        whole = {**schema, "components": document["components"]}
        jsonschema_rs.Draft202012Validator(whole).validate(answer.json())
