"""Cases as they are shown, and what may be said about them."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field, model_validator

from aftercare_events.catalogue.case import Channel, Group, Kind
from aftercare_http import Body, Id, Line, OccurredAt, Text

from .calls import CallView


class Changed(BaseModel):
    """The case as commanded is in the log at `position`."""

    case_id: str
    position: int


class Classification(Body):
    """What is left out stays as it is."""

    reason: Line
    severity: (
        Annotated[str, Field(min_length=1, max_length=64)]
        | Annotated[int, Field(ge=0, le=99)]
        | None
    ) = None
    category: Line | None = None
    kind: Kind | None = None
    use_affected: bool | None = None
    actor: Id | None = None
    occurred_at: OccurredAt = None

    @model_validator(mode="after")
    def _says_something(self) -> "Classification":
        said = (self.severity, self.category, self.kind, self.use_affected)
        if all(one is None for one in said):
            raise ValueError("one of severity, category, kind and use_affected must be there")
        return self


class MessageBody(Body):
    """A follow-up: `name`, `phone` and `email` say whose words they are."""

    channel: Channel
    text: Annotated[Text, Field(min_length=1)]
    name: Line | None = None
    phone: Line | None = None
    email: Line | None = None
    actor: Id | None = None
    occurred_at: OccurredAt = None


class WithdrawBody(Body):
    reason: Line | None = None
    actor: Id | None = None
    occurred_at: OccurredAt = None


class MergeBody(Body):
    """`into` is the case in which this one goes on."""

    into: Id
    actor: Id | None = None
    occurred_at: OccurredAt = None


class Message(BaseModel):
    added_at: datetime
    channel: str
    actor: str | None
    said: dict[str, Any]
    split_into: str | None = None


class Merged(BaseModel):
    """What goes on as another case, as it was told; its files are fetched under its own number."""

    case_id: str
    reported_at: datetime
    channel: str
    summary: str
    contact: dict[str, Any]
    messages: list[Message]
    attachments: list[int]
    mails: list[int]


class Promised(BaseModel):
    """A due time that the contract promises, as it was said last; `provisional` while official days
    may still move it."""

    clock: str
    due_at: datetime
    provisional: bool = False


class Case(BaseModel):
    """`contact` and the messages are empty once the person was erased; `known_as` in it is what the
    archive calls who gave no name.

    `attachments` are the numbers under which they can be fetched, `mails` those of them that are
    mails as they came; `position` is that of the last event of the case. `held_for` says why
    somebody has to verify who asked (IN-08); `entitlement` is that of the day of the report, with
    the cause `excluded` since (IN-10). `group` handles it as it is classified now (IN-04). `calls`
    opened it or were about it, the oldest first.
    """

    case_id: str
    position: int
    reported_at: datetime
    kind: str
    severity: str | None
    category: str | None
    group: Group | None
    ended: str | None
    merged_into: str | None
    customer_id: str
    held_for: str | None
    excluded: str | None
    entitlement: dict[str, Any] | None
    report: dict[str, Any]
    contact: dict[str, Any]
    promised: list[Promised]
    messages: list[Message]
    attachments: list[int]
    mails: list[int]
    calls: list[CallView]
    merged_from: list[Merged]
