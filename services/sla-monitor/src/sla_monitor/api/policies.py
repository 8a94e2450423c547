"""Contracts over HTTP: which are in force, and whether a file would be one."""

from typing import Annotated, Any

from fastapi import Depends, Request
from pydantic import BaseModel, Field
from sqlalchemy import select

from aftercare_http import Body, Id, MinPosition, Router, Text, not_found, requires

from ..domain.policy_reader import InvalidPolicy, read_policy
from ..monitor import monitor_of
from ..shipped import official_days
from ..tables import policies

router = Router(prefix="/v1", tags=["policies"])
READ = Depends(requires("sla:read"))


class PolicyVersion(BaseModel):
    name: str
    version: int
    policy: dict[str, Any]


class PolicyFile(Body):
    """The YAML of one policy file; `file` is how findings name it."""

    text: Annotated[Text, Field(max_length=200_000)]
    file: Annotated[Text, Field(max_length=200)] = "policy.yaml"


class Verdict(BaseModel):
    """`findings` are sentences with file and line; a valid policy may have none."""

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
async def show_policy(request: Request, name: Id, version: int) -> PolicyVersion:
    wanted = (policies.c.name == name, policies.c.version == version)
    async with monitor_of(request).engine.connect() as connection:
        document = await connection.scalar(select(policies.c.document).where(*wanted))
    if document is None:
        raise not_found("policy", f"{name} {version}")
    return PolicyVersion(name=name, version=version, policy=document)


@router.post("/policies/check", dependencies=[READ])
async def check(body: PolicyFile) -> Verdict:
    """Whether a policy file is one, and what is wrong with it; nothing is published."""
    try:
        read_policy(body.text, body.file, official_days())
    except InvalidPolicy as invalid:
        return Verdict(valid=False, findings=[str(finding) for finding in invalid.findings])
    return Verdict(valid=True, findings=[])
