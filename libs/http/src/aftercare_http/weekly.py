"""Hours of somebody's week, as callers send them: rosters, duties, quiet hours."""

from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, StringConstraints

from aftercare_events.catalogue.engineer import Duty, DutySpan

from .text import Body, Line


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("is no time zone") from error
    return name


_TimeOfDay = Annotated[str, StringConstraints(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$")]
_Day = Annotated[int, Field(ge=1, le=7)]


class SpanBody(Body):
    """On ISO days (1 = Monday); an end not after its start lies on the next day."""

    days: Annotated[list[_Day], Field(min_length=1, max_length=7)]
    start: _TimeOfDay
    end: _TimeOfDay


class Weekly(Body):
    """Around the clock, or in weekly spans on the wall clock of `zone`.

    With `official` spans fall away on official holidays, and make-up working days are worked.
    """

    zone: Annotated[Line, AfterValidator(_known_zone)] = "Asia/Shanghai"
    around_the_clock: bool = False
    spans: Annotated[tuple[SpanBody, ...], Field(max_length=50)] = ()

    official: Literal["cn"] | None = None

    def duty(self) -> Duty:
        return Duty(
            zone=self.zone,
            around_the_clock=self.around_the_clock,
            spans=tuple(
                DutySpan(days=tuple(sorted(set(span.days))), start=span.start, end=span.end)
                for span in self.spans
            ),
            official=self.official,
        )
