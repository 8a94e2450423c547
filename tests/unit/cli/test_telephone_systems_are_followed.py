"""IN-03: the bridge follows a telephone system for ever and loses nothing that it was told."""

import argparse
import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
import websockets

from aftercare_cli.bridge import command
from aftercare_cli.bridge.cdr_file import CdrFile
from aftercare_cli.bridge.command import follow, hand_over
from aftercare_cli.bridge.moments import Numbering
from aftercare_cli.bridge.sources import Manager, Rest
from aftercare_cli.bridge.spool import Spool
from support.running import running

SAMPLES = Path(__file__).parents[3] / "samples"
CAPTURE = (SAMPLES / "25-asterisk-ami.txt").read_bytes().replace(b"\r\n", b"\n")
EVENTS = CAPTURE.partition(b"\n\n")[2].replace(b"\n", b"\r\n")
ARI = (SAMPLES / "26-asterisk-ari.ndjson").read_text("utf-8").splitlines()
CDR = (SAMPLES / "24-asterisk-cdr.csv").read_text("utf-8").splitlines(keepends=True)
NUMBERING = Numbering()
RECORD = {"call_id": "1", "caller": "13855500119"}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "FIRST_RETRY_SECONDS", 0.01)
    monkeypatch.setattr(command, "LONGEST_RETRY_SECONDS", 0.01)


def waiting(folder: Path) -> list[Path]:
    return list(folder.rglob("*.json"))


class Intake:
    """Takes what it is handed, unless told to answer otherwise."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.calls: list[dict[str, Any]] = []
        self.client = httpx.AsyncClient(
            base_url="http://intake", transport=httpx.MockTransport(self._take)
        )

    def _take(self, request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/v1/calls"
        if self.answers:
            answer = self.answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer
        self.calls.append(json.loads(request.content))
        return httpx.Response(202, json={})


@asynccontextmanager
async def manager(*, times: int, secret: str = "s3cret") -> AsyncGenerator[int]:
    """An AMI that drops the connection after each telling but the last."""
    left = times

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal left
        writer.write(b"Asterisk Call Manager/9.0.0\r\n")
        login = await reader.readuntil(b"\r\n\r\n")
        if f"Secret: {secret}\r\n".encode() not in login:
            writer.write(
                b"Response: Error\r\nActionID: login\r\nMessage: Authentication failed\r\n\r\n"
            )
        else:
            left -= 1
            writer.write(b"Response: Success\r\nActionID: login\r\nMessage: accepted\r\n\r\n")
            # In pieces that end in the middle of lines, as networks deliver them.
            for start in range(0, len(EVENTS), 1000):
                writer.write(EVENTS[start : start + 1000])
                await writer.drain()
            if left == 0:
                await reader.read()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


async def kept(wanted: int, source: Any) -> list[dict[str, Any]]:
    """The first records that are kept of a source."""
    records: list[dict[str, Any]] = []
    enough = asyncio.Event()

    def keep(record: dict[str, Any]) -> None:
        records.append(record)
        if len(records) >= wanted:
            enough.set()

    async with running(follow(source, keep)), asyncio.timeout(10):
        await enough.wait()
    return records


async def test_ami_is_followed_across_lost_connections() -> None:
    async with manager(times=2) as port:
        source = Manager("127.0.0.1", port, "aftercare", "s3cret", NUMBERING)
        records = await kept(6, source)
    assert sorted({record["call_id"] for record in records}) == [
        "1791775800.1230",
        "1791775830.1240",
        "1791776100.1250",
    ]


async def test_ami_that_refuses_the_login_is_asked_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with manager(times=1) as port:
        source = Manager("127.0.0.1", port, "aftercare", "wrong", NUMBERING)
        async with running(follow(source, lambda _: None)), asyncio.timeout(10):
            while capsys.readouterr().err.count("Authentication failed") < 1:
                await asyncio.sleep(0.01)


async def test_ari_is_followed_across_lost_connections() -> None:
    left = 2

    async def serve(socket: websockets.ServerConnection) -> None:
        nonlocal left
        assert socket.request is not None
        assert socket.request.path == "/ari/events?app=aftercare&subscribeAll=true"
        assert socket.request.headers["Authorization"] == "Basic YTpi"
        left -= 1
        for line in ARI:
            await socket.send(line)
        if left == 0:
            await socket.wait_closed()

    async with websockets.serve(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        source = Rest(f"ws://127.0.0.1:{port}/ari/events", "aftercare", "a", "b", NUMBERING)
        records = await kept(6, source)
    assert [record["outcome"] for record in records] == [
        "abandoned",
        "answered",
        "transferred",
    ] * 2


async def test_record_stays_on_disk_until_intake_has_it(tmp_path: Path) -> None:
    """Across a restart of the bridge, and whatever intake answers meanwhile."""
    Spool(tmp_path, print).keep(RECORD)
    intake = Intake(httpx.ConnectError("away"), httpx.Response(503), httpx.Response(401))
    spool = Spool(tmp_path, print)
    async with running(hand_over(spool, intake.client)), asyncio.timeout(10):
        while waiting(tmp_path):
            await asyncio.sleep(0.01)
    assert intake.calls == [RECORD]


async def test_record_that_is_refused_stands_in_nobodys_way(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spool = Spool(tmp_path, command.say)
    spool.keep(RECORD)
    intake = Intake(httpx.Response(422, json={"type": "/problems/call-times-contradict"}))
    assert await spool.post(intake.client)
    spool.keep(RECORD | {"call_id": "2"})
    assert await spool.post(intake.client)
    assert [call["call_id"] for call in intake.calls] == ["2"]
    assert len(waiting(tmp_path / "refused")) == 1
    said = capsys.readouterr().err
    assert "call-times-contradict" in said
    assert "5550" not in said


async def test_call_that_came_live_before_is_no_trouble_in_the_cdr(tmp_path: Path) -> None:
    spool = Spool(tmp_path, print)
    spool.keep(RECORD)
    intake = Intake(httpx.Response(422, json={"type": "/problems/call-id-reused"}))
    assert await spool.post(intake.client)
    assert waiting(tmp_path) == []


async def test_how_far_a_file_was_read_is_never_posted(tmp_path: Path) -> None:
    """What a bridge remembers is in the folder of its records, and outlives their posting."""
    file, folder = tmp_path / "Master.csv", tmp_path / "spool"
    file.write_text("".join(CDR[:2]))
    parser = argparse.ArgumentParser()
    command.add_parsers(parser.add_subparsers())
    arguments = ("bridge", "asterisk-cdr", str(file), "--spool", str(folder), "--settle", "0")
    options = parser.parse_args(arguments)
    spool, intake = Spool(folder, print), Intake()
    bridge = command.cdr_file(options, spool)
    for record in bridge.poll():
        spool.keep(record)
    bridge.remember()
    assert await spool.post(intake.client)
    assert [call["call_id"].rpartition(".")[2] for call in intake.calls] == ["1201"]
    assert waiting(folder) == []
    assert list(command.cdr_file(options, spool).poll()) == []


class Growing:
    """A `Master.csv` under way, a clock moved by hand, and bridges that come and go."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "Master.csv"
        self.now = 0.0
        self._folder = folder
        self.bridge = self.started()

    def started(self) -> CdrFile:
        self.bridge = CdrFile(
            self.file,
            self._folder / "read-so-far",
            ZoneInfo("Asia/Shanghai"),
            NUMBERING,
            30.0,
            command.say,
            now=lambda: self.now,
        )
        return self.bridge

    def write(self, *lines: str) -> None:
        with self.file.open("a") as file:
            file.writelines(lines)

    def told(self, after: float = 0.0) -> list[str]:
        self.now += after
        records = list(self.bridge.poll())
        self.bridge.remember()
        return [record["call_id"].rpartition(".")[2] for record in records]


