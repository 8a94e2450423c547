"""The doors of the web: one for everybody, and one each for complaints and supervision (IN-12)."""

from collections.abc import Mapping
from dataclasses import dataclass

from aftercare_events.catalogue.case import Kind


@dataclass(frozen=True, slots=True)
class Entrance:
    """`name` is the end of its address, and where its own words stand in the catalogues."""

    name: str
    kinds: tuple[Kind, ...]

    @property
    def path(self) -> str:
        return f"/report/{self.name}" if self.name else "/report"

    @property
    def first_kind(self) -> Kind:
        return self.kinds[0]

    @property
    def asks_kind(self) -> bool:
        return len(self.kinds) > 1

    @property
    def about_staff(self) -> bool:
        """Complaints are about a case or a person, not about a device."""
        return bool(self.name)

    def words(self, key: str) -> str:
        return f"{self.name or 'report'}.{key}"


GENERAL = Entrance("", ("fault", "question", "service_request", "complaint", "suggestion"))
ENTRANCES: Mapping[str, Entrance] = {
    entrance.name: entrance
    for entrance in (
        GENERAL,
        Entrance("complaint", ("complaint",)),
        Entrance("supervision", ("supervision_complaint",)),
    )
}
