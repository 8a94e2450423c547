"""Availability, MTTR, MTBF and mean time to respond of devices and systems (SL-09)."""

from hypothesis import given
from hypothesis import strategies as st

from sla_monitor.domain.availability import Availability, availability
from sla_monitor.domain.event_lines import read_event
from sla_monitor.domain.evolve import evolve
from sla_monitor.domain.instants import HOUR, MINUTE, to_micros
from sla_monitor.domain.outages import Outage, outages_of
from sla_monitor.domain.state import CaseClocks
from support.clock_stories import POLICIES, local, reported, told

S4 = "it-integration"
DAY = range(24 * 60)


def case(*events: bytes) -> CaseClocks:
    state: CaseClocks | None = None
    for line in events:
        state = evolve(state, read_event(line), POLICIES)
    assert state is not None
    return state


def fault(at: str = "2026-11-02 08:00", **changes: object) -> bytes:
    return reported(S4, at, **{"severity": "2", "place": "local", "device_id": "D1", **changes})


def micros(at: str) -> int:
    return to_micros(local(at))


def test_fault_is_down_from_its_report_to_its_restoration() -> None:
    state = case(
        fault(),
        told("responded", "2026-11-02 08:20"),
        told("restored", "2026-11-02 09:30"),
    )
    assert outages_of(state) == [
        Outage(
            "D1",
            1,
            micros("2026-11-02 08:00"),
            micros("2026-11-02 08:20"),
            micros("2026-11-02 09:30"),
        )
    ]


def test_resolution_implies_response_and_restoration() -> None:
    [outage] = outages_of(case(fault(), told("resolved", "2026-11-02 09:00")))
    assert outage.responded_at == outage.restored_at == micros("2026-11-02 09:00")


def test_reopened_cycle_is_an_outage_of_its_own_from_its_reopening() -> None:
    first, second = outages_of(
        case(
            fault(),
            told("restored", "2026-11-02 09:00"),
            told("reopened", "2026-11-03 10:00", reason="again"),
        )
    )
    assert (first.cycle, first.restored_at) == (1, micros("2026-11-02 09:00"))
    assert (second.cycle, second.began_at) == (2, micros("2026-11-03 10:00"))
    assert second.restored_at is None


def test_withdrawn_or_merged_case_has_no_outage() -> None:
    assert outages_of(case(fault(), told("withdrawn", "2026-11-02 09:00"))) == []
    assert outages_of(case(fault(), told("merged", "2026-11-02 09:00", into="C2"))) == []


def test_merging_a_reopened_case_leaves_its_first_outage() -> None:
    [outage] = outages_of(
        case(
            fault(),
            told("restored", "2026-11-02 09:00"),
            told("reopened", "2026-11-03 10:00", reason="again"),
            told("merged", "2026-11-03 11:00", into="C2"),
        )
    )
    assert outage.cycle == 1


def test_only_a_fault_of_a_device_that_affects_its_use_is_an_outage() -> None:
    assert outages_of(case(fault(use_affected=False))) == []
    assert outages_of(case(fault(kind="question"))) == []
    assert outages_of(case(fault(device_id=None))) == []
    assert len(outages_of(case(fault(use_affected=True)))) == 1


def test_fault_that_turns_out_to_be_a_question_was_no_outage() -> None:
    state = case(fault(), told("reclassified", "2026-11-02 09:00", kind="question"))
    assert outages_of(state) == []


def down(device: str, begin: int, end: int | None, responded: int | None = None) -> Outage:
    """Minutes of a day."""
    answered = None if responded is None else responded * MINUTE
    return Outage(device, 1, begin * MINUTE, answered, None if end is None else end * MINUTE)


def of_day(*outages: Outage, devices: tuple[str, ...] = ("A",)) -> Availability:
    return availability(outages, devices, 0, 24 * HOUR)


def test_device_without_a_fault_was_available_all_the_time() -> None:
    figures = of_day().devices["A"]
    assert (figures.availability_percent, figures.failures) == (100, 0)
    assert figures.mean_time_between_failures is None
    assert figures.mean_time_to_restore is None


def test_means_divide_by_what_happened_in_the_period() -> None:
    figures = of_day(down("A", 60, 120, 70), down("A", 600, 780, 630)).devices["A"]
    assert figures.downtime == 4 * HOUR
    assert figures.mean_time_to_respond == 20 * MINUTE
    assert figures.mean_time_to_restore == 2 * HOUR
    assert figures.mean_time_between_failures == 10 * HOUR


def test_overlapping_faults_of_one_device_count_once() -> None:
    figures = of_day(down("A", 60, 180), down("A", 120, 240)).devices["A"]
    assert (figures.faults, figures.failures, figures.downtime) == (2, 1, 3 * HOUR)
    assert figures.mean_time_to_restore == 3 * HOUR


def test_outage_that_lasts_counts_up_to_the_end_and_is_not_restored() -> None:
    figures = of_day(down("A", 1380, None)).devices["A"]
    assert figures.downtime == HOUR
    assert figures.mean_time_to_restore is None


def test_outage_from_before_the_period_is_no_failure_of_it() -> None:
    figures = of_day(down("A", -60, 60)).devices["A"]
    assert (figures.downtime, figures.faults, figures.failures) == (HOUR, 0, 0)
    assert figures.mean_time_to_restore == 2 * HOUR


def test_restoration_dated_before_the_report_leaves_no_downtime() -> None:
    assert of_day(down("A", 60, 50)).devices["A"].downtime == 0


def test_system_is_the_sum_over_its_devices() -> None:
    found = of_day(down("A", 0, 720), down("B", 720, 1440), devices=("A", "B", "C"))
    assert found.system is not None
    assert found.system.availability_percent == 100 * 2 / 3
    assert found.all_up_percent == 0


def test_no_device_has_no_figures() -> None:
    found = of_day(devices=())
    assert (found.system, found.all_up_percent, found.devices) == (None, None, {})


@st.composite
def outages(draw: st.DrawFn) -> Outage:
    begin = draw(st.integers(-200, 24 * 60 + 100))
    end = draw(st.none() | st.integers(begin + 1, begin + 600))
    return down(draw(st.sampled_from("AB")), begin, end)


@given(st.lists(outages(), max_size=12))
def test_figures_equal_a_count_minute_by_minute(happened: list[Outage]) -> None:
    found = of_day(*happened, devices=("A", "B"))
    counted = {device: [is_down(happened, device, m) for m in DAY] for device in "AB"}
    for device, minutes in counted.items():
        figures = found.devices[device]
        before = [is_down(happened, device, -1), *minutes[:-1]]
        assert figures.downtime == sum(minutes) * MINUTE
        assert figures.failures == sum(
            now and not earlier for earlier, now in zip(before, minutes, strict=True)
        )
    both_up = sum(not (a or b) for a, b in zip(*counted.values(), strict=True))
    assert found.all_up_percent is not None
    assert abs(found.all_up_percent - both_up * 100 / len(DAY)) < 1e-9


def is_down(happened: list[Outage], device: str, minute: int) -> bool:
    return any(
        outage.device_id == device
        and outage.began_at <= minute * MINUTE
        and (outage.restored_at is None or minute * MINUTE < outage.restored_at)
        for outage in happened
    )
