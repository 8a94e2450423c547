"""The report form as a customer's browser fetches, fills in and sends it."""

import re
from datetime import timedelta
from typing import Any

from support.intake_desk import Desk

FILLED: dict[str, str] = {
    "kind": "fault",
    "summary": "the lamps are dark",
    "description": "since last night",
    "device_serial": "IT-SRV-01",
    "use_affected": "yes",
    "name": "李静",
    "company": "Library",
    "phone": "138 5550 0119",
    "email": "",
    "website": "",
}


async def token_of(desk: Desk, path: str = "/report") -> str:
    """What an empty form carries, once there was time to fill it in."""
    desk.http.headers.pop("Authorization", None)
    token = token_in((await desk.http.get(path)).text)
    await desk.clock.advance(timedelta(seconds=2))
    return token


async def send(
    desk: Desk, token: str | None = None, files: Any = None, path: str = "/report", **changes: str
) -> Any:
    token = await token_of(desk, path) if token is None else token
    return await desk.http.post(path, data=FILLED | {"token": token} | changes, files=files)


def token_in(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def case_id_in(page: str) -> str:
    found = re.search(r'id="case-id">([0-9A-Z]{4}-[0-9A-Z]{4})<', page)
    assert found is not None
    return found[1]
