"""Which spare device to lend: the nearest that is at least as good (DP-10)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, get_args

from .geography import Direction, distance_km

# Units and sites whose place is unknown come last, whatever the distance of the others.
NOWHERE_KM = 25_000.0
Likeness = Literal["same_model", "same_look", "same_grade", "higher_grade"]
LIKENESSES: tuple[Likeness, ...] = get_args(Likeness)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is needed. `unit_id` names one unit; else model, or category with a least grade.

    Models of one `family` are alike in type and look (DP-28); `same_look` insists on that.
    """

    unit_id: str | None = None
    model: str | None = None
    category: str | None = None
    grade: int | None = None
    family: str | None = None
    same_look: bool = False
    depot_id: str | None = None
    where: Direction | None = None

    @property
    def is_blank(self) -> bool:
        return self.unit_id is None and self.model is None and self.category is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spare:
    """A free unit, standing in its depot."""

    unit_id: str
    depot_id: str
    model: str
    category: str | None = None
    grade: int | None = None
    family: str | None = None
    where: Direction | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    spare: Spare
    why: dict[str, Any]


def choose(wish: Wish, spares: Iterable[Spare]) -> Choice | None:
    """The nearest fitting unit; of equally near ones the most alike, of those the lowest grade."""
    fitting = [spare for spare in spares if fits(wish, spare)]
    if not fitting:
        return None
    best = min(fitting, key=lambda spare: _order(wish, spare))
    km = _distance(wish, best)
    return Choice(
        best,
        {
            "distance_km": None if km == NOWHERE_KM else round(km, 1),
            "stands_in_as": stands_in_as(wish, best),
            "same_model": best.model == wish.model,
            "grade": best.grade,
            "fitting": len(fitting),
        },
    )


def fits(wish: Wish, spare: Spare) -> bool:
    """The same model, or one of the same category, of a grade no lower than asked."""
    if wish.depot_id not in (None, spare.depot_id):
        return False
    if wish.unit_id is not None:
        return wish.unit_id == spare.unit_id
    if wish.same_look and stands_in_as(wish, spare) not in ("same_model", "same_look"):
        return False
    if wish.model is not None and wish.model == spare.model:
        return spare.grade is None or spare.grade >= (wish.grade or 0)
    same_category = wish.category is not None and wish.category == spare.category
    return same_category and (spare.grade or 0) >= (wish.grade or 0)


def stands_in_as(wish: Wish, spare: Spare) -> Likeness:
    """How much the customer will see of the change."""
    if spare.model == wish.model:
        return "same_model"
    if wish.family is not None and spare.family == wish.family:
        return "same_look"
    return "higher_grade" if (spare.grade or 0) > (wish.grade or 0) else "same_grade"


def _order(wish: Wish, spare: Spare) -> tuple[float, int, int, str]:
    likeness = LIKENESSES.index(stands_in_as(wish, spare))
    return _distance(wish, spare), min(likeness, 2), spare.grade or 0, spare.unit_id


def _distance(wish: Wish, spare: Spare) -> float:
    if wish.where is None or spare.where is None:
        return NOWHERE_KM
    return distance_km(wish.where, spare.where)
