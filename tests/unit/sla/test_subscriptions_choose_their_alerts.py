"""Whom a webhook subscription tells of what, and how its entry changes."""

from dataclasses import dataclass

import msgspec
import pytest

from aftercare_events.catalogue.case import Step
from aftercare_events.catalogue.subscription import SubscriptionFilter, SubscriptionRegistered
from aftercare_events.sealing import Sealed
from sla_monitor.domain.subscription import admits, register, remove


@dataclass(frozen=True)
class About:
    step: Step = "pm"
    recipient: str = "E-SUN-HAO"
    policy: str = "it-integration"
    customer_id: str = "C-1"


ENTRY = SubscriptionRegistered(
    subscription_id="S-1",
    host="example.com",
    endpoint=Sealed(person="P-1", box="box"),
    fingerprints=("12345678",),
)


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        (SubscriptionFilter(), True),
        (SubscriptionFilter(steps=("engineer", "pm")), True),
        (SubscriptionFilter(steps=("engineer",)), False),
        (SubscriptionFilter(min_step="pm"), True),
        (SubscriptionFilter(min_step="leadership"), False),
        (SubscriptionFilter(audience="pm"), True),
        (SubscriptionFilter(audience="E-SUN-HAO"), True),
        (SubscriptionFilter(audience="duty-desk"), False),
        (SubscriptionFilter(policy="it-integration", customer="C-1"), True),
        (SubscriptionFilter(policy="it-integration", customer="C-2"), False),
        (SubscriptionFilter(policy="portal-operations"), False),
    ],
)
def test_every_field_of_a_filter_must_agree(wanted: SubscriptionFilter, told: bool) -> None:
    assert admits(wanted, About()) is told


def test_first_entry_is_recorded_and_the_same_again_is_not() -> None:
    assert register(ENTRY, None, disabled=False) == (ENTRY,)
    assert register(ENTRY, ENTRY, disabled=False) == ()


def test_disabled_one_is_taken_up_by_registering_it_again() -> None:
    assert register(ENTRY, ENTRY, disabled=True) == (ENTRY,)


def test_changed_entry_replaces_the_old_one() -> None:
    changed = msgspec.structs.replace(ENTRY, fingerprints=("abcdefgh", "12345678"))
    assert register(changed, ENTRY, disabled=False) == (changed,)


def test_only_what_is_registered_is_removed() -> None:
    assert [fact.subscription_id for fact in remove("S-1", registered=True)] == ["S-1"]
    assert remove("S-1", registered=False) == ()