@pytest.fixture
def growing(tmp_path: Path) -> Growing:
    return Growing(tmp_path)


def test_call_is_told_once_when_its_last_leg_is_there(growing: Growing) -> None:
    growing.write(CDR[0])
    assert growing.told() == []
    growing.write(CDR[1], CDR[2][:50])
    assert growing.told(after=20) == []
    growing.write(CDR[2][50:])
    assert growing.told(after=20) == []
    assert growing.told(after=10) == ["1201"]
    assert growing.told(after=30) == ["1207"]
    assert growing.told(after=99) == []


def test_restart_goes_on_where_it_was_left(growing: Growing) -> None:
    growing.write(*CDR[:3])
    assert growing.told() == []
    growing.write(CDR[4])
    growing.told(after=20)
    assert growing.told(after=15) == ["1201", "1207"]
    growing.started()
    assert growing.told() == []
    growing.write(CDR[5])
    growing.told()
    assert growing.told(after=30) == ["1215"]
    growing.started()
    assert growing.told(after=99) == []


def test_crash_before_it_is_remembered_tells_it_again(growing: Growing) -> None:
    growing.write(*CDR[:2])
    growing.told()
    growing.now += 30
    assert len(list(growing.bridge.poll())) == 1
    growing.started()
    growing.told()
    assert growing.told(after=30) == ["1201"]


def test_rotated_file_is_read_to_its_end(growing: Growing) -> None:
    growing.write(CDR[0])
    assert growing.told() == []
    growing.write(CDR[1])
    growing.file.rename(growing.file.with_suffix(".1"))
    growing.write(CDR[2])
    assert growing.told() == ["1201"]
    assert growing.told(after=30) == ["1207"]


def test_line_that_is_none_is_said_and_passed_over(
    growing: Growing, capsys: pytest.CaptureFixture[str]
) -> None:
    growing.write("13855500119,nonsense\n", *CDR[:2])
    growing.told()
    assert growing.told(after=30) == ["1201"]
    said = capsys.readouterr().err
    assert "byte 0: 2 columns" in said
    assert "5550" not in said


def test_file_that_is_not_there_yet_is_waited_for(growing: Growing) -> None:
    with pytest.raises(FileNotFoundError):
        growing.told()
    growing.write(*CDR[:2])
    growing.told()
    assert growing.told(after=30) == ["1201"]
