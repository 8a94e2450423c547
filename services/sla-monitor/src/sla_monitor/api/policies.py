"""Contracts over HTTP: which are in force, what a file says, and a new version of one."""

import asyncio
from typing import Annotated, Any

import msgspec
from fastapi import Depends, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import select

from aftercare_events.catalogue import InvalidEvent
from aftercare_http import (
    Body,
    Id,
    MinPosition,
    Principal,
    Router,
    Text,
    not_found,
    requires,
    set_position,
    unprocessable,
)

from ..domain.policy import Policy
from ..domain.policy_check import check_policy
from ..domain.policy_reader import InvalidPolicy, read_policy
from ..domain.yaml_nodes import Finding
from ..explain_report import explain_report
from ..monitor import monitor_of
from ..publishing import publish
from ..shipped import official_days
from ..tables import policies

router = Router(prefix="/v1", tags=["policies"])
READ = Depends(requires("sla:read"))
Publisher = Annotated[Principal, Depends(requires("admin"))]


class PolicyVersion(BaseModel):
    name: str
    version: int
    policy: dict[str, Any]


class PolicyFile(Body):
    """The YAML of one policy file; `file` is how findings name it."""

    text: Annotated[Text, Field(max_length=100_000)]
    file: Annotated[Text, Field(max_length=200)] = "policy.yaml"


class ReportUnderPolicy(PolicyFile):
    """A report is the event, or its data with the instant as `time` (default: now)."""

    report: dict[str, Any]


class Published(BaseModel):
    name: str
    version: int
    position: int


class Verdict(BaseModel):
    """`findings` are sentences with file and line; warnings leave a policy valid."""

    valid: bool
    findings: list[str]


@router.get("/policies", dependencies=[READ, MinPosition])
async def list_policies(request: Request) -> list[PolicyVersion]:
    """Every version of every published contract."""
    query = select(policies).order_by(policies.c.name, policies.c.version)
    async with monitor_of(request).engine.connect() as connection:
        rows = await connection.execute(query)
        return [PolicyVersion(name=n, version=v, policy=document) for n, v, document in rows]


@router.get("/policies/{name}/{version}", dependencies=[READ, MinPosition])
async def show_policy(
    request: Request, name: Id, version: Annotated[int, Field(ge=1, le=2**31 - 1)]
) -> PolicyVersion:
    wanted = (policies.c.name == name, policies.c.version == version)
    async with monitor_of(request).engine.connect() as connection:
        document = await connection.scalar(select(policies.c.document).where(*wanted))
    if document is None:
        raise not_found("policy", f"{name} {version}")
    return PolicyVersion(name=name, version=version, policy=document)


@router.post("/policies", status_code=201)
async def publish_policy(
    request: Request, response: Response, body: PolicyFile, who: Publisher
) -> Published:
    """Publish a new contract, or a newer version of one; open cases keep theirs (SL-01)."""
    monitor, policy = monitor_of(request), _read(body)
    wrong = [finding for finding in await _findings(body) if finding.severity == "error"]
    if wrong:
        raise unprocessable("text", "invalid-policy", "\n".join(map(str, wrong)))
    position = await publish(monitor.log, policy, actor=who.name, at=monitor.clock.now())
    set_position(response, position)
    return Published(name=policy.name, version=policy.version, position=position)


@router.post("/policies/check", dependencies=[READ])
async def check(body: PolicyFile) -> Verdict:
    """What is wrong with a policy file, or odd about it; nothing is published (SL-12)."""
    found = await _findings(body)
    return Verdict(
        valid=all(finding.severity != "error" for finding in found),
        findings=[str(finding) for finding in found],
    )


@router.post("/policies/explain", dependencies=[READ])
async def explain(request: Request, body: ReportUnderPolicy) -> dict[str, Any]:
    """Each due time that a report would have under a policy file, with its reasons (SL-11)."""
    policy, now = _read(body), monitor_of(request).clock.now()
    try:
        return msgspec.to_builtins(explain_report(policy, msgspec.json.encode(body.report), now))
    except InvalidEvent as error:
        raise unprocessable("report", "not-a-report", str(error)) from error


async def _findings(body: PolicyFile) -> list[Finding]:
    # Every combination of conditions is tried: too long for the event loop.
    return await asyncio.to_thread(check_policy, body.text, body.file, official_days())


def _read(body: PolicyFile) -> Policy:
    try:
        return read_policy(body.text, body.file, official_days())
    except InvalidPolicy as error:
        raise unprocessable("text", "invalid-policy", str(error)) from error
