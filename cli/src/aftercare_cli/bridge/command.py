"""`aftercare bridge`: follows a telephone system and hands its calls to intake, for ever."""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from .. import addresses, data_directory, http_client
from ..subparsers import Subparsers
from .cdr_file import CdrFile
from .moments import Numbering
from .sources import Manager, Refused, Rest, Source
from .spool import Spool

FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS = 0.5, 30.0
POLL_SECONDS = 1.0
PBX_KEY = "AFTERCARE_PBX_SECRET"

Keep = Callable[[dict[str, Any]], None]


def add_parsers(subparsers: Subparsers) -> None:
    command = subparsers.add_parser(
        "bridge", help="follow a telephone system and hand its calls to intake"
    )
    kinds = command.add_subparsers(title="telephone systems", metavar="SYSTEM", required=True)
    cdr = kinds.add_parser("asterisk-cdr", help="Master.csv as it grows")
    cdr.add_argument("file", type=Path, metavar="Master.csv")
    cdr.add_argument("--time-zone", type=ZoneInfo, default=ZoneInfo("Asia/Shanghai"))
    cdr.add_argument(
        "--settle", type=float, default=30.0, metavar="SECONDS", help="wait for more legs this long"
    )
    cdr.set_defaults(run=run_cdr)
    ami = kinds.add_parser("asterisk-ami", help=f"live, over AMI; the secret is in {PBX_KEY}")
    ami.add_argument("--host", default="127.0.0.1")
    ami.add_argument("--port", type=int, default=5038)
    ami.add_argument("--user", default="aftercare")
    ami.set_defaults(run=run_live, source=_manager)
    ari = kinds.add_parser("asterisk-ari", help=f"live, over ARI; the secret is in {PBX_KEY}")
    ari.add_argument("--ari-url", default="ws://127.0.0.1:8088/ari/events")
    ari.add_argument("--application", default="aftercare")
    ari.add_argument("--user", default="aftercare")
    ari.set_defaults(run=run_live, source=_rest)
    for parser in (cdr, ami, ari):
        _add_common(parser)


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--url", help="base URL of intake (default: that of the running system)")
    parser.add_argument("--data", type=Path, default=data_directory.DEFAULT)
    parser.add_argument(
        "--spool",
        type=Path,
        default=Path(".aftercare-bridge"),
        help="folder for what intake does not have yet, and how far a file was read (%(default)s)",
    )
    parser.add_argument(
        "--internal-digits",
        type=int,
        default=5,
        help="numbers of up to so many digits are extensions (%(default)s)",
    )


def run_live(options: argparse.Namespace) -> int:
    source: Source = options.source(options, Numbering(options.internal_digits))
    return _run(options, lambda spool: follow(source, spool.keep))


def run_cdr(options: argparse.Namespace) -> int:
    return _run(options, lambda spool: _poll(cdr_file(options, spool), spool.keep))


def cdr_file(options: argparse.Namespace, spool: Spool) -> CdrFile:
    return CdrFile(
        options.file,
        spool.place,
        options.time_zone,
        Numbering(options.internal_digits),
        options.settle,
        say,
    )


def _manager(options: argparse.Namespace, numbering: Numbering) -> Source:
    return Manager(options.host, options.port, options.user, _secret(), numbering)


def _rest(options: argparse.Namespace, numbering: Numbering) -> Source:
    return Rest(options.ari_url, options.application, options.user, _secret(), numbering)


def _secret() -> str:
    return os.environ.get(PBX_KEY, "")


def _run(options: argparse.Namespace, following: Callable[[Spool], Any]) -> int:
    url = options.url or addresses.find(options.data).services["intake"]
    spool = Spool(options.spool, say)

    async def work() -> None:
        loop, me = asyncio.get_running_loop(), asyncio.current_task()
        assert me is not None
        for each in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(each, me.cancel)
        async with (
            http_client.connect_async(url, timeout=30.0) as client,
            asyncio.TaskGroup() as tasks,
        ):
            tasks.create_task(following(spool))
            tasks.create_task(hand_over(spool, client))

    with suppress(asyncio.CancelledError):
        asyncio.run(work())
    return 0


async def hand_over(spool: Spool, client: httpx.AsyncClient) -> None:
    """Post what is kept, for ever."""
    wait = FIRST_RETRY_SECONDS
    while True:
        wait = FIRST_RETRY_SECONDS if await spool.post(client) else _longer(wait)
        await asyncio.sleep(wait)


async def follow(source: Source, keep: Keep) -> None:
    """Keep what a connection tells; when it ends, make it again."""
    wait = FIRST_RETRY_SECONDS
    while True:
        try:
            async for record in source.records():
                keep(record)
                wait = FIRST_RETRY_SECONDS
        except (OSError, Refused) as error:
            say(f"no telephone system ({error or type(error).__name__}), trying again")
        await asyncio.sleep(wait)
        wait = _longer(wait)


async def _poll(file: CdrFile, keep: Keep) -> None:
    while True:
        try:
            for record in file.poll():
                keep(record)
            file.remember()
        except OSError as error:
            say(f"no file ({error.strerror}), trying again")
        await asyncio.sleep(POLL_SECONDS)


def _longer(wait: float) -> float:
    return min(2 * wait, LONGEST_RETRY_SECONDS)


def say(sentence: str) -> None:
    print(f"aftercare: {sentence}", file=sys.stderr, flush=True)
