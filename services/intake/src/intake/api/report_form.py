"""The web form: what a customer fills in, read and checked (IN-01)."""

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from aftercare_events.catalogue.case import Kind
from aftercare_http import Identity

from ..lookup import Wanted
from ..mail.text import clean
from ..people import Person
from ..requests import Request
from ..sealing import Recognised

KINDS: tuple[Kind, ...] = ("fault", "question", "service_request", "complaint", "suggestion")
TEXTS = {
    "name": 100,
    "company": 200,
    "phone": 50,
    "email": 200,
    "device_serial": 100,
    "summary": 200,
    "description": 5_000,
}
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")
_PHONE = re.compile(r"\+?[\d\s().-]{5,40}(?:(?:ext\.?|x|转)\s*\d{1,8})?")


@dataclass(frozen=True, slots=True)
class Form:
    """What was filled in, trimmed; `errors` maps a field to the key of what is wrong with it.

    `token` was given to the empty form: pressing the button twice is one request.
    """

    token: str
    values: Mapping[str, str] = field(default_factory=dict[str, str])
    errors: Mapping[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def empty(cls) -> "Form":
        return cls(secrets.token_urlsafe(16), {"kind": "fault"})

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> "Form":
        values = {name: clean(sent.get(name, "")).strip() for name in TEXTS}
        values["kind"] = sent.get("kind", "")
        values["use_affected"] = "yes" if sent.get("use_affected") else ""
        values["website"] = sent.get("website", "")
        token = sent.get("token", "")[:100] or secrets.token_urlsafe(16)
        return cls(token, values, _errors(values))

    @property
    def identity(self) -> Identity:
        """The same form with the same content: whoever goes back and corrects asks anew."""
        content = "\x00".join(f"{name}={value}" for name, value in sorted(self.values.items()))
        digest = hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()
        return Identity.of("report-form", self.token, digest, body=b"")

    @property
    def person(self) -> Person:
        return Person(
            reference=self.identity.identity,
            name=self.values["name"] or None,
            phone=self.values["phone"] or None,
            email=self.values["email"] or None,
        )

    def request(self, who: Recognised, reported_at: datetime) -> Request:
        """Only for a form without errors."""
        values = self.values
        told = (values["company"], values["device_serial"], values["description"])
        return Request(
            channel="web",
            kind=cast("Kind", values["kind"]),
            summary=" ".join(values["summary"].split()),
            description="\n".join(part for part in told if part),
            who=who,
            reported_at=reported_at,
            wanted=Wanted(device_serial=values["device_serial"] or None, strict=False),
            use_affected=bool(values["use_affected"]),
        )


def _errors(values: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, field by field in the order of the page."""
    fields = ("kind", "summary", "description", "device_serial", "name", "company")
    found = {name: _error(name, values) for name in (*fields, "phone", "email", "website")}
    return {name: error for name, error in found.items() if error is not None}


def _error(name: str, values: Mapping[str, str]) -> str | None:
    value = values[name]
    match name:
        case "kind" if value not in KINDS:
            return "report.error.kind"
        case "summary" | "name" if not value:
            return f"report.error.{name}"
        case "phone" if not value and not values["email"]:
            return "report.error.reach"
        case "phone" if value and not _PHONE.fullmatch(value):
            return "report.error.phone"
        case "email" if value and not _EMAIL.fullmatch(value):
            return "report.error.email"
        # People do not see this field; programs fill in whatever they find.
        case "website" if value:
            return "report.error.website"
        case _:
            too_long = name in TEXTS and len(value) > TEXTS[name]
            return "report.error.too_long" if too_long else None
