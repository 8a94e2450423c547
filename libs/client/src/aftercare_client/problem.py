"""What goes wrong, as something to catch."""

from dataclasses import dataclass
from typing import Any, cast

import httpx


@dataclass(eq=False)
class ProblemError(Exception):
    """The service refused (RFC 9457) and changed nothing.

    `type` is stable, such as `/problems/validation`; `field` is the one to blame, where one is;
    `correlation_id` finds the request in the logs of the service.
    """

    status: int
    type: str
    title: str
    detail: str
    field: str | None
    correlation_id: str | None

    def __str__(self) -> str:
        place = f" ({self.field})" if self.field else ""
        return f"{self.status} {self.title}{place}: {self.detail}"


class Unanswered(Exception):
    """Nobody answered in all that time. Whether it was done is not known: the same call with the
    same `idempotency_key` is safe."""

    def __init__(self, what: str, idempotency_key: str | None) -> None:
        super().__init__(what)
        self.idempotency_key = idempotency_key


def problem_of(answer: httpx.Response) -> ProblemError:
    """Also of an answer that is no problem document, as a proxy on the way gives it."""
    said = _document(answer)
    return ProblemError(
        status=answer.status_code,
        type=str(said.get("type", "about:blank")),
        title=str(said.get("title", answer.reason_phrase)),
        detail=str(said.get("detail", answer.text[:500])),
        field=said.get("field"),
        correlation_id=said.get("correlation_id"),
    )


def _document(answer: httpx.Response) -> dict[str, Any]:
    try:
        said: Any = answer.json()
    except ValueError:
        return {}
    return cast("dict[str, Any]", said) if isinstance(said, dict) else {}
