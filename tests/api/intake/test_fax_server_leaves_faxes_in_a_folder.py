"""A watched folder, filled as HylaFAX fills its `recvq` (IN-01)."""

import fcntl
import io
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from aftercare_events.log import LogUnavailable
from intake.fax.decode import MAX_BYTES
from intake.fax.folder import FaxFolder
from support.faxes import tiff, typed
from support.intake_desk import Desk, fields

PAGE = typed(["IT-SRV-01"], size=(400, 204))
FAX = tiff(PAGE)
KNOWN = "+86 138 5550 0119"


@pytest.fixture
def folder(desk: Desk, tmp_path: Path) -> FaxFolder:
    return FaxFolder(tmp_path, desk.intake.faxroom, desk.clock)


def leave(
    desk: Desk, place: Path, name: str, content: bytes = FAX, seconds_ago: float = 60
) -> Path:
    path = place / name
    path.write_bytes(content)
    at = (desk.clock.now() - timedelta(seconds=seconds_ago)).timestamp()
    os.utime(path, (at, at))
    return path


async def received(desk: Desk) -> list[dict[str, Any]]:
    return [fields(event) for event in await desk.events("fax.received")]


def described(sender: str) -> bytes:
    out = io.BytesIO()
    PAGE.save(out, "TIFF", compression="group4", description=f"{sender}\nCALLER")
    return out.getvalue()


async def test_fax_is_taken_once_and_put_away(
    desk: Desk, folder: FaxFolder, tmp_path: Path
) -> None:
    leave(desk, tmp_path, "fax000001234.tif", described(KNOWN))
    await folder.look()
    await folder.look()
    [fax] = await received(desk)
    assert (fax["disposition"], fax["customer_id"]) == ("opened", "C-1")
    assert fax["reference"].startswith("fax000001234.tif:")
    assert fax["received_at"] == "2026-11-02T00:59:00Z"
    assert [path.name for path in (tmp_path / "done").iterdir()] == ["fax000001234.tif"]


async def test_fax_that_is_still_coming_in_is_left_alone(
    desk: Desk, folder: FaxFolder, tmp_path: Path
) -> None:
    leave(desk, tmp_path, "fax000000001.tif", FAX[:100], seconds_ago=3)
    locked = leave(desk, tmp_path, "fax000000002.tif", FAX[:100])
    with locked.open("rb") as receiving:
        fcntl.flock(receiving, fcntl.LOCK_EX)
        await folder.look()
    assert await received(desk) == []
    leave(desk, tmp_path, "fax000000001.tif")
    leave(desk, tmp_path, "fax000000002.tif")
    await folder.look()
    assert [fax["disposition"] for fax in await received(desk)] == ["opened", "opened"]


async def test_restart_between_log_and_folder_doubles_nothing(
    desk: Desk, folder: FaxFolder, tmp_path: Path
) -> None:
    leave(desk, tmp_path, "fax000000001.tif")
    await folder.look()
    leave(desk, tmp_path, "fax000000001.tif")
    await FaxFolder(tmp_path, desk.intake.faxroom, desk.clock).look()
    assert len(await received(desk)) == 1
    assert not (tmp_path / "fax000000001.tif").exists()


async def test_number_that_begins_anew_is_another_fax(
    desk: Desk, folder: FaxFolder, tmp_path: Path
) -> None:
    leave(desk, tmp_path, "fax000000001.tif")
    await folder.look()
    leave(desk, tmp_path, "fax000000001.tif", tiff(PAGE, PAGE))
    await folder.look()
    assert len(await received(desk)) == 2


