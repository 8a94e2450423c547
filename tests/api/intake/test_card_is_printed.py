"""IN-11: the service tracking card as a page and as a PDF, from the log, for those who may."""

import io

import httpx
import pypdfium2
import pytest
from msgspec.structs import replace

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue.work import CostsRecorded, UsedPart
from aftercare_events.envelope import Event
from aftercare_events.sealing import Sealed
from support.full_case import CASE, HOSTILE, RECORD, REPORT, SAID, say
from support.intake_desk import BOSS, DESK, HISTORIAN, READER, Desk

PAGE, PDF = f"/cards/{CASE}", f"/v1/cases/{CASE}/card"


async def lived(desk: Desk, responses: int = 0, words: str = "") -> None:
    """The whole case in the log, said by all services; its person is one of the archive."""
    sealed = await seal(desk)
    events: list[Event] = []
    for data, service, minutes, actor in SAID:
        match data:
            case c.CaseReported():
                said = replace(REPORT, contact=sealed)
            case c.MessageAdded() | c.CaseSignedOff():
                field = "text" if isinstance(data, c.MessageAdded) else "signed_by"
                said = replace(data, **{field: sealed})
            case c.MaintenanceRecorded():
                said = replace(data, record=replace(RECORD, reported_by=sealed))
            case _:
                said = data
        events.append(say(said, service, minutes, actor))
    notes = [c.CaseResponded(case_id=CASE, note=f"{n} {words}") for n in range(responses)]
    events.extend(say(note, "dispatch", 140) for note in notes)
    for event in events:
        await desk.log.append([event])


async def seal(desk: Desk) -> Sealed:
    person = desk.intake.vault.person_id("contact:P-1")
    said = {"name": "李静", "phone": "13855500119", "text": f"还是不行 {HOSTILE}"}
    return await desk.intake.vault.seal(person, said | {"description": f"一早重启 {HOSTILE}"})


def text_of(answer: httpx.Response) -> tuple[int, str]:
    """How many pages, and their words without spaces and breaks."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    document = pypdfium2.PdfDocument(io.BytesIO(answer.content))
    pages = [page.get_textpage().get_text_bounded() for page in document]
    return len(pages), "".join("".join(pages).replace("\u200b", "").split())


@pytest.mark.parametrize(("lang", "title"), [("zh", "服务跟踪卡"), ("en", "Servicetrackingcard")])
async def test_card_is_printed_in_both_languages(desk: Desk, lang: str, title: str) -> None:
    await lived(desk)
    pages, text = text_of(await desk.http.get(f"{PDF}?lang={lang}"))
    assert pages == 2
    for told in (title, CASE, "李静", "Library", "电源模块老化", "E-ZHAO-LEI", "2026-11-0210:11"):
        assert told in text


async def test_what_people_write_is_printed_and_never_obeyed(desk: Desk) -> None:
    await lived(desk)
    _, text = text_of(await desk.http.get(PDF))
    assert text.count("".join(HOSTILE.split())) == 3
    page = await desk.http.get(PAGE)
    assert "<b>" not in page.text
    assert "&lt;b&gt;&amp;amp;" in page.text


async def test_two_hundred_events_and_long_words_are_printed_whole(desk: Desk) -> None:
    await lived(desk, responses=200, words="很长的话" * 30 + "x" * 300)
    pages, text = text_of(await desk.http.get(PDF))
    assert pages > 10
    assert text.count("很长的话" * 30) + text.count("x" * 300) >= 200


async def test_page_tells_the_same_in_the_readers_language(desk: Desk) -> None:
    await lived(desk)
    page = await desk.http.get(f"{PAGE}?lang=en")
    for told in ("Service tracking card", CASE, "李静", "Not kept", "On site"):
        assert told in page.text
    assert "服务跟踪卡" in (await desk.http.get(f"{PAGE}?lang=zh")).text


async def test_reader_of_the_history_gets_the_case_without_the_person(desk: Desk) -> None:
    await lived(desk)
    page = await desk.http.get(PAGE, headers=HISTORIAN)
    _, text = text_of(await desk.http.get(f"{PDF}?lang=en", headers=HISTORIAN))
    assert page.status_code == 200
    for personal in ("李静", "13855500119", "还是不行", "一早重启"):
        assert personal not in page.text
        assert personal not in text
    assert "Shownonlytothosewhohandlerequests" in text


async def test_who_has_neither_scope_is_refused_and_a_stranger_sent_to_sign_in(desk: Desk) -> None:
    await lived(desk)
    for path in (PAGE, PDF):
        assert (await desk.http.get(path, headers=READER)).status_code == 403
    stranger = {"Authorization": ""}
    assert (await desk.http.get(PAGE, headers=stranger)).status_code == 303
    assert (await desk.http.get(PDF, headers=stranger)).status_code == 401


async def test_erased_person_is_on_no_card(desk: Desk) -> None:
    await lived(desk)
    reason = {"reason": "asked"}
    erased = await desk.http.post("/v1/persons/P-1/erase", json=reason, headers=BOSS)
    assert erased.status_code == 200
    _, text = text_of(await desk.http.get(f"{PDF}?lang=en"))
    assert "李静" not in text
    assert "Erased" in text


async def test_case_that_nobody_reported_has_no_card(desk: Desk) -> None:
    for path in ("/cards/AAAA-BBBB", "/v1/cases/AAAA-BBBB/card"):
        assert (await desk.http.get(path, headers=DESK)).status_code == 404


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("zh", ("维护总结", "技术要点", "带载测量输出电压后再更换", "验收", "合计")),
        ("en", ("Maintenancesummary", "Technique", "Signedoff", "Sum")),
    ],
)
async def test_maintenance_summary_tells_record_way_and_costs(
    desk: Desk, lang: str, told: tuple[str, ...]
) -> None:
    """DP-08, DP-20: a summary for the customer once the work is signed off."""
    await lived(desk)
    fuse = UsedPart(part_number="F-16A", quantity=3, unit_cents=1999)
    costs = CostsRecorded(
        case_id=CASE, number=1, currency="CNY", charged=True, labour_cents=30000, parts=(fuse,)
    )
    ours = replace(costs, number=2, charged=False, labour_cents=777)
    for said in (costs, ours):
        await desk.log.append([say(said, "dispatch", 170)])
    _, text = text_of(await desk.http.get(f"/v1/cases/{CASE}/summary?lang={lang}"))
    for words in (*told, CASE, "李静", "359.97CNY"):
        assert words in text
    assert "7.77CNY" not in text
    page = await desk.http.get(f"/summaries/{CASE}")
    assert f"/v1/cases/{CASE}/summary?lang=" in page.text


async def test_summary_of_work_that_is_not_signed_off_says_so(desk: Desk) -> None:
    """DP-08."""
    await desk.log.append([say(REPORT, "intake", 0)])
    _, text = text_of(await desk.http.get(f"/v1/cases/{CASE}/summary?lang=en"))
    assert "Draft" in text
    assert (await desk.http.get("/v1/cases/NONE-CASE/summary")).status_code == 404
