"""One signed POST to a receiver (Standard Webhooks)."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import httpx
from standardwebhooks.webhooks import Webhook

from aftercare_events.clock import Clock

from ..domain.notification import Failure
from .addresses import NotAllowed, resolve

TIMEOUT_SECONDS = 10.0
GONE = 410
CONTENT_TYPE = "application/cloudevents+json"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a subscription's messages go; `secrets` from the newest to the oldest."""

    url: str
    secrets: Sequence[str]


def new_client() -> httpx.AsyncClient:
    """Follows no redirect and uses no proxy: what was checked is where it goes."""
    return httpx.AsyncClient(follow_redirects=False, trust_env=False, timeout=TIMEOUT_SECONDS)


def signed(message_id: str, body: bytes, secrets: Sequence[str], at: datetime) -> Mapping[str, str]:
    """The three headers; one signature for each secret, so that a receiver may change its own."""
    text = body.decode()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(Webhook(one).sign(message_id, at, text) for one in secrets),
    }


class WebhookSender:
    def __init__(self, client: httpx.AsyncClient, clock: Clock, *, private: bool) -> None:
        self._client = client
        self._clock = clock
        self._private = private

    async def send(self, endpoint: Endpoint, message_id: str, body: bytes) -> Failure | None:
        """None when the receiver took it. The failure names neither the address nor a secret."""
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                return await self._post(endpoint, message_id, body)
        except (TimeoutError, httpx.TimeoutException):
            return Failure(f"no answer within {TIMEOUT_SECONDS:.0f} s")
        except NotAllowed as error:
            return Failure(str(error))
        except (httpx.HTTPError, OSError) as error:
            return Failure(f"no connection ({type(error).__name__})")

    async def _post(self, endpoint: Endpoint, message_id: str, body: bytes) -> Failure | None:
        url = httpx.URL(endpoint.url)
        address = await resolve(url, private=self._private)
        headers = {
            **signed(message_id, body, endpoint.secrets, self._clock.now()),
            "content-type": CONTENT_TYPE,
            "host": url.netloc.decode("ascii"),
        }
        async with self._client.stream(
            "POST",
            url.copy_with(host=address),
            content=body,
            headers=headers,
            extensions={"sni_hostname": url.raw_host.decode("ascii")},
        ) as answer:
            return judged(answer.status_code)


def judged(status: int) -> Failure | None:
    """2xx is taken, 410 means never again; everything else is tried again."""
    if httpx.codes.is_success(status):
        return None
    return Failure(f"answered {status}", final=status == GONE)
