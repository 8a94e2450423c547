"""What the validation found wrong, worded for whoever sent it."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

# pydantic's, before what a check of ours says.
_PREFIX = "Value error, "


def first_fault(error: ValidationError) -> tuple[str, str]:
    """Where the first fault lies (dotted, empty for the whole), and what it is."""
    found = error.errors(include_input=False, include_url=False)[0]
    return ".".join(map(str, found["loc"])), wording(found)


def wording(found: Mapping[str, Any]) -> str:
    """What one entry of pydantic's `errors()` says."""
    return str(found["msg"]).removeprefix(_PREFIX)
