"""`aftercare up`: the whole system on this machine, in the foreground."""

import argparse
import contextlib
import sys
import time
from pathlib import Path

import httpx

from . import addresses, data_directory, processes, sample_company, welcome
from .addresses import Ports
from .data_directory import AlreadyRunning, DataDirectory
from .local_system import LocalSystem, PortInUse, refuse_used
from .log_lines import LogFollower
from .readiness import NotReady, wait_until_ready
from .server_failed import ServerFailed
from .stop_request import Stopped, StopRequest
from .subparsers import Subparsers


def add_parsers(subparsers: Subparsers) -> None:
    command = subparsers.add_parser("up", help="start the whole system in the foreground")
    command.add_argument(
        "--data",
        type=Path,
        default=data_directory.DEFAULT,
        help="folder for all data (%(default)s)",
    )
    command.add_argument("--empty", action="store_true", help="do not load the sample company")
    command.add_argument(
        "--port-base",
        type=_port_base,
        metavar="N",
        help="services on N+1 to N+4, mail on N+25 (default: 8081 to 8084, mail on 8025)",
    )
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run until Ctrl-C or SIGTERM; 0 after a clean stop, 1 when it could not start."""
    stop = StopRequest()
    stop.listen()
    data = DataDirectory(options.data)
    try:
        with data.held():
            _run_held(data, Ports.from_base(options.port_base), stop, empty=options.empty)
    except Stopped:
        return 0
    except (AlreadyRunning, PortInUse, ServerFailed, NotReady, OSError) as error:
        print(f"aftercare: {error}", file=sys.stderr)
        return 1
    except (httpx.HTTPError, sample_company.Refused) as error:
        print(f"aftercare: the sample company could not be loaded: {error}", file=sys.stderr)
        return 1
    return 0


def _run_held(data: DataDirectory, ports: Ports, stop: StopRequest, *, empty: bool) -> None:
    for name in processes.end_all(data.processes):
        say(f"{name:12} was left over from a killed run and has been ended")
    refuse_used(ports)
    system = LocalSystem(data, ports, say)
    try:
        known = system.start(stop)
        wait_until_ready(system.services, known.services.__getitem__, stop, say)
        addresses.publish(data, known)
        if not empty:
            sample_company.load(known, stop, say)
        print(welcome.text(data, known), flush=True)
        LogFollower([(service.name, service.log) for service in system.services], say).start()
        system.watch()
        stop.wait()
    finally:
        say("stopping: services first, then the servers")
        system.stop()
        say("stopped, nothing is lost; `make run` goes on from here")


def say(text: str) -> None:
    """One line on the terminal, with the local time; a terminal that was closed is no reason
    to leave anything running."""
    with contextlib.suppress(OSError):
        # One write: `print` writes the end of the line by itself, and another thread between them.
        sys.stdout.write(f"{time.strftime('%H:%M:%S')}  {text}\n")
        sys.stdout.flush()


def _port_base(text: str) -> int:
    base = int(text)
    if not 0 <= base <= 65535 - 25:
        raise argparse.ArgumentTypeError("must be between 0 and 65510")
    return base
