"""What `main` hands to each command module, for which argparse has no public name."""

from argparse import ArgumentParser
from typing import Any, Protocol


class Subparsers(Protocol):
    """Makes the parser of one command."""

    def add_parser(self, name: str, **options: Any) -> ArgumentParser: ...
