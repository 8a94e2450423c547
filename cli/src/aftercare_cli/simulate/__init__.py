"""`aftercare simulate`: a believable day, planned from a seed and lived over public HTTP."""

from .command import add_parsers

__all__ = ["add_parsers"]
