"""The web form: what a customer fills in, read and checked (IN-01)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from aftercare_events.catalogue.case import Kind
from aftercare_http import Identity, digest

from ..domain.case_number import case_numbers_in
from ..lookup import Wanted
from ..mail.text import clean
from ..people import Person
from ..requests import Request
from ..sealing import Recognised
from ..web.entrance import Entrance
from ..web.form_token import FormToken
from ..web.uploads import FIELD, Uploads

TEXTS = {
    "name": 100,
    "company": 200,
    "phone": 50,
    "email": 200,
    "device_serial": 100,
    "concerns": 100,
    "summary": 200,
    "description": 5_000,
}
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")
_PHONE = re.compile(r"\+?[\d\s().-]{5,40}(?:(?:ext\.?|x|转)\s*\d{1,8})?")


@dataclass(frozen=True, slots=True)
class Form:
    """What was filled in, trimmed; `errors` maps a field to the key of what is wrong with it."""

    entrance: Entrance
    token: FormToken
    values: Mapping[str, str] = field(default_factory=dict[str, str])
    uploads: Uploads = field(default_factory=Uploads)
    errors: Mapping[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def empty(cls, entrance: Entrance, token: FormToken) -> "Form":
        return cls(entrance, token, {"kind": entrance.first_kind})

    @classmethod
    def read(
        cls, entrance: Entrance, token: FormToken, sent: Mapping[str, str], uploads: Uploads
    ) -> "Form":
        values = {name: clean(sent.get(name, "")).strip() for name in TEXTS}
        values["kind"] = sent.get("kind", "") if entrance.asks_kind else entrance.first_kind
        values["use_affected"] = "yes" if sent.get("use_affected") else ""
        values["website"] = sent.get("website", "")
        errors = _errors(entrance, values)
        if uploads.error:
            errors[FIELD] = uploads.error
        if token.refused and not errors:
            errors["token"] = token.refused
        return cls(entrance, token, values, uploads, errors)

    @property
    def identity(self) -> Identity:
        """The same form with the same content: whoever goes back and corrects asks anew."""
        said = (f"{name}={value}" for name, value in sorted(self.values.items()))
        content = digest([*(line.encode("utf-8", "replace") for line in said), self._files])
        return Identity.of("report-form", self.token.nonce, content, body=b"")

    @property
    def _files(self) -> bytes:
        return self.uploads.digest.encode()

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
        told = ("company", "device_serial", "concerns", "description")
        return Request(
            channel="web",
            kind=cast("Kind", values["kind"]),
            summary=" ".join(values["summary"].split()),
            description="\n".join(values[name] for name in told if values[name]),
            who=who,
            reported_at=reported_at,
            wanted=Wanted(device_serial=values["device_serial"] or None, strict=False),
            use_affected=bool(values["use_affected"]),
            arises_from=next(iter(case_numbers_in(values["concerns"])), None),
        )


def _errors(entrance: Entrance, values: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, field by field in the order of the page."""
    fields = ("kind", "summary", "description", "concerns", "device_serial", "name", "company")
    found = {
        name: _error(entrance, name, values) for name in (*fields, "phone", "email", "website")
    }
    return {name: error for name, error in found.items() if error is not None}


def _error(entrance: Entrance, name: str, values: Mapping[str, str]) -> str | None:
    value = values[name]
    match name:
        case "kind" if value not in entrance.kinds:
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
