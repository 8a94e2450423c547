"""Alerts told to people through their channels: gathered in a storm, held back at night."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from aftercare_events.catalogue.duty import QuietHours, RecipientRegistered
from aftercare_events.catalogue.engineer import Duty, DutySpan
from aftercare_events.projector import rebuild
from sla_monitor.projection import MonitorProjection
from sla_monitor.shelf import Shelf
from sla_monitor.tables import infra
from support.monitors import fault
from support.receivers import Receiver, receiver
from support.telling import MINUTE, Telling
from support.telling import telling as open_telling

PM_RUNG = timedelta(minutes=8)


@pytest.fixture
async def telling(database_url: str) -> AsyncIterator[Telling]:
    async with open_telling(database_url) as opened:
        yield opened


@pytest.fixture
def phone() -> Iterator[Receiver]:
    with receiver() as opened:
        yield opened


async def enter(telling: Telling, phone: Receiver, name: str = "BOSS", **entry: Any) -> None:
    """Somebody who answers for the project managers."""
    channel = phone.url.replace("http://", "json://")
    said = RecipientRegistered(recipient_id=name, channels=1, **({"steps": ("pm",)} | entry))
    monitor = telling.replica.monitor
    person = {"name": name, "channels": [channel]}
    await monitor.recipients.register(said, person, by="admin", at=telling.company.clock.now())
    await telling.work()


async def covered(telling: Telling) -> list[str]:
    return [alert for fact in await telling.said("delivered") for alert in fact.alerts]


async def raised_to(telling: Telling, name: str) -> set[str]:
    return {a.alert_id for a in await telling.company.alerts() if a.recipient == name}


async def test_person_reads_what_is_in_danger_and_what_to_do(
    telling: Telling, phone: Receiver
) -> None:
    await enter(telling, phone)
    await telling.company.say(fault(), service="intake")
    await telling.pass_time(PM_RUNG)

    [sent] = phone.sent
    told = msgspec.json.decode(sent.body)
    assert told["title"] == "【项目经理】工单 4F7K-Q2M9 联系客户承诺告警"
    assert "4F7K-Q2M9：联系客户，11月2日 08:10 到期" in told["message"]
    assert "升级看板上确认" in told["message"]
    assert "core switch" not in sent.body.decode()


async def test_storm_of_one_outage_is_a_few_messages_that_lose_none(
    telling: Telling, phone: Receiver
) -> None:
    await enter(telling, phone)
    for number in range(3):
        cases = [fault(f"CASE-{number}-{i:02}") for i in range(20)]
        for case in cases:
            await telling.company.say(case, service="intake")
        await telling.pass_time(timedelta(seconds=20))
    await telling.pass_time(PM_RUNG, timedelta(seconds=30))
    await telling.pass_time(20 * MINUTE, 5 * MINUTE)

    told = await covered(telling)
    assert len(told) == len(set(told))
    assert set(told) == await raised_to(telling, "BOSS")
    assert len(told) >= 60
    assert len(phone.sent) <= 5


async def test_night_holds_the_message_back_and_not_the_alert(
    telling: Telling, phone: Receiver
) -> None:
    spans = (DutySpan(days=(1, 2, 3, 4, 5, 6, 7), start="22:00", end="09:00"),)
    await enter(telling, phone, quiet=QuietHours(hours=Duty(spans=spans)))
    await telling.company.say(fault(), service="intake")
    await telling.pass_time(PM_RUNG)
    assert len(await raised_to(telling, "BOSS")) == 1
    assert phone.sent == []

    await telling.pass_time(MINUTE * 52)

    assert set(await covered(telling)) == await raised_to(telling, "BOSS")
    assert len(phone.sent) == 1


async def test_message_that_no_channel_took_is_tried_again(
    telling: Telling, phone: Receiver
) -> None:
    phone.answers.append(500)
    await enter(telling, phone)
    await telling.company.say(fault(), service="intake")
    await telling.pass_time(PM_RUNG)
    await telling.pass_time(timedelta(seconds=20), timedelta(seconds=10))

    assert [fact.error for fact in await telling.said("failed")] == ["no channel took the message"]
    assert [fact.attempt for fact in await telling.said("delivered")] == [2]


async def test_rebuild_rings_nobody_again(telling: Telling, phone: Receiver) -> None:
    await enter(telling, phone)
    await telling.company.say(fault(), service="intake")
    await telling.pass_time(PM_RUNG)
    rung = len(phone.sent)
    assert rung == 1

    await rebuild(MonitorProjection(Shelf()), telling.company.engine, infra)
    await telling.work()

    assert len(phone.sent) == rung
