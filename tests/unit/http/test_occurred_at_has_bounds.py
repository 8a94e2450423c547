from datetime import UTC, datetime, timedelta, timezone

import pytest

from aftercare_http import Principal, Problem, when_it_happened

NOW = datetime(2026, 10, 9, 9, 30, tzinfo=UTC)
DESK = Principal("desk", frozenset({"dispatch:write"}))
ADMIN = Principal("boss", frozenset({"dispatch:write", "admin"}))
MINUTE, WEEK, BIT = timedelta(minutes=1), timedelta(days=7), timedelta(microseconds=1)


def test_nothing_said_is_now() -> None:
    assert when_it_happened(None, now=NOW, who=DESK) == NOW


@pytest.mark.parametrize("at", [NOW, NOW + MINUTE, NOW - WEEK])
def test_the_bounds_belong_to_it(at: datetime) -> None:
    assert when_it_happened(at, now=NOW, who=DESK) == at


@pytest.mark.parametrize(
    ("at", "code"), [(NOW + MINUTE + BIT, "in-the-future"), (NOW - WEEK - BIT, "too-long-ago")]
)
def test_beyond_them_it_is_refused(at: datetime, code: str) -> None:
    with pytest.raises(Problem) as refused:
        when_it_happened(at, now=NOW, who=DESK)
    assert (refused.value.status_code, refused.value.type_slug) == (422, code)
    assert refused.value.field == "occurred_at"


def test_admin_reaches_further_back_but_not_ahead() -> None:
    long_ago = NOW - timedelta(days=400)
    assert when_it_happened(long_ago, now=NOW, who=ADMIN) == long_ago
    with pytest.raises(Problem):
        when_it_happened(NOW + MINUTE + BIT, now=NOW, who=ADMIN)


def test_the_answer_is_in_utc_whatever_the_offset() -> None:
    shanghai = timezone(timedelta(hours=8))
    at = when_it_happened(NOW.astimezone(shanghai), now=NOW, who=DESK)
    assert at == NOW
    assert at.tzinfo is UTC


@pytest.mark.parametrize(
    "edge",
    [
        datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
        datetime.max.replace(tzinfo=timezone(-timedelta(hours=14))),
    ],
)
def test_the_edges_of_the_calendar_are_refused(edge: datetime) -> None:
    with pytest.raises(Problem):
        when_it_happened(edge, now=NOW, who=ADMIN)
