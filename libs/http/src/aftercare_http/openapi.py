"""The OpenAPI document says what really comes back: problem documents, and who may call."""

import re
from typing import Any, cast

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts

from .auth import Requires, guards_of
from .examples import Examples, give_examples
from .problems import PROBLEM_JSON
from .text import WITHOUT_NUL

_PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "An RFC 9457 problem document.",
    "required": ["type", "title", "status", "detail", "instance", "correlation_id"],
    "properties": {
        "type": {"type": "string", "description": "Stable: `/problems/<slug>`."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "correlation_id": {"type": "string"},
        "field": {"type": "string", "description": "The offending field, as a dotted path."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "detail"],
                "properties": {
                    "field": {"type": "string"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


def describe(app: FastAPI, examples: Examples) -> dict[str, Any]:
    """The document of an application, with examples and the error answers of every route."""
    document = get_openapi(title=app.title, version=app.version, routes=app.routes)
    described = _with_problems(document, _scopes(app))
    give_examples(described, examples)
    return described


def operation_id(route: APIRoute) -> str:
    """A name to call it by: that of its function; a bare verb is told what it is done to."""
    if "_" in route.name:
        return route.name
    things = route.path_format.removeprefix("/v1").strip("/").partition("/")[0]
    thing = re.sub(r"ies$", "y", re.sub(r"(?<=x)es$", "", things)).removesuffix("s")
    return f"{route.name}_{thing.replace('-', '_')}"


def _scopes(app: FastAPI) -> dict[tuple[str, str], tuple[str, ...]]:
    """What each route demands, by path and method in lower case."""
    return {
        (route.path or "", method.lower()): guard.scopes
        for route in iter_route_contexts(app.routes)
        if isinstance(route.original_route, APIRoute)
        for guard in guards_of(route.dependant)
        if isinstance(guard, Requires)
        for method in route.methods or ()
    }


def _with_problems(
    document: dict[str, Any], scopes: dict[tuple[str, str], tuple[str, ...]]
) -> dict[str, Any]:
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = _PROBLEM_SCHEMA
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for path, operations in cast("dict[str, dict[str, Any]]", document["paths"]).items():
        for method, operation in operations.items():
            _document_errors(operation, scopes.get((path, method)))
    _document_storable(document)
    return document


def _document_storable(node: Any) -> None:
    """Every JSON body is refused for a NUL or an integer beyond 64 bits; so the schemas say it."""
    if isinstance(node, list):
        for item in cast("list[Any]", node):
            _document_storable(item)
    if not isinstance(node, dict):
        return
    schema = cast("dict[str, Any]", node)
    match schema.get("type"):
        case "string" if not schema.keys() & {"pattern", "format", "enum", "const"}:
            schema["pattern"] = WITHOUT_NUL
        case "integer" if not schema.keys() & {"format", "enum", "const"}:
            schema["format"] = "int64"
            schema.setdefault("minimum", -(2**63))
            schema.setdefault("maximum", 2**63 - 1)
        case "object" if schema.get("additionalProperties", False) is not False:
            schema["propertyNames"] = {"pattern": WITHOUT_NUL}
        case _:
            pass
    for value in list(schema.values()):
        _document_storable(value)


def _document_errors(operation: dict[str, Any], scopes: tuple[str, ...] | None) -> None:
    responses: dict[str, Any] = operation["responses"]
    responses.pop("422", None)
    if scopes is not None:
        responses["401"] = _problem("Not signed in.")
        responses["403"] = _problem(f"The caller lacks a scope of: {', '.join(scopes)}.")
    if any(parameter["in"] == "path" for parameter in operation.get("parameters", ())):
        responses["404"] = _problem("There is no such thing.")
    if "requestBody" in operation:
        responses["400"] = _problem("The body is not well-formed.")
        responses["413"] = _problem("The body is too large.")
    if "requestBody" in operation or "parameters" in operation:
        responses["422"] = _problem("A field cannot be accepted; `field` and `errors` name it.")
    responses["503"] = _problem("A server behind this one does not answer: try again.")
    responses["default"] = _problem("Any other error.")


def _problem(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "content": {PROBLEM_JSON: {"schema": schema}}}
