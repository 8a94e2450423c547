"""The OpenAPI documents of the four services, without a server."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import FastAPI

import dispatch.main
import feedback.main
import intake.main
import intake.settings
import sla_monitor.main
from aftercare_http import Settings, load_examples
from aftercare_http.examples import Examples

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("intake", "dispatch", "sla-monitor", "feedback")


@dataclass(frozen=True, slots=True)
class Operation:
    """One call of one service; `said` is its part of the document."""

    method: str
    path: str
    said: dict[str, Any]

    @property
    def name(self) -> str:
        return self.said["operationId"]

    @property
    def parameters(self) -> list[dict[str, Any]]:
        return self.said.get("parameters", [])

    @property
    def body(self) -> tuple[str, dict[str, Any]] | None:
        """Its media type and what the document says of it."""
        content = self.said.get("requestBody", {}).get("content", {})
        return next(iter(content.items()), None)

    @property
    def answers(self) -> dict[str, Any]:
        """By media type: what comes back when all is well."""
        good = [a for status, a in self.said["responses"].items() if status.startswith("2")]
        return good[0].get("content", {})

    @property
    def scopes(self) -> str:
        refused = self.said["responses"].get("403", {}).get("description", "")
        return refused.removeprefix("The caller lacks a scope of: ").rstrip(".")

    def takes(self, parameter: str) -> bool:
        return any(one["name"] == parameter for one in self.parameters)


def operations(document: dict[str, Any]) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            yield Operation(method.upper(), path, said)


@cache
def application(service: str) -> FastAPI:
    builds: dict[str, tuple[Callable[[Any], FastAPI], type[Settings]]] = {
        "intake": (intake.main.build, intake.settings.IntakeSettings),
        "dispatch": (dispatch.main.build, dispatch.main.DispatchSettings),
        "sla-monitor": (sla_monitor.main.build, sla_monitor.main.MonitorSettings),
        "feedback": (feedback.main.build, feedback.main.FeedbackSettings),
    }
    build, settings = builds[service]
    return build(settings())


def document_of(service: str) -> dict[str, Any]:
    """As it is kept, with `{now}` where what is served tells the time."""
    app = application(service)
    app.openapi()
    assert app.openapi_schema is not None
    return app.openapi_schema


def examples_of(service: str) -> Examples:
    """What the service brings, in the order in which it can be tried."""
    package = service.replace("-", "_")
    return load_examples(ROOT / f"services/{service}/src/{package}/examples.json")
