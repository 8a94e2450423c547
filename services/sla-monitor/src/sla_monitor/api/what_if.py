"""The history against another contract over HTTP (RP-03)."""

from typing import Annotated, Any

import msgspec
from fastapi import Depends, Request
from pydantic import Field

from aftercare_http import Id, Line, Router, Text, lift_time_limit, requires, unprocessable

from ..domain.policy import Policy
from ..domain.policy_reader import InvalidPolicy, read_official_file, read_policy
from ..history import Query
from ..monitor import monitor_of
from ..shipped import official_days
from ..what_if import Question, difference
from .history import point
from .policies import PolicyFile

router = Router(prefix="/v1", tags=["history"])
READ = Depends(requires("history:read"))
Calendar = Annotated[Text, Field(max_length=100_000)]


class WhatIfQuestion(PolicyFile):
    """A contract as YAML, in the place of the published one of its name, or of the one in `as`.

    `calendar` is YAML with an `official` block as in a policy file: other official days. `from`
    and `until` are positions or RFC 3339 times, as for `/v1/events`.
    """

    calendar: Calendar | None = None
    replaced: Annotated[Id | None, Field(alias="as")] = None
    start: Annotated[Line | None, Field(alias="from")] = None
    until: Line | None = None
    after_case: Annotated[str, Field(max_length=64)] = ""
    limit: Annotated[int, Field(ge=1, le=1000)] = 100


@router.post("/what-if", dependencies=[READ])
async def what_if(request: Request, body: WhatIfQuestion) -> dict[str, Any]:
    """What another contract would have changed: breaches, alerts, penalties, and in which cases.

    Nothing is written. The changed cases come `limit` at a time, those after `after_case`.
    """
    policy = _policy(body)
    question = Question(
        policy=policy,
        replaced=body.replaced or policy.name,
        history=Query(start=point("from", body.start), until=point("until", body.until)),
        after_case=body.after_case,
        limit=body.limit,
    )
    lift_time_limit(request.scope)
    return msgspec.to_builtins(await difference(monitor_of(request), question))


def _policy(body: WhatIfQuestion) -> Policy:
    official = official_days()
    if body.calendar is not None:
        try:
            official = read_official_file(body.calendar, "calendar", official)
        except InvalidPolicy as error:
            raise unprocessable("calendar", "invalid-calendar", str(error)) from error
    try:
        return read_policy(body.text, body.file, official)
    except InvalidPolicy as error:
        raise unprocessable("text", "invalid-policy", str(error)) from error
