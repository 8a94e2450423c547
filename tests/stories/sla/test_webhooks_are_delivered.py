"""Alerts told to webhook subscribers: signed, in order, again after failures, not by a replay."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest

from aftercare_events.catalogue.case import CustomerContacted
from aftercare_events.catalogue.subscription import SubscriptionFilter
from aftercare_events.log import LogUnavailable
from aftercare_events.projector import rebuild
from aftercare_events.todo import Item
from sla_monitor.delivery.courier import WebhookCourier
from sla_monitor.delivery.webhook import WebhookSender
from sla_monitor.main import couriers
from sla_monitor.projection import MonitorProjection
from sla_monitor.shelf import Shelf
from sla_monitor.tables import infra
from support.monitors import CASE, fault
from support.receivers import OLDER_SECRET, SECRET, Receiver, receiver
from support.telling import MINUTE, Telling
from support.telling import telling as open_telling

CONTACT_RUNG_TWICE = timedelta(minutes=8)
RAISED, RESOLVED = "alert_raised", "alert_resolved"


@pytest.fixture
async def telling(database_url: str) -> AsyncIterator[Telling]:
    async with open_telling(database_url) as opened:
        yield opened


@pytest.fixture
def hook() -> Iterator[Receiver]:
    with receiver() as opened:
        yield opened


async def test_every_movement_is_told_once_signed_and_logged(
    telling: Telling, hook: Receiver
) -> None:
    await telling.subscribe(hook)
    await telling.company.say(fault(), service="intake")
    await telling.pass_time(CONTACT_RUNG_TWICE)
    await telling.company.say(CustomerContacted(case_id=CASE))
    await telling.work()

    told = [(*sent.what, sent.event["data"]["step"]) for sent in hook.sent]
    assert told == [
        (RAISED, CASE, "engineer"),
        (RAISED, CASE, "pm"),
        (RESOLVED, CASE, "engineer"),
        (RESOLVED, CASE, "pm"),
    ]
    assert all(sent.is_signed_with(SECRET) for sent in hook.sent)
    assert not any(sent.is_signed_with(OLDER_SECRET) for sent in hook.sent)
    delivered = await telling.said("delivered")
    assert [fact.notification_id for fact in delivered] == [sent.id for sent in hook.sent]
    assert [fact.positions[0] for fact in delivered] == [s.event["sequence"] for s in hook.sent]


async def test_both_secrets_sign_while_one_replaces_the_other(
    telling: Telling, hook: Receiver
) -> None:
    await telling.subscribe(hook, secrets=(SECRET, OLDER_SECRET))
    await telling.company.say(fault(), service="intake")
    await telling.pass_time(5 * MINUTE)

    [sent] = hook.sent
    assert sent.is_signed_with(SECRET)
    assert sent.is_signed_with(OLDER_SECRET)


async def test_filter_decides_what_is_told(telling: Telling, hook: Receiver) -> None:
    await telling.subscribe(hook, wanted=SubscriptionFilter(min_step="pm"))
    await telling.company.say(fault(), service="intake")
    await telling.pass_time(CONTACT_RUNG_TWICE)

    assert [sent.event["data"]["step"] for sent in hook.sent] == ["pm"]


async def test_later_movement_waits_for_the_earlier_one_and_other_cases_go_on(
    telling: Telling, hook: Receiver
) -> None:
    await telling.subscribe(hook)
    hook.refused.add(CASE)
    for case_id in (CASE, "OTHER"):
        await telling.company.say(fault(case_id), service="intake")
    await telling.pass_time(CONTACT_RUNG_TWICE)

    ids = {sent.id for sent in hook.sent if sent.what[1] == CASE}
    assert len(ids) == 1
    others = [s.event["data"]["step"] for s in hook.sent if s.what[1] == "OTHER"]
    assert others == ["engineer", "pm"]

    hook.refused.clear()
    hook.sent.clear()
    await telling.pass_time(12 * MINUTE)
    steps = [s.event["data"]["step"] for s in hook.sent if s.what[1] == CASE]
    assert steps[:2] == ["engineer", "pm"]


async def test_failing_receiver_is_visible_until_it_takes_the_message(
    telling: Telling, hook: Receiver
) -> None:
    hook.answers.extend([500, 503])
    await telling.subscribe(hook)
    await telling.company.say(fault(), service="intake")
    await telling.pass_time(5 * MINUTE)

    faring = (await telling.standing()).faring
    assert (faring.attempts, faring.error, faring.waiting) == (1, "answered 500", 1)
    assert faring.failing_since is not None

    await telling.pass_time(timedelta(seconds=50), timedelta(seconds=10))
    faring = (await telling.standing()).faring
    assert (faring.failing_since, faring.waiting, faring.attempts) == (None, 0, 0)
    assert [fact.attempt for fact in await telling.said("failed")] == [1, 2]
    assert [fact.attempt for fact in await telling.said("delivered")] == [3]
    assert len({sent.id for sent in hook.sent}) == 1


async def test_redirect_is_not_followed(telling: Telling, hook: Receiver) -> None:
    hook.answers.append(302)
    await telling.subscribe(hook)
    await telling.company.say(fault(), service="intake")
    await telling.pass_time(5 * MINUTE)

    assert len(hook.sent) == 1
    assert [fact.error for fact in await telling.said("failed")] == ["answered 302"]


async def test_receiver_that_is_gone_is_disabled_until_registered_again(
    telling: Telling, hook: Receiver
) -> None:
    hook.answers.append(410)
    await telling.subscribe(hook)
    await telling.company.say(fault(), service="intake")
    await telling.pass_time(CONTACT_RUNG_TWICE)

    standing = await telling.standing()
    assert (standing.active, standing.disabled_reason) == (False, "answered 410")
    assert len(hook.sent) == 1

    await telling.subscribe(hook)
    await telling.pass_time(2 * MINUTE)
    assert (await telling.standing()).active
    assert [sent.event["data"]["step"] for sent in hook.sent[1:]] == ["leadership"]


async def test_message_is_given_up_after_days_and_the_next_one_goes_on(
    telling: Telling, hook: Receiver
) -> None:
    await telling.subscribe(hook, wanted=SubscriptionFilter(steps=("engineer", "pm")))
    await telling.company.say(fault(), service="intake")
    hook.refused.add(CASE)
    await telling.pass_time(CONTACT_RUNG_TWICE)
    await telling.pass_time(timedelta(days=5), timedelta(hours=6))

    first = hook.sent[0].id
    assert [fact.notification_id for fact in await telling.said("given_up")][:1] == [first]
    assert sum(sent.id == first for sent in hook.sent) == 12
    assert hook.sent[-1].id != first
    assert (await telling.standing()).faring.given_up >= 1


@pytest.mark.parametrize("written", [True, False])
async def test_worker_that_dies_between_sending_and_the_log_sends_again_under_the_same_id(
    telling: Telling, hook: Receiver, written: bool
) -> None:
    await telling.subscribe(hook)
    await telling.company.say(fault(), service="intake")
    await telling.pass_time(5 * MINUTE, told=False)
    telling.log.fail_next(written=written)
    await telling.telling.run_due()
    assert len(hook.sent) == 1

    await telling.pass_time(timedelta(seconds=30), timedelta(seconds=10))

    assert len(hook.sent) == (1 if written else 2)
    assert len({sent.id for sent in hook.sent}) == 1
    assert len(await telling.said("delivered")) == 1


async def test_two_workers_end_a_message_once(telling: Telling, hook: Receiver) -> None:
    await telling.subscribe(hook)
    await telling.company.say(fault(), service="intake")
    await telling.pass_time(5 * MINUTE, told=False)
    monitor = telling.replica.monitor
    sender = WebhookSender(telling.client, telling.company.clock, private=True)
    courier = WebhookCourier(monitor, telling.company.vault, sender)
    item = Item("webhook", f"S-1/{CASE}", telling.company.clock.now(), await telling.log.end())

    await asyncio.gather(courier.bring(item), courier.bring(item))
    await telling.work()

    assert len({sent.id for sent in hook.sent}) == 1
    assert len(await telling.said("delivered")) == 1


async def test_rebuild_tells_nobody_again(telling: Telling, hook: Receiver) -> None:
    await telling.subscribe(hook)
    await telling.company.say(fault(), service="intake")
    await telling.pass_time(CONTACT_RUNG_TWICE)
    told = len(hook.sent)
    assert told == 2

    await rebuild(MonitorProjection(Shelf()), telling.company.engine, infra)
    await telling.work()

    assert len(hook.sent) == told
    assert (await telling.standing()).faring.waiting == 0


async def test_rebuild_forgets_nothing_that_still_waits(telling: Telling, hook: Receiver) -> None:
    """Not even what has become older than a new alert may be."""
    await telling.subscribe(hook, wanted=SubscriptionFilter(steps=("pm",)))
    hook.refused.add(CASE)
    await telling.company.say(fault(), service="intake")
    await telling.pass_time(CONTACT_RUNG_TWICE)
    await telling.pass_time(timedelta(hours=30), timedelta(hours=6))
    oldest = hook.sent[0].id

    await rebuild(MonitorProjection(Shelf()), telling.company.engine, infra)
    hook.sent.clear()
    hook.refused.clear()
    await telling.pass_time(timedelta(hours=12), timedelta(hours=6))

    assert oldest in {sent.id for sent in hook.sent}


async def test_imported_history_tells_nobody(telling: Telling, hook: Receiver) -> None:
    """Cases of last month: their steps are late by more than the limit."""
    await telling.subscribe(hook, wanted=SubscriptionFilter(steps=("engineer", "pm")))
    long_ago = telling.company.clock.now() - timedelta(days=30)
    await telling.company.say(fault(), service="intake", at=long_ago)
    await telling.work()

    assert len(await telling.company.alerts()) > 0
    assert hook.sent == []


async def test_nothing_in_log_or_tables_shows_a_secret(telling: Telling, hook: Receiver) -> None:
    await telling.subscribe(hook, secrets=(SECRET, OLDER_SECRET))
    async for batch in telling.log.read():
        for recorded in batch:
            for secret in (SECRET, OLDER_SECRET, f"{hook.url}/hook"):
                assert secret.removeprefix("whsec_").encode() not in bytes(recorded.event.data)


async def test_private_networks_are_refused_unless_allowed(
    telling: Telling, hook: Receiver
) -> None:
    await telling.subscribe(hook)
    await telling.company.say(fault(), service="intake")
    await telling.pass_time(5 * MINUTE, told=False)
    strict = couriers(telling.replica.monitor, telling.company.vault, telling.client, private=False)
    await strict.run_due()
    await telling.replica.work()

    assert hook.sent == []
    assert (await telling.standing()).faring.error == "the address lies in a private network"


async def test_message_is_not_lost_while_the_log_is_away(telling: Telling, hook: Receiver) -> None:
    await telling.subscribe(hook)
    await telling.company.say(fault(), service="intake")
    await telling.pass_time(5 * MINUTE, told=False)
    telling.log.connected = False
    await telling.telling.run_due()
    with pytest.raises(LogUnavailable):
        await telling.company.say(fault("OTHER"))

    telling.log.connected = True
    await telling.pass_time(timedelta(seconds=30), timedelta(seconds=10))

    assert len(await telling.said("delivered")) == 1
