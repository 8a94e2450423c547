"""IN-03: below the promised rate is an alert for ops, once a window, until the rate is back."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from aftercare_events.catalogue.archive import ContractRecorded
from aftercare_events.catalogue.intake import ConnectRateFallen, ConnectRateRecovered
from intake.domain.connect_rate import (
    DAY,
    HOUR,
    ConnectRateEvent,
    Promise,
    Tally,
    Window,
    judge,
    let_go,
    promised_rate,
    rate_in,
    window_of,
)
from intake.domain.policy import Terms

NINE = datetime(2026, 11, 2, 1, tzinfo=UTC)
PROMISE = Promise("all", 90.0)
MIN_CALLS = 20


def hour(number: int) -> Window:
    return window_of(NINE + number * HOUR, HOUR)


def said(window: int, calls: int, connected: int, last: ConnectRateEvent | None = None) -> Any:
    return judge(PROMISE, Tally(hour(window), calls, connected), last, MIN_CALLS)


def test_windows_are_hours_and_days_of_shanghai() -> None:
    instant = datetime(2026, 11, 1, 16, 30, tzinfo=UTC)
    assert window_of(instant, HOUR).start == datetime(2026, 11, 1, 16, tzinfo=UTC)
    day = window_of(instant, DAY)
    assert (day.start, day.end - day.start) == (datetime(2026, 11, 1, 16, tzinfo=UTC), DAY)


@pytest.mark.parametrize(
    ("calls", "connected", "falls"),
    [(20, 18, False), (20, 17, True), (19, 0, False), (0, 0, False), (1000, 899, True)],
)
def test_it_falls_below_the_rate_with_enough_calls(calls: int, connected: int, falls: bool) -> None:
    assert isinstance(said(0, calls, connected), ConnectRateFallen) is falls


def test_alert_is_raised_once_a_window() -> None:
    fallen = said(0, 20, 10)
    assert said(0, 30, 12, fallen) is None
    assert isinstance(said(1, 20, 10, fallen), ConnectRateFallen)


def test_alert_ends_when_the_rate_is_back_and_is_not_raised_again_in_its_window() -> None:
    fallen = said(0, 20, 10)
    recovered = said(0, 200, 190, fallen)
    assert isinstance(recovered, ConnectRateRecovered)
    assert (recovered.fallen_in, recovered.reason) == (hour(0).start, "rate_is_back")
    assert said(0, 300, 100, recovered) is None
    assert isinstance(said(1, 20, 10, recovered), ConnectRateFallen)
    assert said(1, 20, 20, recovered) is None


def test_alert_is_let_go_when_too_few_call_to_judge_by() -> None:
    fallen = said(0, 20, 10)
    ended = let_go(Tally(hour(0), 20, 10), fallen)
    assert ended is not None
    assert (ended.scope, ended.reason) == ("all", "too_few_calls")
    assert let_go(Tally(hour(0), 20, 10), said(1, 20, 10, fallen)) is None
    assert let_go(Tally(hour(0), 20, 10), ended) is None


def test_window_is_stale_when_the_next_one_is_over() -> None:
    assert hour(0).stale_at == NINE + timedelta(hours=2)


@pytest.mark.parametrize(
    ("options", "terms", "rate"),
    [
        ({"connect_rate": "95"}, 92.0, 95.0),
        ({"connect_rate": "97.5 %"}, None, 97.5),
        ({}, 92.0, 92.0),
        ({}, None, 90.0),
    ],
)
def test_contract_comes_before_its_policy_and_that_before_ninety(
    options: dict[str, Any], terms: float | None, rate: float
) -> None:
    contract = ContractRecorded(
        contract_id="CT-1",
        customer_id="C-1",
        policy="p",
        policy_options=options,
        starts_on=date(2026, 1, 1),
    )
    assert promised_rate(contract, Terms(policy="p", version=1, connect_rate=terms), 90) == rate


@pytest.mark.parametrize("text", ["", "0", "101", "-5", "many", "1e2", "95 %%"])
def test_what_is_no_rate(text: str) -> None:
    assert rate_in(text) is None
