"""The AsyncAPI document of everything that can be listened to, made from the catalogue itself."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from aftercare_events.catalogue import EventType, entries

from .alerts import STREAMED
from .domain.ladder import RANKS

Json = dict[str, Any]

_INFO = {
    "title": "Aftercare streams",
    "version": "1",
    "description": (
        "Alerts as they move, by server-sent events, by webhook and as copies on NATS; and the "
        "log that all of it comes from. Every event is CloudEvents 1.0 in structured JSON."
    ),
}
_SERVERS = {
    "monitor": {
        "host": "127.0.0.1:8083",
        "protocol": "http",
        "security": [{"$ref": "#/components/securitySchemes/key"}],
    },
    "nats": {"host": "127.0.0.1:4222", "protocol": "nats"},
    "receiver": {"host": "the.subscriber.example", "protocol": "https"},
}
_ENVELOPE = {
    "id": {"type": "string"},
    "source": {"type": "string", "examples": ["/aftercare/sla"]},
    "type": {"type": "string"},
    "subject": {"type": "string", "examples": ["case/4F7K-Q2M9"]},
    "time": {"type": "string", "format": "date-time"},
    "specversion": {"const": "1.0"},
    "datacontenttype": {"const": "application/json"},
    "actor": {"type": "string"},
    "correlationid": {"type": "string"},
    "causationid": {"type": "string"},
    "sequence": {"type": "integer", "description": "The position in the log."},
}
_REQUIRED = ["id", "source", "type", "subject", "time", "specversion", "data"]


def document() -> Json:
    """AsyncAPI 3.0; schemas and messages follow from the catalogue."""
    types = sorted(entries().values(), key=lambda entry: entry.name)
    movements = [entry.name for entry in types if entry.name in STREAMED]
    names = [entry.name for entry in types]
    schemas, components = msgspec.json.schema_components(
        [entry.data for entry in types], ref_template="#/components/schemas/{name}"
    )
    return {
        "asyncapi": "3.0.0",
        "info": _INFO,
        "defaultContentType": "application/cloudevents+json",
        "servers": _SERVERS,
        "channels": _channels(movements, names),
        "operations": _operations(),
        "components": {
            "messages": {
                entry.name: _message(entry, schema)
                for entry, schema in zip(types, schemas, strict=True)
            },
            "schemas": components,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _channels(movements: Sequence[str], names: Sequence[str]) -> Json:
    return {
        "alertStream": _channel(
            "/v1/alerts/stream",
            "monitor",
            movements,
            "Server-sent events: `id:` is the position, `event:` what happened, `data:` the alert "
            "as it stands. `Last-Event-ID` resumes without a gap.",
        ),
        "webhook": _channel(
            None,
            "receiver",
            movements,
            "POST to each subscription: at least once, in the order of the case. Signed by "
            "Standard Webhooks in the headers webhook-id (the same at each attempt), "
            "webhook-timestamp and webhook-signature (one for each secret).",
        ),
        "alertCopies": _channel(
            "alerts.{step}.{policy}.{case}",
            "nats",
            movements,
            "Copies for whoever listens: at most once, and not part of the log.",
            {
                "step": {"enum": list(RANKS)},
                "policy": {"description": "The contract."},
                "case": {"description": "The case's id."},
            },
        ),
        "log": _channel(
            "ac.{service}.{aggregate}.{id}",
            "nats",
            names,
            "The log: the JetStream stream AFTERCARE, file storage, nothing is ever deleted.",
            {
                "service": {"enum": ["intake", "dispatch", "sla", "feedback"]},
                "aggregate": {"description": "What the event is about, such as case."},
                "id": {"description": "Which one."},
            },
        ),
    }


def _channel(
    address: str | None,
    server: str,
    messages: Sequence[str],
    description: str,
    parameters: Mapping[str, Json] | None = None,
) -> Json:
    channel: Json = {
        "address": address,
        "description": description,
        "servers": [{"$ref": f"#/servers/{server}"}],
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
    }
    return channel | ({"parameters": dict(parameters)} if parameters else {})


def _operations() -> Json:
    """We send on all of them."""
    return {
        name: {"action": "send", "channel": {"$ref": f"#/channels/{channel}"}}
        for name, channel in {
            "streamAlerts": "alertStream",
            "callSubscribers": "webhook",
            "copyAlerts": "alertCopies",
            "record": "log",
        }.items()
    }


def _message(entry: EventType, schema: Json) -> Json:
    properties = _ENVELOPE | {"type": {"const": entry.name}, "data": schema}
    return {
        "name": entry.name,
        "payload": {"type": "object", "required": _REQUIRED, "properties": properties},
    }
