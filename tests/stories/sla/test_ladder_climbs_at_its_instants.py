"""The ladder on a real log and database, with the clock moved by hand (SL-03, SL-05)."""

import asyncio
from datetime import datetime, timedelta

from aftercare_events.catalogue.case import CaseAssigned, EngineerArrived, ServiceRestored
from support.monitors import MORNING, Company, fault

MINUTE = timedelta(minutes=1)


def at(hour: int, minute: int = 0) -> datetime:
    """An instant of that morning in Shanghai, where it is 08:00 at the start."""
    return MORNING + timedelta(hours=hour - 8, minutes=minute)


async def climbed(company: Company, clock: str) -> list[tuple[str, datetime]]:
    return [(alert.step, alert.fire_at) for alert in await company.alerts() if alert.clock == clock]


async def test_untouched_case_climbs_every_rank_at_its_instant(company: Company) -> None:
    monitor = company.replica()
    await company.say(fault(), service="intake")

    await company.pass_time(monitor, at(11, 30), MINUTE)

    assert await climbed(company, "restore") == [
        ("engineer", at(9)),
        ("pm", at(9, 36)),
        ("leadership", at(10)),
        ("executive", at(11)),
    ]
    assert [alert.late_by_s for alert in await company.alerts()] == [0] * 12


async def test_engineer_assigned_by_then_is_told_else_the_duty_desk(company: Company) -> None:
    monitor = company.replica()
    await company.say(fault(), service="intake")
    await company.pass_time(monitor, at(8, 30), MINUTE)
    await company.say(CaseAssigned(case_id="4F7K-Q2M9", engineer_id="E-7"))
    await company.pass_time(monitor, at(9), MINUTE)

    told = {(a.clock, a.step): a.recipient for a in await company.alerts()}
    assert told["contact", "engineer"] == "duty-desk"
    assert told["restore", "engineer"] == "E-7"
    assert told["contact", "executive"] == "executive"


async def test_milestone_at_the_instant_of_a_step_wins(company: Company) -> None:
    monitor = company.replica()
    await company.say(fault(), service="intake")
    await company.pass_time(monitor, at(10, 59), MINUTE)
    await company.say(EngineerArrived(case_id="4F7K-Q2M9"), at=at(10, 58))
    await company.clock.advance(MINUTE)
    await company.say(ServiceRestored(case_id="4F7K-Q2M9"), at=at(11))
    await monitor.work()
    await company.pass_time(monitor, at(12), MINUTE)

    assert ("executive", at(11)) not in await climbed(company, "restore")


async def test_monitor_that_was_down_raises_at_once_and_says_how_late(company: Company) -> None:
    await company.say(fault(), service="intake")
    await company.clock.move_to(at(9, 30))

    await company.replica().work()

    late = {(a.clock, a.step): a.late_by_s for a in await company.alerts()}
    assert late["restore", "engineer"] == 30 * 60
    assert late["contact", "executive"] == 75 * 60
    assert ("restore", "pm") not in late


async def test_monitor_that_was_down_says_nothing_of_what_was_met_meanwhile(
    company: Company,
) -> None:
    await company.say(fault(), service="intake")
    await company.say(ServiceRestored(case_id="4F7K-Q2M9"), at=at(8, 2))
    await company.clock.move_to(at(9, 30))

    await company.replica().work()

    assert {alert.clock for alert in await company.alerts()} <= {"resolve"}


async def test_two_monitors_at_once_raise_one_alert(company: Company) -> None:
    await company.say(fault(), service="intake")
    await company.clock.move_to(at(9))
    first, second = company.replica(), company.replica()
    await first.monitor.projector.catch_up()
    await second.monitor.projector.catch_up()

    from sla_monitor.automation import announce

    await asyncio.gather(
        *(announce(one.monitor, "4F7K-Q2M9") for one in (first, second) for _ in range(20))
    )

    raised = [alert.alert_id for alert in await company.alerts()]
    assert len(raised) == len(set(raised)) > 0


async def test_restarted_monitor_rebuilds_and_rings_nobody_again(company: Company) -> None:
    from aftercare_events.projector import rebuild
    from sla_monitor.projection import MonitorProjection
    from sla_monitor.shelf import Shelf
    from sla_monitor.tables import infra

    monitor = company.replica()
    await company.say(fault(), service="intake")
    await company.pass_time(monitor, at(10, 30), timedelta(minutes=5))
    before = await company.alerts()

    await rebuild(MonitorProjection(Shelf()), company.engine, infra)
    await company.replica().work()

    assert await company.alerts() == before
