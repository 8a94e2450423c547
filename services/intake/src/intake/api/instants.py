"""Instants that every table can hold, whatever their offset."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AwareDatetime, Field

EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
BoundedInstant = Annotated[AwareDatetime, Field(ge=EARLIEST, le=LATEST)]
