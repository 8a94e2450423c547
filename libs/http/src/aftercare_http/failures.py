"""Which exception is answered with which problem: one table for all services."""

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, cast

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from aftercare_events.command_key import KeyReused
from aftercare_events.decider import Refused
from aftercare_events.log import Conflict
from aftercare_events.outage import is_outage

from .faults import wording
from .problems import FieldError, Problem, ProblemSpec, unavailable

Specs = Mapping[type[Exception], ProblemSpec]

# A field that we do not know is called as its sender called it; anything else is not repeated.
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}|\d{1,6}")
_SLUGS = {
    400: "bad-request",
    401: "unauthorized",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    413: "body-too-large",
    415: "unsupported-media-type",
    429: "rate-limited",
}


def to_problem(error: Exception, specs: Specs) -> Problem:
    """The answer to an exception; the most specific of the service's own entries goes first."""
    for kind in type(error).__mro__:
        if kind in specs:
            spec = specs[cast("type[Exception]", kind)]
            return Problem(spec.status, spec.type_slug, spec.title, str(error) or None)
    match error:
        case Problem():
            return error
        case RequestValidationError():
            return _invalid(cast("Iterable[dict[str, Any]]", error.errors()))
        case HTTPException():
            return _from_http(error)
        case Refused():
            return _refused(error)
        case KeyReused():
            return key_reused()
        case Conflict():
            detail = "others kept changing the same thing; read it again and repeat"
            return Problem(409, "conflict", "Changed meanwhile", detail)
        case _ if is_outage(error):
            return unavailable("a server this service depends on does not answer")
        case _:
            return Problem(
                500, "internal", "Internal error", "a defect of the service; it is logged"
            )


def _refused(error: Refused) -> Problem:
    title = error.code.replace("-", " ").capitalize()
    status = 409 if error.field is None else 422
    wrong = error.missing if error.field is None else (error.field,)
    errors = [FieldError(field, error.code, error.detail) for field in wrong]
    return Problem(status, error.code, title, error.detail, field=error.field, errors=errors)


def _from_http(error: HTTPException) -> Problem:
    status = error.status_code
    title = HTTPStatus(status).phrase
    slug = _SLUGS.get(status, title.lower().replace(" ", "-"))
    return Problem(status, slug, title, str(error.detail), headers=error.headers)


def _invalid(errors: Iterable[dict[str, Any]]) -> Problem:
    """Validation errors without the values that were sent: they may be personal."""
    found = [FieldError(_field(e["loc"]), str(e["type"]), wording(e)) for e in errors]
    if any(error.code == "json_invalid" for error in found):
        return malformed_json()
    first = found[0]
    detail = f"{first.field}: {first.detail}"
    return Problem(422, "invalid", "Invalid request", detail, field=first.field, errors=found)


def _field(location: tuple[str | int, ...]) -> str:
    """`("body", "contact", "phone")` is `contact.phone`; a whole body is `body`."""
    parts = location[1:] if len(location) > 1 else location
    return ".".join(str(part) if _NAME.fullmatch(str(part)) else "…" for part in parts)


def key_reused() -> Problem:
    detail = "the same Idempotency-Key was sent with another body"
    return Problem(
        422,
        "idempotency-key-reused",
        "Idempotency key used before",
        detail,
        field="Idempotency-Key",
    )


def malformed_json(detail: str = "the body is not strict JSON in UTF-8") -> Problem:
    return Problem(400, "malformed-json", "Malformed JSON", detail)
