"""Examples stay true however long ago they were written."""

from datetime import UTC, datetime

import pytest

from aftercare_http.examples import at_the_time, give_examples

NOW = datetime(2026, 11, 2, 17, 30, tzinfo=UTC)  # the third already in Shanghai


def test_what_happened_happened_now() -> None:
    kept = {"example": {"call_id": "pbx-{now}", "due_on": "{next_week}", "day": "{today}"}}
    assert at_the_time(kept, NOW)["example"] == {
        "call_id": "pbx-2026-11-02T17:30:00+00:00",
        "due_on": "2026-11-10",
        "day": "2026-11-03",
    }
    assert kept["example"]["day"] == "{today}"


def test_an_example_of_what_is_not_there_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        give_examples({"paths": {}}, {"show_case": {}})
