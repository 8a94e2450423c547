"""A client that does what `503` and its `Retry-After` ask for: the same request again."""

import asyncio
from typing import Any

import httpx

PATIENCE_SECONDS = 60


async def posted(client: httpx.AsyncClient, path: str, **request: Any) -> httpx.Response:
    """The first answer that is not 503, which a loaded machine may give to a hundred at once."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (answer := await client.post(path, **request)).status_code == 503:
            await asyncio.sleep(float(answer.headers["Retry-After"]))
    return answer
