"""`aftercare sla run` and `aftercare policy`: the pure core over files."""

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import msgspec

from aftercare_events.catalogue import InvalidEvent
from sla_monitor.domain.explain_text import as_text
from sla_monitor.domain.policy import Policy
from sla_monitor.domain.policy_check import check_policy
from sla_monitor.domain.policy_reader import InvalidPolicy, read_policy
from sla_monitor.domain.policy_schema import policy_schema
from sla_monitor.domain.terms import Policies
from sla_monitor.explain_report import explain_report
from sla_monitor.run import InvalidLine, run
from sla_monitor.shipped import official_days, shipped_policies

from .subparsers import Subparsers

FAILED, INVALID = 1, 2


def add_parsers(subparsers: Subparsers) -> None:
    _add_run(_group(subparsers, "sla", "the contract clocks over a file of events"))
    policy = _group(subparsers, "policy", "contracts as files: check and explain")
    _add_check(policy)
    _add_explain(policy)
    _command(policy, "schema", "the JSON Schema of policy files, for editors", policy_schema_file)


def _group(subparsers: Subparsers, name: str, description: str) -> Subparsers:
    parser = subparsers.add_parser(name, help=description, description=description)
    return parser.add_subparsers(title="commands", metavar="COMMAND", required=True)


def _add_run(group: Subparsers) -> None:
    parser = _command(group, "run", "alerts and clocks of a file of events, as NDJSON", sla_run)
    parser.add_argument("--events", required=True, metavar="FILE", help="NDJSON; - for stdin")
    parser.add_argument("--policy", nargs="+", type=Path, default=[], metavar="FILE")
    parser.add_argument("--until", required=True, type=_instant, metavar="TIME")


def _add_check(group: Subparsers) -> None:
    parser = _command(group, "check", "what is wrong with a contract, or odd", policy_check)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true", help="one finding a line, as JSON")


def _add_explain(group: Subparsers) -> None:
    parser = _command(group, "explain", "each due time of one report", policy_explain)
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--report", required=True, type=Path, metavar="FILE.json")
    parser.add_argument("--lang", choices=("zh", "en"), default="en")
    parser.add_argument("--json", action="store_true", help="as one JSON object")


def _command(
    group: Subparsers, name: str, description: str, function: Callable[[Namespace], int]
) -> ArgumentParser:
    parser = group.add_parser(name, help=description, description=description)
    parser.set_defaults(run=function)
    return parser


def sla_run(options: Namespace) -> int:
    """Print the alerts and clocks at `--until`. A bad line is told by its number: exit code 2."""
    try:
        policies = Policies([*shipped_policies(), *map(_policy, options.policy)])
        with _lines(options.events) as lines:
            outcome = run(lines, policies, options.until)
    except (InvalidLine, InvalidPolicy, OSError) as error:
        print(error, file=sys.stderr)
        return INVALID
    for line in outcome.lines():
        print(line.decode())
    return 0


def policy_check(options: Namespace) -> int:
    """Print every finding with file, line and a sentence; exit code 1 when one is an error."""
    findings = [
        finding
        for file in options.files
        for finding in check_policy(_text(file), str(file), official_days())
    ]
    for finding in findings:
        print(msgspec.json.encode(finding).decode() if options.json else finding)
    return FAILED if any(finding.severity == "error" for finding in findings) else 0


def policy_schema_file(_: Namespace) -> int:
    """Print the schema that `docs/reference/policy.schema.json` holds."""
    print(msgspec.json.format(msgspec.json.encode(policy_schema())).decode())
    return 0


def policy_explain(options: Namespace) -> int:
    """Explain each due time of one report: an event, or its data with `time`."""
    try:
        policy = _policy(options.file)
        explained = explain_report(policy, options.report.read_bytes(), datetime.now(UTC))
    except (InvalidPolicy, InvalidEvent, OSError) as error:
        print(error, file=sys.stderr)
        return INVALID
    if options.json:
        print(msgspec.json.encode(explained).decode())
        return 0
    for explanation in explained.running:
        print(as_text(explanation, options.lang))
    for clock in explained.awaiting:
        print(f"{clock.clock}: {clock.target} ({clock.calendar}) after {clock.starts}")
        print(f"  {clock.clause}")
    return 0


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text} is no RFC 3339 time") from error
    if instant.tzinfo is None:
        raise ArgumentTypeError(f"{text} has no offset")
    return instant


def _policy(file: Path) -> Policy:
    return read_policy(_text(file), str(file), official_days())


def _text(file: Path) -> str:
    """The text of a policy file; bytes that are no UTF-8 become signs the reader refuses."""
    return file.read_bytes().decode("utf-8", errors="replace")


@contextmanager
def _lines(name: str) -> Generator[BinaryIO]:
    if name == "-":
        yield sys.stdin.buffer
        return
    with Path(name).open("rb") as file:
        yield file
