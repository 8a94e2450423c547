"""The shipped contracts enter the log once per version; all services read them there."""

from collections.abc import Iterable

import msgspec
import structlog

from aftercare_events.catalogue import decode, record
from aftercare_events.catalogue.sla import PolicyPublished
from aftercare_events.clock import Clock
from aftercare_events.log import Conflict, Expect, Log

from .domain.policy import Policy, to_json

logger = structlog.get_logger()


async def publish(log: Log, clock: Clock, policies: Iterable[Policy]) -> None:
    """Append each policy whose version is newer than the last one in the log.

    Raises LogUnavailable.
    """
    for policy in policies:
        await _publish(log, clock, policy)


async def _publish(log: Log, clock: Clock, policy: Policy) -> None:
    subject = f"ac.sla.policy.{policy.name}"
    last = await log.last(subject)
    if last is not None and _version(decode(last.event)) >= policy.version:
        return
    event = record(
        PolicyPublished(name=policy.name, version=policy.version, policy=to_json(policy)),
        service="sla",
        time=clock.now(),
        actor="sla-monitor",
    )
    try:
        position = await log.append([event], [Expect(subject, last.position if last else 0)])
    except Conflict:
        # Another replica started at the same moment and ships the same file.
        return
    logger.info("policy published", policy=policy.name, version=policy.version, position=position)


def _version(published: msgspec.Struct) -> int:
    assert isinstance(published, PolicyPublished)
    return published.version
