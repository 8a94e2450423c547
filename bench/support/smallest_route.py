"""The smallest FastAPI route that validates a request and publishes it once (P1's other side).

Run as `python -m support.smallest_route PORT NATS_URL`.
"""

import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated

import nats
import uvicorn
from fastapi import FastAPI, Request
from nats.js.api import StreamConfig
from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

from aftercare_events.catalogue.case import Channel, Kind

STREAM = "PLAIN"
Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\r\n\x00]+$")]
Id = Annotated[str, StringConstraints(pattern="^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
Strict = ConfigDict(extra="forbid")


class Contact(BaseModel):
    model_config = Strict

    name: Line | None = None
    phone: Line | None = None
    email: Line | None = None


class Report(BaseModel):
    """What `POST /v1/requests` of intake takes, under the same limits."""

    model_config = Strict

    channel: Channel
    kind: Kind
    customer_id: Id
    summary: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    contact: Contact
    site_id: Id | None = None
    device_serial: Line | None = None
    contract_id: Id | None = None
    severity: Annotated[str, StringConstraints(min_length=1, max_length=64)] | int | None = None
    category: Line | None = None
    description: Annotated[str, StringConstraints(max_length=10_000)] | None = None
    reported_at: AwareDatetime | None = None
    use_affected: bool | None = None
    actor: Id | None = None


def build(nats_url: str) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        connection = await nats.connect(nats_url)
        app.state.stream = connection.jetstream()
        await app.state.stream.add_stream(StreamConfig(name=STREAM, subjects=["plain.>"]))
        yield
        await connection.close()

    app = FastAPI(lifespan=lifespan)

    @app.post("/v1/requests", status_code=202)
    async def accept(report: Report, request: Request) -> dict[str, int]:
        ack = await request.app.state.stream.publish(
            "plain.requests", report.model_dump_json().encode()
        )
        return {"position": ack.seq}

    return app


def main() -> None:
    port, nats_url = sys.argv[1:]
    uvicorn.run(build(nats_url), port=int(port), log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
