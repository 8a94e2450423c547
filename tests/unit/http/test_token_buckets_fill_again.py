import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare_http.admission import TokenBuckets


def test_a_burst_passes_and_the_next_waits_for_one_token() -> None:
    buckets = TokenBuckets(rate_per_s=2, burst=3)
    assert [buckets.wait_for("desk", 100.0) for _ in range(4)] == [0, 0, 0, 0.5]
    assert buckets.wait_for("desk", 100.4) == pytest.approx(0.1)
    assert buckets.wait_for("desk", 100.5) == 0
    assert buckets.wait_for("other", 100.5) == 0


def test_a_bucket_holds_no_more_than_its_burst() -> None:
    buckets = TokenBuckets(rate_per_s=2, burst=3)
    buckets.wait_for("desk", 0.0)
    assert [buckets.wait_for("desk", 1e6) for _ in range(4)] == [0, 0, 0, 0.5]


def test_refused_requests_cost_nothing() -> None:
    buckets = TokenBuckets(rate_per_s=1, burst=1)
    buckets.wait_for("desk", 0.0)
    for _ in range(100):
        assert buckets.wait_for("desk", 0.5) == 0.5
    assert buckets.wait_for("desk", 1.0) == 0


def test_clients_without_number_are_forgotten() -> None:
    buckets = TokenBuckets(rate_per_s=1, burst=1_000_000)
    for number in range(12_000):
        assert buckets.wait_for(f"client-{number}", 0.001 * number) == 0
    assert len(buckets._buckets) <= 10_000


@given(st.lists(st.floats(0, 3), min_size=1, max_size=60))
def test_never_more_than_burst_and_rate_pass(gaps: list[float]) -> None:
    buckets, now, passed = TokenBuckets(rate_per_s=2, burst=5), 0.0, 0
    for gap in gaps:
        now += gap
        passed += buckets.wait_for("desk", now) == 0
    assert passed <= 5 + 2 * now + 1e-6
