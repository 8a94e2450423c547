"""A silent system is itself an alarm (quality: a watchdog tells when a part stops)."""

from collections.abc import Iterator

import pytest
import structlog
from prometheus_client import REGISTRY

from aftercare_events.watchdog import STILL_SECONDS, Watchdog


@pytest.fixture
def told() -> Iterator[list[structlog.typing.EventDict]]:
    with structlog.testing.capture_logs() as lines:
        yield lines


def standstill(part: str) -> float | None:
    return REGISTRY.get_sample_value("aftercare_standstill", {"part": part})


def test_part_that_stops_is_told_once_and_so_is_its_going_on(
    told: list[structlog.typing.EventDict],
) -> None:
    lag = [0.0]
    watchdog = Watchdog({"toy": lambda: lag[0]})
    for lag[0] in (0.0, STILL_SECONDS, STILL_SECONDS + 1, STILL_SECONDS + 6, 2.0, 1.0):
        watchdog.look()
    assert [(line["event"], line["log_level"]) for line in told] == [
        ("standstill", "error"),
        ("goes_on", "info"),
    ]
    assert (told[0]["part"], told[0]["behind_s"]) == ("toy", 31)


def test_metric_says_which_part_stands_still() -> None:
    lags = {"stopped": STILL_SECONDS + 1, "going": 1.0}
    watchdog = Watchdog({part: lambda part=part: lags[part] for part in lags})
    watchdog.look()
    assert (standstill("stopped"), standstill("going")) == (1, 0)
    lags["stopped"] = 0.0
    watchdog.look()
    assert standstill("stopped") == 0
