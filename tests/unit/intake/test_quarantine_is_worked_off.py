from datetime import UTC, datetime

import msgspec
import pytest

from aftercare_events.catalogue.intake import (
    ArrivalDismissed,
    ArrivalReleased,
    FaxReceived,
    MailReceived,
)
from aftercare_events.sealing import Sealed
from aftercare_events.testing import spec
from intake.domain.arrival import DECIDER, Dismiss, Release

AT = datetime(2026, 11, 2, 1, tzinfo=UTC)
MAIL = MailReceived(
    mail_id="M-1",
    body_digest="d",
    received_at=AT,
    original="o",
    disposition="quarantined",
    reason="too deep",
    sender=Sealed(person="P", box="Zm9v"),
)
FAX = FaxReceived(
    fax_id="F-1",
    reference="job-1",
    body_digest="d",
    received_at=AT,
    pages=0,
    original="o",
    disposition="quarantined",
    reason="no TIFF",
)
OPENED = MailReceived(
    mail_id="M-1",
    body_digest="d",
    received_at=AT,
    original="o",
    disposition="opened",
    case_id="4F7K-Q2M9",
)
AUTOMATIC = msgspec.structs.replace(MAIL, disposition="automatic", reason="auto-submitted")
RELEASED = ArrivalReleased(arrival_id="M-1", channel="email", case_id="4F7K-Q2M9", sealed_for="P")
DISMISSED = ArrivalDismissed(arrival_id="M-1", channel="email", reason="advertising")
RELEASE = Release("4F7K-Q2M9")
DISMISS = Dismiss("advertising")


def test_mail_is_released_into_a_case() -> None:
    spec(DECIDER).given(MAIL).when(RELEASE).then(RELEASED)


def test_fax_is_dismissed_with_a_reason() -> None:
    dismissed = ArrivalDismissed(arrival_id="F-1", channel="fax", reason="advertising")
    spec(DECIDER).given(FAX).when(DISMISS).then(dismissed)


def test_automatic_mail_that_asks_for_something_is_released() -> None:
    """IN-02: a monitoring system that calls for help is no dead end."""
    spec(DECIDER).given(AUTOMATIC).when(RELEASE).then(RELEASED)


def test_automatic_mail_is_dismissed() -> None:
    spec(DECIDER).given(AUTOMATIC).when(DISMISS).then(DISMISSED)


def test_release_is_done_once() -> None:
    spec(DECIDER).given(MAIL, RELEASED).when(Release("9999-9999")).then()


def test_dismissal_is_said_once() -> None:
    spec(DECIDER).given(MAIL, DISMISSED).when(DISMISS).then()


def test_what_was_dismissed_by_mistake_is_still_released() -> None:
    spec(DECIDER).given(MAIL, DISMISSED).when(RELEASE).then(RELEASED)


def test_what_became_a_case_is_not_dismissed() -> None:
    spec(DECIDER).given(MAIL, RELEASED).when(DISMISS).refused("arrival-released")


@pytest.mark.parametrize("command", [RELEASE, DISMISS])
def test_only_what_is_in_quarantine_is_worked_off(command: Release | Dismiss) -> None:
    spec(DECIDER).given(OPENED).when(command).refused("not-quarantined")
