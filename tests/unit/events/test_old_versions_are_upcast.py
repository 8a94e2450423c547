"""What was published once is read for ever, through pure functions from version to version."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from aftercare_events.catalogue.registry import Catalogue, InvalidEvent, UnknownEventType
from aftercare_events.envelope import Event

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def knocked() -> tuple[Catalogue, type[Any]]:
    """A catalogue in its third version: `times` became `count`, then `loud` was added."""
    catalogue = Catalogue()

    @catalogue.event_type("aftercare.door.knocked.v3")
    class Knocked(msgspec.Struct):
        door_id: str
        count: int
        loud: bool

    @catalogue.upcaster("aftercare.door.knocked.v1", "aftercare.door.knocked.v2")
    def count_times(data: dict[str, Any]) -> dict[str, Any]:
        return {"door_id": data["door_id"], "count": data["times"]}

    @catalogue.upcaster("aftercare.door.knocked.v2", "aftercare.door.knocked.v3")
    def call_many_loud(data: dict[str, Any]) -> dict[str, Any]:
        return {**data, "loud": data["count"] > 2}

    return catalogue, Knocked


def event(version: int, **data: Any) -> Event:
    return Event(
        id="1",
        source="/aftercare/intake",
        type=f"aftercare.door.knocked.v{version}",
        subject="door/D-1",
        time=NOW,
        data=msgspec.Raw(msgspec.json.encode({"door_id": "D-1", **data})),
    )


@pytest.mark.parametrize(
    "old",
    [event(1, times=3), event(2, count=3), event(3, count=3, loud=True)],
    ids=lambda old: old.type[-2:],
)
def test_every_version_reads_as_the_newest(old: Event) -> None:
    catalogue, knocked_type = knocked()
    assert catalogue.decode(old) == knocked_type("D-1", 3, True)


@pytest.mark.parametrize("broken", [event(1), event(1, times="three"), event(3, count=3)])
def test_data_of_another_shape_is_invalid(broken: Event) -> None:
    with pytest.raises(InvalidEvent):
        knocked()[0].decode(broken)


def test_version_of_tomorrow_is_unknown() -> None:
    with pytest.raises(UnknownEventType):
        knocked()[0].decode(event(4))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("aftercare.door.knocked.v1", "aftercare.door.knocked.v2"),
        ("aftercare.door.knocked.v3", "aftercare.door.knocked.v4"),
        ("aftercare.door.opened.v1", "aftercare.door.opened.v3"),
        ("aftercare.door.opened.v1", "aftercare.door.closed.v2"),
        ("door.opened.v1", "door.opened.v2"),
    ],
)
def test_upcaster_leads_to_the_next_version_and_there_is_one(old: str, new: str) -> None:
    catalogue, _ = knocked()
    with pytest.raises(ValueError):
        catalogue.upcaster(old, new)(dict)


def test_type_is_entered_once_and_well_named() -> None:
    catalogue, _ = knocked()
    for name in (
        "aftercare.door.knocked.v3",
        "aftercare.door.knocked",
        "aftercare.Door.knocked.v1",
    ):
        with pytest.raises(ValueError):
            catalogue.event_type(name)(msgspec.Struct)


def test_record_names_the_aggregate_by_its_key() -> None:
    catalogue, knocked_type = knocked()
    data = knocked_type("D-7", 1, False)  # type: ignore[call-arg]
    said = catalogue.record(data, service="intake", time=NOW, actor="me")
    assert (said.subject, said.log_subject) == ("door/D-7", "ac.intake.door.D-7")
    assert catalogue.decode(said) == data
