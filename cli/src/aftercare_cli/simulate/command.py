"""`aftercare simulate`: plan a day, live it, show how it goes, and prove what came of it."""

import argparse
import asyncio
import json
import sys
from collections.abc import Generator
from contextlib import contextmanager
from math import inf
from pathlib import Path
from random import SystemRandom
from time import time
from typing import IO

import httpx

from .. import addresses, data_directory, http_client
from ..addresses import Addresses
from ..subparsers import Subparsers
from .books import Books
from .company import Company, NoCompany, read
from .day import live_through
from .history import History
from .plan import Plan, make_plan
from .progress import Progress
from .proof import Proof
from .scene import Scene
from .summary import Summary, summary, text
from .wire import Wire, connect

CASES, RATE, SPEED = 50, 60.0, 600.0
LOST, INTERRUPTED = 1, 130


def add_parsers(subparsers: Subparsers) -> None:
    command = subparsers.add_parser(
        "simulate", help="a believable day of requests, repairs and callbacks, over HTTP"
    )
    command.add_argument("--cases", type=_count, default=CASES, metavar="N", help="%(default)s")
    command.add_argument(
        "--rate", type=_positive, default=RATE, metavar="R", help="requests an hour (%(default)s)"
    )
    command.add_argument(
        "--speed",
        type=_positive,
        default=SPEED,
        metavar="X",
        help="so many seconds of the day pass in one of ours (%(default)s)",
    )
    command.add_argument(
        "--seed", type=int, metavar="S", help="the same seed plans the same day (default: chance)"
    )
    command.add_argument("--ledger", type=Path, help="append every acknowledgement to this file")
    command.add_argument(
        "--data", type=Path, default=data_directory.DEFAULT, help=argparse.SUPPRESS
    )
    command.add_argument("--json", action="store_true", help="the summary as one JSON object")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """0 when everything acknowledged is in the log once and something became of each case.

    1 when not, or when nobody answers.
    """
    known = addresses.find(options.data)
    try:
        told = _simulate(options, known)
    except KeyboardInterrupt:
        return INTERRUPTED
    except httpx.ConnectError:
        intake = known.services["intake"]
        return _fail(f"no system answers at {intake}; start one: aftercare up")
    except (NoCompany, httpx.HTTPError, OSError) as error:
        return _fail(str(error) or type(error).__name__)
    print(json.dumps(told, ensure_ascii=False) if options.json else text(told))
    return LOST if told["lost"] or told["defects"] else 0


def _fail(sentence: str) -> int:
    print(f"aftercare: {sentence}", file=sys.stderr)
    return LOST


def _simulate(options: argparse.Namespace, known: Addresses) -> Summary:
    seed = SystemRandom().randrange(10**6) if options.seed is None else options.seed
    company = read(lambda service: http_client.connect(known.services[service]))
    plan = make_plan(company, cases=options.cases, rate=options.rate, seed=seed)
    began = time()
    # A second day of the same seed asks anew, so its keys must be others.
    run = f"sim-{seed}-{began:.0f}"
    with _ledger(options.ledger) as ledger:
        books = Books(ledger)
        proof = asyncio.run(_live(plan, company, known, books, run, options.speed))
    return summary(seed, plan, books, proof, time() - began)


async def _live(
    plan: Plan, company: Company, known: Addresses, books: Books, run: str, speed: float
) -> Proof:
    async with Wire(connect(known)) as wire:
        history = History(wire.client("sla-monitor"))
        with Progress(len(plan.lives), books) as progress:
            history.on_line(progress.hear)
            scene = Scene(
                run=run, speed=speed, company=company, wire=wire, history=history, books=books
            )
            return await live_through(plan, scene)


@contextmanager
def _ledger(path: Path | None) -> Generator[IO[bytes] | None]:
    if path is None:
        yield None
        return
    with path.open("ab") as file:
        yield file


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < inf:
        raise argparse.ArgumentTypeError("must be more than 0")
    return number
