"""R1: a socket that was closed before the client knew of it is a lost connection, not a defect."""

import asyncio

import pytest
from nats.aio.client import Client
from nats.errors import ConnectionClosedError

from aftercare_events.jetstream.client import LeanClient


class ClosedSocket:
    """As uvloop has it."""

    def write(self, _: object) -> None:
        raise RuntimeError("unable to perform operation on <TCPTransport>; the handler is closed")

    writelines = write


@pytest.fixture
async def client() -> LeanClient:
    """One that thinks it is connected."""
    made = LeanClient(lambda: None)
    made._status, made._transport = Client.CONNECTED, ClosedSocket()
    made._flush_queue = asyncio.Queue()
    return made


async def test_direct_write_finds_no_connection(client: LeanClient) -> None:
    assert client.write(b"PING\r\n") is False


async def test_request_hears_that_the_connection_is_closed(client: LeanClient) -> None:
    with pytest.raises(ConnectionClosedError):
        await client.publish("a.subject", b"hello")
