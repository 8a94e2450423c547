"""Whom a day is about: customers under contract, as the running system knows them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import httpx

PAGE = 200
NOBODY_KNOWN = "callback-desk"


class NoCompany(Exception):
    """There is nobody whose day could be simulated."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who asks for service; each of them can be reached somehow."""

    name: str
    phone: str | None
    email: str | None


@dataclass(frozen=True, slots=True)
class Area:
    """Where, and of what kind of device, much breaks at once."""

    site_id: str
    category: str


@dataclass(frozen=True, slots=True)
class Device:
    serial: str
    category: str | None
    model: str | None
    site_id: str | None = None

    @property
    def area(self) -> Area | None:
        return Area(self.site_id, self.category) if self.site_id and self.category else None


@dataclass(frozen=True, slots=True)
class Customer:
    """`severities` are those of the contract, the gravest first."""

    customer_id: str
    severities: tuple[str, ...]
    devices: tuple[Device, ...]
    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class Company:
    """`officers` make the callbacks; `skills` are those of the engineers."""

    customers: tuple[Customer, ...]
    engineers: tuple[str, ...]
    officers: tuple[str, ...]
    skills: Mapping[str, frozenset[str]]

    def able(self, category: str | None) -> Sequence[str]:
        """The engineers who know this kind of device; where it is unknown, all of them."""
        able = [one for one in self.engineers if category in self.skills.get(one, ())]
        return able or self.engineers

    def deputy(self, rng: Random) -> tuple[str, str] | None:
        """Somebody, and somebody else who can do as much."""
        pairs = [
            (one, other)
            for one in self.engineers
            for other in self.engineers
            if one != other
            and self.skills.get(one, frozenset()) <= self.skills.get(other, frozenset())
        ]
        return rng.choice(pairs) if pairs else None


def read(client: Callable[[str], httpx.Client]) -> Company:
    """Ask all four services. Raises NoCompany, httpx.HTTPError."""
    with (
        client("intake") as intake,
        client("dispatch") as dispatch,
        client("sla-monitor") as sla,
        client("feedback") as feedback,
    ):
        severities = _severities(sla)
        contracts = {one["customer_id"]: one["policy"] for one in _all(intake, "contracts")}
        devices = _by_customer(_all(intake, "devices"))
        contacts = _by_customer(_all(intake, "contacts"))
        skills = {
            one["engineer_id"]: frozenset[str](one["skills"])
            for one in _all(dispatch, "engineers")
            if one["active"] and not one["reserve"]
        }
        officers = _officers(feedback)
    customers = tuple(
        Customer(
            customer_id,
            severities.get(policy, ()),
            tuple(_device(one) for one in devices[customer_id] if one.get("serial")),
            tuple(_contact(one) for one in contacts[customer_id] if _is_reachable(one)),
        )
        for customer_id, policy in sorted(contracts.items())
    )
    known = tuple(one for one in customers if one.contacts)
    if not known or not skills:
        raise NoCompany(
            "the system knows no customer under contract with a contact, or no engineer; "
            "start it without --empty, or load yours"
        )
    return Company(known, tuple(skills), officers, skills)


def _severities(sla: httpx.Client) -> Mapping[str, tuple[str, ...]]:
    """By the name of the contract's policy; the newest version is listed last and wins."""
    return {
        one["name"]: tuple(severity["id"] for severity in one["policy"].get("severities", ()))
        for one in _get(sla, "/v1/policies")
    }


def _officers(feedback: httpx.Client) -> tuple[str, ...]:
    """Those at work; where none is registered, somebody of no department calls."""
    listed = _get(feedback, "/v1/officers")["items"]
    return tuple(one["officer_id"] for one in listed if one["active"]) or (NOBODY_KNOWN,)


def _by_customer(entries: Iterable[dict[str, Any]]) -> Mapping[str, list[dict[str, Any]]]:
    sorted_out: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for entry in entries:
        sorted_out[entry["customer_id"]].append(entry)
    return sorted_out


def _device(entry: Mapping[str, Any]) -> Device:
    return Device(entry["serial"], entry.get("category"), entry.get("model"), entry.get("site_id"))


def _contact(entry: Mapping[str, Any]) -> Contact:
    phones, emails = entry.get("phones") or [None], entry.get("emails") or [None]
    return Contact(entry["name"], phones[0], emails[0])


def _is_reachable(entry: Mapping[str, Any]) -> bool:
    return "name" in entry and bool(entry.get("phones") or entry.get("emails"))


def _all(client: httpx.Client, collection: str) -> Iterator[dict[str, Any]]:
    cursor: dict[str, str] = {}
    while True:
        page = _get(client, f"/v1/{collection}", limit=PAGE, **cursor)
        yield from page["items"]
        if not page.get("next"):
            return
        cursor = {"cursor": page["next"]}


def _get(client: httpx.Client, path: str, **query: Any) -> Any:
    return client.get(path, params=query).raise_for_status().json()
