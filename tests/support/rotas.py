"""Rosters of any kind, and who is on duty, said as plainly as the rule reads."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from hypothesis import strategies as st

from aftercare_events.catalogue.engineer import Duty, DutySpan
from aftercare_events.duty import ALWAYS
from aftercare_events.official_days import OfficialDays
from aftercare_events.rota import Absence, Dated, Rota, deputy_of, is_scheduled

from .dispatch_cases import at

OFFICE = Duty(spans=(DutySpan(days=(1, 2, 3, 4, 5), start="09:00", end="18:00"),))
FIVE_BY_EIGHT = Duty(spans=OFFICE.spans, official="cn")
NIGHT = Duty(spans=(DutySpan(days=(1, 3, 6), start="22:00", end="06:00"),))
NEVER = Duty()


def present(
    rotas: Mapping[str, Rota], at: datetime, days: OfficialDays | None = None
) -> Mapping[str, Sequence[str]]:
    """Everybody on duty, each with those whom they stand in for: faster answers are held to it."""
    here: dict[str, list[str]] = {}
    for who, rota in rotas.items():
        if not is_scheduled(rota, at, days):
            continue
        stands = deputy_of(who, rotas, at)
        if stands is not None:
            here.setdefault(stands, [])
            if stands != who:
                here[stands].append(who)
    return here


WHO = ("A", "B", "C", "D")
MINUTES = st.integers(-3000, 3000)


@st.composite
def spans_of_time(draw: st.DrawFn) -> tuple[datetime, datetime]:
    start = draw(MINUTES)
    return at(start), at(start + draw(st.integers(1, 3000)))


@st.composite
def rotas(draw: st.DrawFn) -> dict[str, Rota]:
    """A company of four, each of whom may be anybody's deputy."""

    def one() -> Rota:
        somebody = st.sampled_from([None, *WHO, "stranger"])
        shifts = draw(st.lists(st.tuples(spans_of_time(), st.booleans(), somebody), max_size=3))
        leave = draw(st.lists(st.tuples(spans_of_time(), somebody), max_size=2))
        return Rota(
            active=draw(st.integers(0, 9)) > 0,
            duty=draw(st.sampled_from([ALWAYS, NEVER, OFFICE, FIVE_BY_EIGHT, NIGHT])),
            dated=tuple(
                Dated(shift_id=str(number), start=start, end=end, on=on, other=other)
                for number, ((start, end), on, other) in enumerate(shifts)
            ),
            absences=tuple(
                Absence(absence_id=str(number), start=start, end=end, deputy=deputy)
                for number, ((start, end), deputy) in enumerate(leave)
            ),
        )

    return {who: one() for who in WHO}
