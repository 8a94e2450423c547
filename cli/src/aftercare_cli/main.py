"""The `aftercare` command: each command module adds its own parsers."""

import argparse
import sys
from collections.abc import Sequence

from . import bridge, erase_person, history, send, simulate, sla_commands, up

COMMANDS = (up, send, bridge, history, simulate, sla_commands, erase_person)


def parser() -> argparse.ArgumentParser:
    root = argparse.ArgumentParser(
        prog="aftercare", description="After-sales service: requests, dispatch, clocks, history."
    )
    subparsers = root.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add_parsers(subparsers)
    return root


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; its function returns the exit code."""
    options = parser().parse_args(arguments)
    sys.exit(options.run(options))


if __name__ == "__main__":
    main()
