"""The examples of a document as calls; the ids that only a running system gives are filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from support.documents import Operation

_QUARANTINED = "works off what was quarantined, if anything ever was"
_GUARANTEED = "answers a guarantee, which is proposed once a device failed early or again"
_OUTAGE = "is about a mass outage, which is proposed once many customers report the like"
# There is nothing to try them on until somebody configured or broke something.
WITHOUT_EXAMPLE: Mapping[str, Mapping[str, str]] = {
    "intake": {
        "record_mapped": "reads calls by a mapping that the installation brings",
        "release_arrival": _QUARANTINED,
        "dismiss_arrival": _QUARANTINED,
    },
    "dispatch": {
        "accept_guarantee": _GUARANTEED,
        "refuse_guarantee": _GUARANTEED,
        "show_incident": _OUTAGE,
        "confirm_incident": _OUTAGE,
        "dismiss_incident": _OUTAGE,
        "join_incident": _OUTAGE,
        "announce_incident": _OUTAGE,
        "end_incident": _OUTAGE,
    },
    "sla-monitor": {"stream_alerts": "never ends"},
    "feedback": {},
}


@dataclass(frozen=True, slots=True)
class FoundIn:
    """An id that an earlier answer tells, and what a shell calls it."""

    operation: str
    place: str
    variable: str

    def read(self, answer: Any) -> str:
        for part in self.place.split("."):
            answer = answer[int(part) if part.isdigit() else part]
        return str(answer)


# Ids in the examples that stand for those of the system one works on.
STAND_INS: Mapping[str, FoundIn] = {
    "4F7K-Q2M9": FoundIn("report_request", "case_id", "case"),
    "8M2X-7TRB": FoundIn("receive_mail", "case_id", "mail_case"),
    "A-EXAMPLE": FoundIn("list_arrivals", "items.0.arrival_id", "arrival"),
    "CB-EXAMPLE": FoundIn("list_call_backs", "items.0.call_back_id", "call_back"),
    "F-EXAMPLE": FoundIn("list_faxes", "items.0.fax_id", "fax"),
    "LN-EXAMPLE": FoundIn("lend_unit", "loan_id", "loan"),
    "LN-WAITING": FoundIn("before cancel_loan", "loan_id", "waiting_loan"),
    "LN-LOST": FoundIn("before write_off", "loan_id", "lost_loan"),
    "AL-EXAMPLE": FoundIn("list_alerts", "items.0.alert_id", "alert"),
    "CA-EXAMPLE": FoundIn("list_actions", "items.0.corrective_action_id", "action"),
    "U-LENT": FoundIn("show_loan", "unit_id", "unit"),
    "HE1D-0001": FoundIn("before verify_case", "case_id", "stranger"),
    "HE1D-0002": FoundIn("before reject_case", "case_id", "impostor"),
}


@dataclass(frozen=True, slots=True)
class Before:
    """What must have happened for an example to have something to work on: another example, with
    some fields changed."""

    said: str
    operation: str
    changed: Mapping[str, Any]


BEFORE: Mapping[str, Before] = {
    "list_call_backs": Before(
        "Whoever hung up before anybody answered waits to be called back:",
        "record_call",
        {
            "call_id": "hung-up-{now}",
            "outcome": "abandoned",
            "agent": None,
            "answered_at": None,
            "request": None,
        },
    ),
    "verify_case": Before(
        "Somebody whom nobody knows yet is taken in, and waits to be verified:",
        "report_request",
        {"contact": {"name": "赵强", "phone": "+86 139 5550 0190"}},
    ),
    "reject_case": Before(
        "Somebody else who may not speak for the customer:",
        "report_request",
        {"contact": {"name": "钱伟", "phone": "+86 139 5550 0191"}},
    ),
    "reject_engineer": Before(
        "Somebody else is sent:", "assign_case", {"engineer_id": "E-ZHENG-KAI"}
    ),
    "accept_case": Before("And somebody else again:", "assign_case", {"engineer_id": "E-JIANG-BO"}),
    "cancel_loan": Before(
        "A loan of what is not on stock waits:", "lend_unit", {"model": "Taihang TH-9999"}
    ),
    "write_off": Before("Another spare is lent:", "lend_unit", {}),
}


def with_ids(value: Any, ids: Mapping[str, str]) -> Any:
    """The same with the stand-ins replaced, wherever they stand."""
    match value:
        case str():
            return ids.get(value, value)
        case list():
            return [with_ids(item, ids) for item in value]
        case dict():
            return {key: with_ids(item, ids) for key, item in value.items()}
        case _:
            return value


def path_of(operation: Operation, values: Mapping[str, str]) -> str:
    """Its path with the examples of its parameters, which a caller has escaped."""
    return operation.path.format_map(values)


def parameters(operation: Operation, kind: str) -> dict[str, Any]:
    return {
        one["name"]: one["example"]
        for one in operation.parameters
        if one["in"] == kind and "example" in one
    }


def body_example(operation: Operation) -> Any:
    return operation.body[1].get("example") if operation.body else None
