"""`aftercare bridge`: what a telephone system says becomes call records, handed to intake."""

from .command import add_parsers

__all__ = ["add_parsers"]
