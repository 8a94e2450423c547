"""Error answers: RFC 9457 problem documents, and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import msgspec
from fastapi import HTTPException
from starlette.responses import Response

PROBLEM_JSON = "application/problem+json"


class FieldError(msgspec.Struct, frozen=True):
    """One thing wrong with one field (dotted path); never the value that was sent."""

    field: str
    code: str
    detail: str


class Problem(HTTPException):
    """Raise it anywhere below a route; it becomes the answer.

    `type_slug` is stable and kebab-case, published as `/problems/<slug>`.
    """

    def __init__(
        self,
        status: int,
        type_slug: str,
        title: str,
        detail: str | None = None,
        *,
        field: str | None = None,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, detail or title, dict(headers or {}))
        self.type_slug = type_slug
        self.title = title
        self.field = field
        self.errors = tuple(errors)


@dataclass(frozen=True, slots=True)
class ProblemSpec:
    """How a service's own exception is answered; its text becomes the `detail`."""

    status: int
    type_slug: str
    title: str


def not_found(what: str, identifier: str) -> Problem:
    return Problem(404, "not-found", "Not found", f"there is no {what} {identifier}")


def unprocessable(field: str, code: str, detail: str) -> Problem:
    """One field of an otherwise well-formed request cannot be accepted."""
    return Problem(
        422, code, "Unprocessable", detail, field=field, errors=[FieldError(field, code, detail)]
    )


def unavailable(detail: str, *, slug: str = "unavailable", retry_after_s: int = 1) -> Problem:
    """Try again in a moment: nothing was changed that the caller could rely on."""
    headers = {"Retry-After": str(retry_after_s)}
    return Problem(503, slug, "Temporarily unavailable", detail, headers=headers)


def problem_response(problem: Problem, instance: str, correlation_id: str) -> Response:
    document: dict[str, Any] = {
        "type": f"/problems/{problem.type_slug}",
        "title": problem.title,
        "status": problem.status_code,
        "detail": problem.detail,
        "instance": instance,
        "correlation_id": correlation_id,
    }
    if problem.field is not None:
        document["field"] = problem.field
    if problem.errors:
        document["errors"] = [msgspec.structs.asdict(error) for error in problem.errors]
    return Response(
        _encode(document), problem.status_code, problem.headers, media_type=PROBLEM_JSON
    )


def _encode(document: dict[str, Any]) -> bytes:
    try:
        return msgspec.json.encode(document)
    except UnicodeEncodeError:
        return msgspec.json.encode(_printable(document))


def _printable(value: Any) -> Any:
    """The same with lone surrogates replaced; a hostile field name can carry them."""
    match value:
        case str():
            return value.encode("utf-8", "replace").decode()
        case dict():
            items = cast("dict[str, Any]", value).items()
            return {key: _printable(item) for key, item in items}
        case list():
            return [_printable(item) for item in cast("list[Any]", value)]
        case _:
            return value
