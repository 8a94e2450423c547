"""The whole system as the rest of the company meets it: over HTTP, on real processes."""

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from aftercare_cli import addresses, http_client
from aftercare_cli.addresses import Addresses
from support.up import Up

STAFF = 24
SENIOR = {
    "level": 4,
    "skills": ["software", "network", "device", "hardware", "lighting"],
    "certificates": [{"name": "项目经理证", "valid_until": "2099-12-31"}],
}
STEPS = ("accept", "contact", "respond", "diagnose", "depart", "arrive", "restore")
WORK = {
    "symptom": "no power",
    "cause": "burnt fuse",
    "action": "fuse replaced",
    "place": "rack 3",
    "reported_by": "王芳",
    "prevention": "check the load",
    "technique": "measure before replacing",
}
CONTRACT_OF_SECONDS = """
policy: {name}
version: 1
title: {{zh: 秒级合同, en: A contract of seconds}}
time_zone: Asia/Shanghai
severities:
  "1": {{zh: 紧急, en: Urgent}}
calendars:
  around_the_clock:
    week: {{mon-sun: 00:00-24:00}}
ladders:
  default: {{engineer: 25 %, pm: 50 %, leadership: 75 %, executive: 100 %}}
callback: {{not_by: [engineer], clause: "-"}}
clocks:
  - clock: respond
    met_by: responded
    target: {seconds} s
    calendar: around_the_clock
"""


@dataclass(frozen=True, slots=True)
class System:
    up: Up

    @property
    def known(self) -> Addresses:
        return addresses.find(self.up.data)

    def url(self, service: str, path: str = "/") -> str:
        return self.known.services[service] + path

    def call(self, method: str, service: str, path: str, body: Any = None) -> Any:
        """The answer's JSON; a POST is never taken for a repeat of another."""
        headers = {"Idempotency-Key": secrets.token_hex(8)}
        with http_client.connect(self.known.services[service]) as client:
            answer = client.request(method, path, json=body, headers=headers)
        assert answer.is_success, answer.text
        return answer.json()

    def customer_with_seconds(self, seconds: int) -> str:
        """A customer of its own whose faults must be responded to within so many seconds."""
        token = secrets.token_hex(3)
        customer, policy = f"C-{token}", f"of-{seconds}-seconds-{token}"
        text = CONTRACT_OF_SECONDS.format(name=policy, seconds=seconds)
        self.call("POST", "sla-monitor", "/v1/policies", {"text": text})
        self.call("PUT", "intake", f"/v1/customers/{customer}", {"name": f"客户 {token}"})
        terms = {"customer_id": customer, "policy": policy}
        dates = {"starts_on": "2020-01-01", "ends_on": "2099-12-31"}
        self.call("PUT", "intake", f"/v1/contracts/CT-{token}", terms | dates)
        return customer

    def add_staff(self) -> None:
        """Seniors for whatever comes: at night one of the sample company is on duty, and tests have
        many cases."""
        for number in range(STAFF):
            who = f"E-ALWAYS-{number}"
            self.call("PUT", "dispatch", f"/v1/engineers/{who}", SENIOR | {"name": who})
            self.call("PUT", "dispatch", f"/v1/rosters/{who}", {"around_the_clock": True})

    def report(self, customer: str, summary: str, **more: Any) -> str:
        """A fault reported on the web form's channel; the case id."""
        contact = {"name": "王芳", "phone": "13800138000"}
        request = {"channel": "web", "kind": "fault", "customer_id": customer, "severity": "1"}
        request |= {"summary": summary, "contact": contact}
        return self.call("POST", "intake", "/v1/requests", request | more)["case_id"]

    def fax(self, content: bytes, sender: str) -> str:
        """A fax that came in; its id, once clerks can see it."""
        form = {"job_id": secrets.token_hex(8), "sender": sender}
        with http_client.connect(self.known.services["intake"]) as client:
            files = {"file": ("fax.tif", content)}
            said = client.post("/v1/faxes", data=form, files=files).json()
            params = {"min_position": said["position"], "limit": 200}
            waiting = client.get("/v1/faxes", params=params).json()["items"]
        return next(fax["fax_id"] for fax in waiting if fax["case_id"] == said["case_id"])

    def reported(self, summary: str) -> int:
        """How many cases the log holds with exactly this summary."""
        path = "/v1/events?type=aftercare.case.reported.v1"
        with http_client.connect(self.known.services["sla-monitor"]) as client:
            events = client.get(path).text.splitlines()
        return sum(json.loads(event)["data"]["summary"] == summary for event in events)

    def case_when(self, case_id: str, true: Callable[[dict[str, Any]], bool]) -> None:
        """Wait until something is true of a case at dispatch."""
        path = f"/v1/cases/{case_id}"

        def seen() -> bool | None:
            with http_client.connect(self.known.services["dispatch"]) as client:
                answer = client.get(path)
            return (answer.is_success and true(answer.json())) or None

        waited_for(seen)

    def resolve(self, case_id: str) -> str:
        """Everything an engineer does; the path of the customer's survey."""
        self.case_when(case_id, lambda case: case["holder"] is not None)
        for step in STEPS:
            self.call("POST", "dispatch", f"/v1/cases/{case_id}/{step}", {})
        self.call("POST", "dispatch", f"/v1/cases/{case_id}/record", WORK)
        self.call("POST", "dispatch", f"/v1/cases/{case_id}/resolve", {"resolution": "fixed"})
        return self.callback_of(case_id)["survey_path"]

    def callback_of(self, case_id: str) -> dict[str, Any]:
        def read() -> dict[str, Any] | None:
            found = self.call("GET", "feedback", "/v1/callbacks?limit=200")["items"]
            return next((c for c in found if c["case_id"] == case_id), None)

        return waited_for(read)

    def alerts(self, case_id: str) -> list[dict[str, Any]]:
        """Every alert of a case so far, the oldest first."""
        found = self.call("GET", "sla-monitor", "/v1/alerts?limit=200")["items"]
        return [alert for alert in reversed(found) if alert["case_id"] == case_id]


T = TypeVar("T")


def waited_for(read: Callable[[], T | None], seconds: float = 30) -> T:
    """What `read` finds, asked again until it finds something."""
    deadline = time.monotonic() + seconds
    while (found := read()) is None:
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.05)
    return found
