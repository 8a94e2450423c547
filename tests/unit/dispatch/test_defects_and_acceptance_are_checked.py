"""DP-29: a confirmed defect gives a free replacement; works again means within the figures."""

from typing import Any

import pytest

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue import work as w
from dispatch.domain import commands as cmd
from dispatch.domain.acceptance import figures_for
from dispatch.domain.contract_terms import Figure
from support.dispatch_cases import CASE, Given, at, recorded, reported

VOLTAGE = Figure(name="voltage", category="power", at_least="11.80", at_most="12.20")
LOSS = Figure(name="packet_loss", at_most="0.1")
CLAIMED = w.DefectClaimed(case_id=CASE, number=1, description="cracked housing")
resolve = cmd.Resolve(case_id=CASE, at=at(60))


def restore(**measured: str) -> cmd.Restore:
    return cmd.Restore(case_id=CASE, at=at(60), measured=measured, figures=(VOLTAGE, LOSS))


def decided(confirmed: bool) -> w.DefectDecided:
    return w.DefectDecided(
        case_id=CASE, number=1, confirmed=confirmed, decided_by="Q-1", reason="seen"
    )


def test_figures_are_those_of_the_category_and_of_every_device() -> None:
    assert figures_for((VOLTAGE, LOSS), "power") == (VOLTAGE, LOSS)
    assert figures_for((VOLTAGE, LOSS), None) == (LOSS,)


def test_restoration_names_what_was_not_measured() -> None:
    refused = Given(reported()).when(restore(voltage="12")).refused("measurement-required")
    assert refused.missing == ("measured.packet_loss",)


@pytest.mark.parametrize("voltage", ["11.799999", "12.200001", "-12"])
def test_restoration_out_of_tolerance_is_refused(voltage: str) -> None:
    given = Given(reported()).when(restore(voltage=voltage, packet_loss="0"))
    assert given.refused("out-of-tolerance").field == "measured.voltage"


def test_restoration_at_the_bounds_keeps_what_was_measured() -> None:
    measured = {"voltage": "12.2", "packet_loss": "0.10"}
    Given(reported()).when(restore(**measured)).then(
        c.ServiceRestored(case_id=CASE, measured=measured)
    )


def test_resolution_does_not_go_round_the_figures() -> None:
    checked = cmd.Resolve(case_id=CASE, at=at(60), figures=(LOSS,))
    Given(reported(), recorded()).when(checked).refused("restoration-unchecked")
    restored = c.ServiceRestored(case_id=CASE, measured={"packet_loss": "0"})
    assert Given(reported(), recorded(), restored).when(checked).decided()


def test_defect_is_decided_once_by_name() -> None:
    claim = cmd.ClaimDefect(case_id=CASE, at=at(60), description="cracked housing")
    decision = cmd.DecideDefect(
        case_id=CASE, at=at(60), number=1, confirmed=True, decided_by="Q-1", reason="seen"
    )
    Given(reported()).when(claim).then(CLAIMED)
    Given(reported()).when(decision).refused("defect-unknown")
    Given(reported(), CLAIMED).when(decision).then(decided(True))
    Given(reported(), CLAIMED, decided(False)).when(decision).refused("defect-decided")


def test_case_with_a_confirmed_defect_is_resolved_once_it_is_replaced() -> None:
    replaced = recorded(replaced=(c.Replacement(what="device", name="switch"),))
    Given(reported(), replaced, CLAIMED).when(resolve).refused("defect-pending")
    facts = (reported(), recorded(), CLAIMED, decided(True))
    assert Given(*facts).when(resolve).refused("replacement-due").missing == ("record.replaced",)
    assert Given(*facts, replaced).when(resolve).decided()
    assert Given(reported(), recorded(), CLAIMED, decided(False)).when(resolve).decided()


def test_what_makes_a_confirmed_defect_good_is_free_out_of_warranty_too() -> None:
    paid: Any = c.Entitlement(covered=True, in_warranty=False, chargeable=True)
    costs = cmd.RecordCosts(case_id=CASE, at=at(60), currency="CNY", labour_cents=1, defect=1)
    given = (reported(entitlement=paid), CLAIMED)
    Given(*given, decided(False)).when(costs).refused("defect-not-confirmed")
    (entry,) = Given(*given, decided(True)).when(costs).decided()
    assert entry.charged is False
