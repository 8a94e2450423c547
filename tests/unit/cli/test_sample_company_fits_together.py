from typing import Any

import pytest

from aftercare_cli.sample_company.loader import COLLECTIONS, entries

COMPANY: dict[str, list[dict[str, Any]]] = {one.name: entries(one) for one in COLLECTIONS}
KEYS = {one.name: one.key for one in COLLECTIONS}
REFERENCES = [
    ("sites", "customer_id", "customers"),
    ("devices", "customer_id", "customers"),
    ("devices", "site_id", "sites"),
    ("contracts", "customer_id", "customers"),
    ("contracts", "project_manager_id", "engineers"),
    ("contacts", "customer_id", "customers"),
    ("rosters", "engineer_id", "engineers"),
    ("units", "depot_id", "depots"),
]


def _ids(name: str) -> list[str]:
    return [entry[KEYS[name]] for entry in COMPANY[name]]


@pytest.mark.parametrize("name", COMPANY)
def test_every_id_is_given_once(name: str) -> None:
    assert len(set(_ids(name))) == len(_ids(name)) > 0


@pytest.mark.parametrize(("name", "field", "target"), REFERENCES)
def test_whatever_is_named_exists(name: str, field: str, target: str) -> None:
    assert {entry[field] for entry in COMPANY[name]} <= set(_ids(target))


def test_there_is_one_contract_on_each_shipped_policy() -> None:
    assert sorted(entry["policy"] for entry in COMPANY["contracts"]) == [
        "equipment-warranty",
        "it-integration",
        "lighting-maintenance",
        "portal-operations",
        "software-maintenance",
    ]


def test_every_site_and_home_has_coordinates() -> None:
    places = [*COMPANY["sites"], *(entry["home"] for entry in COMPANY["engineers"])]
    assert all(18 < place["latitude"] < 54 and 73 < place["longitude"] < 136 for place in places)


def test_somebody_able_is_on_duty_at_any_hour_for_every_device() -> None:
    around_the_clock = {
        entry["engineer_id"] for entry in COMPANY["rosters"] if entry.get("around_the_clock")
    }
    skills = {
        skill
        for entry in COMPANY["engineers"]
        if entry["engineer_id"] in around_the_clock
        for skill in entry["skills"]
    }
    assert {entry["category"] for entry in COMPANY["devices"]} <= skills


def test_every_category_that_fails_has_a_spare_of_some_grade() -> None:
    lent = {entry["category"] for entry in COMPANY["devices"]} - {"software"}
    assert lent <= {entry["category"] for entry in COMPANY["units"]}


def test_every_deputy_and_every_customer_of_a_recipient_exists() -> None:
    recipients = COMPANY["recipients"]
    deputies = {entry["deputy"] for entry in recipients if "deputy" in entry}
    customers = {name for entry in recipients for name in entry.get("customers", ())}
    assert deputies <= set(_ids("recipients")) | set(_ids("engineers"))
    assert customers <= set(_ids("customers"))


def test_somebody_answers_for_every_rank() -> None:
    assert {step for entry in COMPANY["recipients"] for step in entry.get("steps", ())} == {
        "engineer",
        "pm",
        "leadership",
        "executive",
    }
