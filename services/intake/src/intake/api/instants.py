"""Instants and days that every table can hold and every clock can count from."""

from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import AwareDatetime, Field

from aftercare_http import unprocessable

EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
BoundedInstant = Annotated[AwareDatetime, Field(ge=EARLIEST, le=LATEST)]
BoundedDay = Annotated[date, Field(ge=EARLIEST.date(), le=LATEST.date())]


def check_bounds(instant: datetime, field: str) -> None:
    """The same where a body is decoded without a model. Raises Problem 422."""
    if not EARLIEST <= instant <= LATEST:
        detail = f"lies between {EARLIEST:%Y-%m-%d} and {LATEST:%Y-%m-%d}"
        raise unprocessable(field, "out-of-range", detail)
