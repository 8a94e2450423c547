"""The connection's parser, fed the same bytes cut at every place."""

import pytest

from aftercare_events.jetstream.client import LeanClient

ACK = b'MSG _INBOX.a.1 1 12\r\n{"seq":"\r\n"}\r\n'
EVENT = b"HMSG ac.intake.case.A 1 $JS.ACK.S.C.1.7.1.0.0 12 17\r\nNATS/1.0\r\n\r\nhello\r\n"
STATUS = b"HMSG _INBOX.b 1 16 16\r\nNATS/1.0 100\r\n\r\n\r\n"
PING = b"PING\r\n"
OTHERS = b"MSG elsewhere 2 5\r\nworld\r\n"
UNKNOWN = b"MSG nobody 9 2\r\nxx\r\n"
STREAM = ACK + EVENT + PING + EVENT + OTHERS + STATUS + UNKNOWN + ACK + PING

Heard = list[tuple[bytes, ...]]
EXPECTED: Heard = [
    (b"_INBOX.a.1", b"", b"", b'{"seq":"\r\n"}'),
    (b"ac.intake.case.A", b"$JS.ACK.S.C.1.7.1.0.0", b"NATS/1.0\r\n\r\n", b"hello"),
    (b"ac.intake.case.A", b"$JS.ACK.S.C.1.7.1.0.0", b"NATS/1.0\r\n\r\n", b"hello"),
    (b"_INBOX.b", b"", b"NATS/1.0 100\r\n\r\n", b""),
    (b"_INBOX.a.1", b"", b"", b'{"seq":"\r\n"}'),
]


class Client(LeanClient):
    """Counts what is left to nats-py instead of answering it."""

    def __init__(self) -> None:
        super().__init__(lambda: None)
        self.pings = 0
        self.others: list[bytes] = []

    async def _process_ping(self) -> None:
        self.pings += 1

    async def _process_msg(
        self, sid: int, subject: bytes, reply: bytes, data: bytes, headers: bytes
    ) -> None:
        if sid in self.listeners:
            await super()._process_msg(sid, subject, reply, data, headers)
        else:
            self.others.append(subject)


async def parsed(pieces: list[bytes]) -> tuple[Heard, Client]:
    client, heard = Client(), Heard()
    client.listeners[1] = lambda *message: heard.append(message)
    for piece in pieces:
        await client._ps.parse(piece)
    return heard, client


@pytest.mark.parametrize("cut", range(len(STREAM) + 1))
async def test_a_cut_anywhere_changes_nothing(cut: int) -> None:
    heard, client = await parsed([STREAM[:cut], STREAM[cut:]])
    assert heard == EXPECTED
    assert client.pings == 2
    assert client.others == [b"elsewhere", b"nobody"]


async def test_single_bytes_are_enough() -> None:
    heard, client = await parsed([STREAM[i : i + 1] for i in range(len(STREAM))])
    assert heard == EXPECTED
    assert client.pings == 2
