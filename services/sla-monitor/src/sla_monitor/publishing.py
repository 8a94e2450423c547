"""The shipped contracts enter the log once per version; all services read them there."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

import structlog

from aftercare_events.catalogue import decode, record
from aftercare_events.catalogue.sla import PolicyPublished
from aftercare_events.clock import Clock
from aftercare_events.envelope import Recorded
from aftercare_events.log import Conflict, Expect, Log

from .domain.policy import Policy, to_json

logger = structlog.get_logger()


async def publish_shipped(log: Log, clock: Clock, policies: Iterable[Policy]) -> None:
    """Append each policy whose version is newer than the last one in the log.

    Raises LogUnavailable.
    """
    for policy in policies:
        # Replicas that start at the same moment ship the same files.
        with suppress(NotNewer, Conflict):
            await publish(log, policy, actor="sla-monitor", at=clock.now())


class NotNewer(Exception):
    """The log holds that version of the contract, or a later one."""


async def publish(log: Log, policy: Policy, *, actor: str, at: datetime) -> int:
    """Append a version that cases reported from now on will keep; its position (SL-01).

    Raises NotNewer, Conflict (somebody published at the same moment), LogUnavailable.
    """
    subject = f"ac.sla.policy.{policy.name}"
    last = await log.last(subject)
    if last is not None and _version(last) >= policy.version:
        raise NotNewer(f"version {_version(last)} of {policy.name} is published already")
    published = PolicyPublished(name=policy.name, version=policy.version, policy=to_json(policy))
    event = record(published, service="sla", time=at, actor=actor)
    position = await log.append([event], [Expect(subject, last.position if last else 0)])
    logger.info("policy published", policy=policy.name, version=policy.version, position=position)
    return position


def _version(last: Recorded) -> int:
    published: PolicyPublished = decode(last.event)
    return published.version
