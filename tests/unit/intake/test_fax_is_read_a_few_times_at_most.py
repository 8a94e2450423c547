from datetime import UTC, datetime

import pytest

from aftercare_events.catalogue.intake import FaxProposal, FaxRead, FaxReadingFailed, FaxReceived
from aftercare_events.sealing import Sealed
from aftercare_events.testing import spec
from intake.domain.fax import ATTEMPTS, DECIDER, FailToRead, Read

TEXT = Sealed(person="P", box="Zm9v")
READ = Read(pages=1, confidence=0.9, text=TEXT, proposal=FaxProposal(severity="2"))
RECEIVED = FaxReceived(
    fax_id="F-1",
    reference="job-1",
    body_digest="d",
    received_at=datetime(2026, 11, 2, 1, tzinfo=UTC),
    pages=1,
    original="o",
    disposition="opened",
    case_id="4F7K-Q2M9",
)
DONE = FaxRead(
    fax_id="F-1",
    case_id="4F7K-Q2M9",
    pages=1,
    confidence=0.9,
    text=TEXT,
    proposal=FaxProposal(severity="2"),
)


def failed(attempt: int) -> FaxReadingFailed:
    return FaxReadingFailed(fax_id="F-1", case_id="4F7K-Q2M9", attempt=attempt, reason="crashed")


def test_what_was_read_is_kept_with_its_proposal() -> None:
    spec(DECIDER).given(RECEIVED).when(READ).then(DONE)


def test_fax_is_read_once() -> None:
    spec(DECIDER).given(RECEIVED, DONE).when(READ).then()


@pytest.mark.parametrize("before", range(ATTEMPTS))
def test_each_failure_is_counted_with_its_reason(before: int) -> None:
    history = [failed(attempt) for attempt in range(1, before + 1)]
    spec(DECIDER).given(RECEIVED, *history).when(FailToRead(reason="crashed")).then(
        failed(before + 1)
    )


def test_after_the_last_attempt_nobody_tries_again() -> None:
    history = [failed(attempt) for attempt in range(1, ATTEMPTS + 1)]
    spec(DECIDER).given(RECEIVED, *history).when(READ).then()
