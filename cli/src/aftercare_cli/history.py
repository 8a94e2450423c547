"""The commands on the history: `replay`, `watch`, `state`, `what-if`, `rebuild`."""

import argparse
import sys
from pathlib import Path
from typing import get_args

from aftercare_events.catalogue.case import Step

from . import data_directory
from .addresses import SERVICES
from .replay import replay
from .subparsers import Subparsers
from .watch import watch
from .what_if import what_if

POINT = "SEQ|TIME"
KINDS = ("case", "engineer", "loan", "clock")


def add_parsers(subparsers: Subparsers) -> None:
    _add_replay(subparsers)
    _add_watch(subparsers)
    _add_state(subparsers)
    _add_what_if(subparsers)
    _add_rebuild(subparsers)


def _add_replay(subparsers: Subparsers) -> None:
    command = subparsers.add_parser("replay", help="the history, oldest first")
    command.add_argument("--from", dest="start", metavar=POINT, help="first one wanted")
    command.add_argument("--until", metavar=POINT, help="last one wanted")
    command.add_argument("--case", metavar="ID", help="of one case only")
    command.add_argument("--type", metavar="GLOB", help="such as 'aftercare.case.*'")
    command.add_argument("--limit", type=int, metavar="N")
    command.add_argument(
        "--format",
        choices=("ndjson", "table"),
        default="table" if sys.stdout.isatty() else "ndjson",
        help="default: a table on a terminal",
    )
    command.add_argument("--follow", action="store_true", help="go on with what comes")
    _find_monitor(command)
    command.set_defaults(run=replay)


def _add_watch(subparsers: Subparsers) -> None:
    command = subparsers.add_parser("watch", help="the escalation stream, live")
    command.add_argument("--audience", metavar="ROLE", help="a rank, or one recipient")
    command.add_argument("--min-step", choices=get_args(Step), help="this rank and all above")
    command.add_argument("--json", action="store_true", help="one JSON object a line")
    _find_monitor(command)
    command.set_defaults(run=watch)


def _add_state(subparsers: Subparsers) -> None:
    command = subparsers.add_parser("state", help="a case, engineer, loan or clock as it was")
    command.add_argument("kind", choices=KINDS)
    command.add_argument("id", metavar="ID", help="for a clock: the id of its case")
    command.add_argument("--at", metavar=POINT, help="what was recorded by then")
    _find_monitor(command)
    command.set_defaults(run=_state)


def _add_what_if(subparsers: Subparsers) -> None:
    command = subparsers.add_parser("what-if", help="the history against another contract")
    command.add_argument("--policy", type=Path, required=True, metavar="FILE")
    command.add_argument("--calendar", type=Path, metavar="FILE", help="other official days")
    command.add_argument(
        "--as", dest="replaced", metavar="POLICY", help="whose cases (default: the same name)"
    )
    command.add_argument("--from", dest="start", metavar=POINT, help="cases reported from there")
    command.add_argument("--until", metavar=POINT, help="judged at that time (default: now)")
    command.add_argument("--limit", type=int, default=100, metavar="N", help="cases to list")
    command.add_argument("--after-case", metavar="ID", help="list those after this one")
    command.add_argument("--json", action="store_true", help="as one JSON object")
    _find_monitor(command)
    command.set_defaults(run=what_if)


def _add_rebuild(subparsers: Subparsers) -> None:
    command = subparsers.add_parser("rebuild", help="build a service's read model anew")
    command.add_argument("service", choices=SERVICES)
    _find_data(command)
    command.set_defaults(run=_rebuild)


# These two know the services' own rules and tables, which take a second to load: every other
# command starts without them.


def _state(options: argparse.Namespace) -> int:
    from .as_it_was import state

    return state(options)


def _rebuild(options: argparse.Namespace) -> int:
    from .rebuild import rebuild

    return rebuild(options)


def _find_monitor(command: argparse.ArgumentParser) -> None:
    find_service(command, "sla-monitor")


def find_service(command: argparse.ArgumentParser, service: str) -> None:
    """Options by which a command finds the service that it asks."""
    command.add_argument("--url", help=f"base URL of {service} (default: the running system's)")
    command.set_defaults(service=service)
    _find_data(command)


def _find_data(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--data", type=Path, default=data_directory.DEFAULT, help=argparse.SUPPRESS
    )