async def test_word_beside_the_fax_tells_its_sender_and_time(
    desk: Desk, folder: FaxFolder, tmp_path: Path
) -> None:
    leave(desk, tmp_path, "fax1.tif")
    said = b'{"sender": "+86 138 5550 0119", "received_at": "2026-11-02T08:00:00+08:00"}'
    leave(desk, tmp_path, "fax1.json", said)
    await folder.look()
    [fax] = await received(desk)
    assert (fax["customer_id"], fax["received_at"]) == ("C-1", "2026-11-02T00:00:00Z")
    assert {path.name for path in (tmp_path / "done").iterdir()} == {"fax1.tif", "fax1.json"}


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ("0001-01-01T00:00:00+08:00", "is beyond what can be stored"),
        ("1970-01-01T08:00:00+08:00", "lies more than 7 days back"),
    ],
)
async def test_fax_of_a_time_out_of_reach_waits_for_a_clerk(
    desk: Desk, folder: FaxFolder, tmp_path: Path, told: str, why: str
) -> None:
    """SL-05: no clock begins decades ago because a fax server lost its time. IN-02: it is kept."""
    leave(desk, tmp_path, "fax1.tif", described(KNOWN))
    leave(desk, tmp_path, "fax1.json", f'{{"received_at": "{told}"}}'.encode())
    await folder.look()
    [fax] = await received(desk)
    assert (fax["disposition"], fax["received_at"]) == ("quarantined", "2026-11-02T01:00:00Z")
    assert fax["reason"] == f"its received_at {why}"
    assert (fax["customer_id"], fax["pages"]) == ("C-1", 1)
    assert not await desk.events("case.reported")
    assert (tmp_path / "done" / "fax1.tif").exists()


async def test_clock_of_the_fax_server_may_be_ahead(
    desk: Desk, folder: FaxFolder, tmp_path: Path
) -> None:
    leave(desk, tmp_path, "fax1.tif")
    leave(desk, tmp_path, "fax1.json", b'{"received_at": "9999-12-31T23:59:59-08:00"}')
    await folder.look()
    [fax] = await received(desk)
    assert (fax["disposition"], fax["received_at"]) == ("opened", "2026-11-02T01:00:00Z")


async def test_fax_that_may_not_be_read_keeps_no_other_from_its_place(
    desk: Desk, folder: FaxFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = leave(desk, tmp_path, "fax1.tif", seconds_ago=90)
    leave(desk, tmp_path, "fax2.tif")
    may_open = Path.open

    def refused(self: Path, *how: Any, **more: Any) -> Any:
        """As for a file of another user, which root would read all the same."""
        if self == theirs:
            raise PermissionError(13, "Permission denied", str(self))
        return may_open(self, *how, **more)

    with monkeypatch.context() as while_refused:
        while_refused.setattr(Path, "open", refused)
        await folder.look()
    assert [fax["reference"].partition(":")[0] for fax in await received(desk)] == ["fax2.tif"]
    assert theirs.exists()
    await folder.look()
    assert len(await received(desk)) == 2


async def test_word_that_cannot_be_understood_holds_nothing_up(
    desk: Desk, folder: FaxFolder, tmp_path: Path
) -> None:
    leave(desk, tmp_path, "fax1.tif")
    leave(desk, tmp_path, "fax1.json", b"{")
    await folder.look()
    assert len(await received(desk)) == 1


@pytest.mark.parametrize("content", [b"", b"GIF89a", FAX[:80], b"\0" * (MAX_BYTES + 1)])
async def test_what_nobody_can_open_ends_in_quarantine_with_its_reason(
    desk: Desk, folder: FaxFolder, tmp_path: Path, content: bytes
) -> None:
    leave(desk, tmp_path, "fax1.tif", content)
    await folder.look()
    [fax] = await received(desk)
    assert fax["disposition"] == "quarantined"
    assert fax["reason"]
    assert not await desk.events("case.reported")


async def test_other_files_and_links_out_of_the_folder_are_none_of_ours(
    desk: Desk, folder: FaxFolder, tmp_path: Path
) -> None:
    leave(desk, tmp_path, "seqf", b"1235")
    leave(desk, tmp_path, ".fax1.tif")
    (tmp_path / "fax2.tif").symlink_to("/etc/hostname")
    (tmp_path / "fax3.tif").mkdir()
    await folder.look()
    assert await received(desk) == []


async def test_fax_stays_until_the_log_has_it(
    desk: Desk, folder: FaxFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = leave(desk, tmp_path, "fax1.tif")

    async def away(*_: object) -> int:
        raise LogUnavailable("away")

    with monkeypatch.context() as while_away:
        while_away.setattr(desk.log, "append", away)
        await folder.look()
        assert path.exists()
    await folder.look()
    assert not path.exists()
    assert len(await received(desk)) == 1


async def test_folder_that_is_not_there_yet_is_looked_for_again(desk: Desk, tmp_path: Path) -> None:
    folder = FaxFolder(tmp_path / "later", desk.intake.faxroom, desk.clock)
    await folder.look()
    (tmp_path / "later").mkdir()
    leave(desk, tmp_path / "later", "fax1.tif")
    await folder.look()
    assert len(await received(desk)) == 1
