"""Puts the sample company into a running system, through the public HTTP API only."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import resources
from typing import Any

import httpx
import msgspec

from .. import http_client
from ..addresses import Addresses
from ..stop_request import StopRequest


class Refused(Exception):
    """A service did not take an entry; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Collection:
    """Entries of one kind, stored with `PUT /v1/<name>/<id>` of their service."""

    service: str
    name: str
    key: str


# What is named by others comes before them. The last one tells whether all of it is loaded.
COLLECTIONS = (
    Collection("intake", "customers", "customer_id"),
    Collection("intake", "sites", "site_id"),
    Collection("intake", "devices", "device_id"),
    Collection("intake", "contracts", "contract_id"),
    Collection("intake", "contacts", "contact_id"),
    Collection("dispatch", "engineers", "engineer_id"),
    Collection("dispatch", "rosters", "engineer_id"),
    Collection("feedback", "officers", "officer_id"),
    Collection("sla-monitor", "recipients", "recipient_id"),
    Collection("dispatch", "depots", "depot_id"),
    Collection("dispatch", "units", "unit_id"),
)


def load(known: Addresses, stop: StopRequest, say: Callable[[str], None]) -> None:
    """Load what the sample company consists of, once: a loaded one is left as it is.

    Raises Refused, Stopped, httpx.HTTPError.
    """
    with ExitStack() as open_clients:
        clients = {
            service: open_clients.enter_context(http_client.connect(known.services[service]))
            for service in {collection.service for collection in COLLECTIONS}
        }
        if _is_loaded(clients):
            return
        for collection in COLLECTIONS:
            ours = entries(collection)
            for entry in ours:
                stop.check()
                _put(clients[collection.service], collection, entry)
            say(f"{'sample':12} {len(ours)} {collection.name}")


def entries(collection: Collection) -> list[dict[str, Any]]:
    """The entries of one collection, as its file lists them."""
    file = resources.files("aftercare_cli.sample_company") / f"{collection.name}.json"
    return msgspec.json.decode(file.read_bytes(), type=list[dict[str, Any]])


def _is_loaded(clients: Mapping[str, httpx.Client]) -> bool:
    last = COLLECTIONS[-1]
    path = f"/v1/{last.name}/{entries(last)[-1][last.key]}"
    return clients[last.service].get(path).is_success


def _put(client: httpx.Client, collection: Collection, entry: Mapping[str, Any]) -> None:
    body = {name: value for name, value in entry.items() if name != collection.key}
    path = f"/v1/{collection.name}/{entry[collection.key]}"
    answer = client.put(path, json=body)
    if answer.is_error:
        raise Refused(f"PUT {path}: {answer.status_code} {answer.text}")
