"""What of a case and of the archive belongs to the history of a device (IN-09)."""

import json
from datetime import date
from pathlib import Path
from typing import get_args

import pytest
from msgspec.structs import replace

import intake
from aftercare_events.catalogue.archive import DeviceRecorded
from aftercare_events.catalogue.case import (
    CustomerContacted,
    MaintenanceRecord,
    MaintenanceRecorded,
    Replaced,
    SeverityChanged,
)
from aftercare_events.catalogue.loan import CaseLoanReserved, LoanOutcome
from aftercare_events.sealing import Sealed
from intake.domain.device_history import Change, FactKind, VersionKind, changes_of, fact_of, kind_of

CASE = "4F7K-Q2M9"
DEVICE = DeviceRecorded(device_id="D-1", customer_id="C-1", site_id="S-1", model="R740")


def test_maintenance_is_told_without_whoever_reported_the_fault() -> None:
    who = Sealed(person="P-1", box="AAAA")
    record = MaintenanceRecord(symptom="dark", cause="power", action="new fuse", reported_by=who)
    told = {"symptom": "dark", "cause": "power", "action": "new fuse"}
    assert fact_of(MaintenanceRecorded(case_id=CASE, record=record)) == ("maintained", told)


def test_severity_and_spares_are_told_and_the_rest_is_not() -> None:
    changed = SeverityChanged(case_id=CASE, severity="1", previous="2")
    assert fact_of(changed) == ("severity_changed", {"severity": "1", "previous": "2"})
    lent = CaseLoanReserved(case_id=CASE, loan_id="LN-1", unit_id="U-1")
    assert fact_of(lent) == ("spare_lent", {"loan_id": "LN-1", "unit_id": "U-1"})
    assert fact_of(CustomerContacted(case_id=CASE)) is None


@pytest.mark.parametrize(
    ("after", "kind", "changed"),
    [
        (replace(DEVICE, model="R750"), "device_changed", Change("model", "R740", "R750")),
        (
            replace(DEVICE, accepted_on=date(2026, 1, 2)),
            "warranty_changed",
            Change("accepted_on", None, "2026-01-02"),
        ),
        (replace(DEVICE, model=None), "device_changed", Change("model", "R740", None)),
    ],
)
def test_version_says_what_became_another(
    after: DeviceRecorded, kind: VersionKind, changed: Change
) -> None:
    changes = changes_of(DEVICE, after)
    assert (kind_of(DEVICE, changes), list(changes)) == (kind, [changed])


def test_first_version_says_all_that_is_known() -> None:
    changes = changes_of(None, DEVICE)
    assert kind_of(None, changes) == "device_recorded"
    assert {each.field: each.after for each in changes} == {
        "site_id": "S-1",
        "model": "R740",
        "quantity": 1,
    }


@pytest.mark.parametrize("language", ["zh", "en"])
def test_page_has_a_word_for_all_of_it(language: str) -> None:
    file = Path(intake.__file__).parent / f"messages.{language}.json"
    words = json.loads(file.read_text("utf-8")).keys()
    fields = set(DeviceRecorded.__struct_fields__) - {"device_id", "customer_id"}
    wanted = {
        *(f"history.{kind}" for kind in (*get_args(FactKind), *get_args(VersionKind))),
        *(f"history.field.{field}" for field in fields),
        *(f"history.replaced.{what}" for what in get_args(Replaced)),
        *(f"history.outcome.{outcome}" for outcome in get_args(LoanOutcome)),
    }
    assert not wanted - words
