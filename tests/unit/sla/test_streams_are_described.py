"""The AsyncAPI document says what the streams carry, and nothing that does not exist."""

from collections.abc import Iterator
from typing import Any

from aftercare_events.catalogue import entries
from sla_monitor.alerts import STREAMED
from sla_monitor.streams import document


def references(node: Any) -> Iterator[str]:
    match node:
        case dict():
            if isinstance(node.get("$ref"), str):
                yield node["$ref"]
            for value in node.values():
                yield from references(value)
        case list() | tuple():
            for value in node:
                yield from references(value)
        case _:
            pass


def test_every_reference_leads_somewhere() -> None:
    described = document()
    for reference in set(references(described)):
        node = described
        for part in reference.removeprefix("#/").split("/"):
            node = node[part]
        assert node


def test_log_carries_the_whole_catalogue() -> None:
    assert set(document()["channels"]["log"]["messages"]) == set(entries())


def test_alerts_move_on_three_ways() -> None:
    channels = document()["channels"]
    for name in ("alertStream", "webhook", "alertCopies"):
        assert set(channels[name]["messages"]) == set(STREAMED) & set(entries())
    assert channels["alertCopies"]["address"] == "alerts.{step}.{policy}.{case}"
