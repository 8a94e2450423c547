"""DP-04: engineers, rosters and leave from CSV and iCalendar, with a report per line."""

from datetime import timedelta
from typing import Any

from support.dispatch_cases import START
from support.dispatch_company import Company

DAY = START.strftime("%Y%m%d")


def calendar(*events: str) -> str:
    body = "".join(f"BEGIN:VEVENT\r\n{event}END:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\n{body}END:VCALENDAR\r\n"


SERIES = (
    "UID:night\r\n"
    f"DTSTART;TZID=Asia/Shanghai:{DAY}T230000\r\n"
    f"DTEND;TZID=Asia/Shanghai:{DAY}T235900\r\n"
    "RRULE:FREQ=WEEKLY;COUNT=3\r\n"
)
LEAVE = f"UID:leave\r\nDTSTART;VALUE=DATE:{DAY}\r\nCATEGORIES:LEAVE\r\n"
STORM = f"UID:storm\r\nDTSTART:{DAY}T000000Z\r\nRRULE:FREQ=SECONDLY\r\n"


async def load(company: Company, body: str, status: int = 200) -> Any:
    answer = await company.http.put(
        "/v1/rosters/E-1/calendar", content=body, headers={"content-type": "text/calendar"}
    )
    assert answer.status_code == status, answer.text
    return answer.json()


async def load_csv(company: Company, kind: str, body: str, status: int = 200) -> Any:
    answer = await company.http.post(
        f"/v1/imports/{kind}", content=body.encode(), headers={"content-type": "text/csv"}
    )
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_calendar_is_taken_whole_and_a_later_one_replaces_it(company: Company) -> None:
    await company.engineer("E-1")
    first = await load(company, calendar(SERIES, LEAVE, STORM))
    assert [(one["id"], one["outcome"]) for one in first["lines"]] == [
        ("night", "recorded"),
        ("leave", "recorded"),
        ("storm", "refused"),
    ]
    assert "RRULE" in first["lines"][2]["detail"]
    roster = await company.get("/v1/rosters/E-1")
    assert (len(roster["dated"]), len(roster["absences"])) == (3, 1)
    again = await load(company, calendar(SERIES, LEAVE))
    assert again["unchanged"] == 2
    await load(company, calendar(SERIES.replace("COUNT=3", "COUNT=2"), LEAVE))
    assert len((await company.get("/v1/rosters/E-1"))["dated"]) == 2


def around_now(uid: str, *more: str) -> str:
    """From two hours ago until in two hours."""
    start, end = ((START + timedelta(hours=hours)).strftime("%Y%m%dT%H%M%SZ") for hours in (-2, 2))
    return "".join(
        f"{line}\r\n" for line in (f"UID:{uid}", f"DTSTART:{start}", f"DTEND:{end}", *more)
    )


async def test_what_has_begun_ends_now_where_a_later_calendar_lacks_it(company: Company) -> None:
    await company.engineer("E-1")
    leave, shift = around_now("leave", "CATEGORIES:LEAVE"), around_now("shift")
    await load(company, calendar(leave, shift))
    await load(company, calendar())
    roster = await company.get("/v1/rosters/E-1")
    ends = [one["end"] for one in (*roster["dated"], *roster["absences"])]
    assert ends == [START.isoformat().replace("+00:00", "Z")] * 2
    await load(company, calendar(leave))
    (away,) = (await company.get("/v1/rosters/E-1"))["absences"]
    assert away["end"] > START.isoformat()


async def test_event_that_ends_before_it_starts_is_refused(company: Company) -> None:
    await company.engineer("E-1")
    backwards = f"UID:b\r\nDTSTART:{DAY}T100000Z\r\nDTEND:{DAY}T090000Z\r\n"
    (line,) = (await load(company, calendar(backwards)))["lines"]
    assert (line["outcome"], line["detail"]) == ("refused", "DTEND lies before DTSTART")
    assert (await company.get("/v1/rosters/E-1"))["dated"] == []


async def test_what_is_no_calendar_is_refused_whole(company: Company) -> None:
    await company.engineer("E-1")
    daily = [LEAVE.replace("leave", str(one)) + "RRULE:FREQ=DAILY\r\n" for one in range(3)]
    for body in ("junk", "", calendar(*[LEAVE] * 501), calendar(*daily)):
        assert (await load(company, body, 422))["field"] == "body"
    assert await company.types("engineer", "E-1") == ["registered"]


async def test_lines_of_a_spreadsheet_stand_alone(company: Company) -> None:
    report = await load_csv(
        company,
        "engineers",
        "engineer_id,name,level,skills,certificates,reserve\n"
        "E-1,赵磊,2,network;device,上岗证|2028-03-31|network,\n"
        "E-2,,12,,,\n"
        "e.3,,1,,,\n"
        "E-4,,1,,上岗证|soon,true\n"
        "E-5,,1,,,true\n",
    )
    assert [(one["outcome"], one["field"]) for one in report["lines"]] == [
        ("recorded", None),
        ("refused", "level"),
        ("refused", "engineer_id"),
        ("refused", "certificates.0.valid_until"),
        ("recorded", None),
    ]
    assert (await company.get("/v1/engineers/E-1"))["skills"] == ["device", "network"]
    assert (await company.get("/v1/engineers/E-5"))["reserve"] is True
    rosters = await load_csv(
        company,
        "rosters",
        "engineer_id,official,spans\nE-1,cn,1-5 09:00-18:00; 6 09:00-12:00\nE-5,,weekdays\n",
    )
    assert [(one["outcome"], one["field"]) for one in rosters["lines"]] == [
        ("recorded", None),
        ("refused", "spans"),
    ]
    absences = await load_csv(
        company,
        "absences",
        "engineer_id,absence_id,start,end,deputy\n"
        "E-1,A-1,2026-12-01T00:00:00+08:00,2026-12-05T00:00:00+08:00,E-5\n"
        "E-1,A-2,2026-12-01T00:00:00+08:00,2026-11-05T00:00:00+08:00,\n"
        "E-9,A-3,2026-12-01T00:00:00+08:00,2026-12-05T00:00:00+08:00,\n",
    )
    assert [(one["outcome"], one["field"]) for one in absences["lines"]] == [
        ("recorded", None),
        ("refused", "end"),
        ("refused", "engineer_id"),
    ]
    assert (await load_csv(company, "absences", "who\nE-1\n", 422))["field"] == "body"
