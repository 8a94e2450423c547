"""What intake would get: real records, mails and faxes, the same however often they are sent."""

import io
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from PIL import Image

from aftercare_cli.simulate import doors
from aftercare_cli.simulate.plan import make_plan
from aftercare_cli.simulate.request import Door, Request
from support.simulated import COMPANY

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
LIVES = make_plan(COMPANY, cases=400, rate=60, seed=7).lives


def one_by(door: Door, *, laid: bool = False) -> Request:
    return next(
        life.request
        for life in LIVES
        if life.request.door == door and bool(life.request.lay_s) == laid
    )


@pytest.mark.parametrize("door", ["phone", "email", "fax", "web", "letter"])
def test_another_day_of_the_same_seed_asks_anew(door: Door) -> None:
    request = one_by(door)
    today, tomorrow = (doors.hand_in(request, run, NOW) for run in ("sim-7-1", "sim-7-2"))
    assert today != tomorrow
    if door != "email":
        assert doors.identity_of(today) != doors.identity_of(tomorrow)


def test_call_record_ends_now_and_began_before() -> None:
    record = doors.hand_in(one_by("phone"), "r", NOW).json
    assert record is not None
    started, answered, ended = (
        datetime.fromisoformat(record[name]) for name in ("started_at", "answered_at", "ended_at")
    )
    assert started < answered <= ended == NOW


def test_what_lay_is_dated_when_it_was_made() -> None:
    request = one_by("web", laid=True)
    body = doors.hand_in(request, "r", NOW).json
    assert body is not None
    made_at = datetime.fromisoformat(body["reported_at"])
    assert made_at == NOW - timedelta(seconds=request.lay_s)


def test_report_of_an_outage_names_the_site_and_no_device() -> None:
    struck = next(life.request for life in LIVES if life.request.area)
    record = doors.hand_in(struck, "r", NOW).json
    assert record is not None
    told = record["request"]
    assert (told["site_id"], told["category"]) == ("S-CENTRE", "network")
    assert "device_serial" not in told


def test_fax_is_a_group_4_tiff_that_names_its_sender() -> None:
    request = one_by("fax")
    call = doors.hand_in(request, "r", NOW)
    assert call.file is not None
    with Image.open(io.BytesIO(call.file[1])) as page:
        assert page.info["compression"] == "group4"
        assert page.getexif()[270] == request.contact.phone


def test_reply_stands_in_the_thread_of_its_mail() -> None:
    request = one_by("email")
    first = doors.hand_in(request, "r", NOW).content
    answer = doors.reply(request, "什么时候到？", "r", "-1", NOW).content
    assert first is not None
    assert answer is not None
    mail, reply = (message_from_bytes(raw, policy=policy.default) for raw in (first, answer))
    assert reply["In-Reply-To"] == mail["Message-ID"] != reply["Message-ID"]
    assert mail["Subject"] == request.summary
