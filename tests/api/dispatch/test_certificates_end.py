"""DP-04: somebody is reminded of a certificate before it ends, and ops see whose end soon."""

from datetime import timedelta

from support.dispatch_company import Company


async def test_reminder_comes_once_a_month_before_the_end(company: Company) -> None:
    today = company.clock.now().date()
    soon = {"name": "上岗证", "valid_until": (today + timedelta(days=20)).isoformat()}
    late = {"name": "高压", "valid_until": (today + timedelta(days=400)).isoformat()}
    await company.engineer("E-1", certificates=[soon, late])
    await company.engineer("E-2", certificates=[late])
    await company.said("certificate_expiring", "engineer", "E-1")
    await company.engineer("E-1", certificates=[soon, late], level=3)
    assert await company.types("engineer", "E-1") == [
        "registered",
        "certificate_expiring",
        "registered",
    ]
    day = (today + timedelta(days=30)).isoformat()
    page = await company.get(f"/v1/engineers?certificate_expires_before={day}")
    assert [one["engineer_id"] for one in page["items"]] == ["E-1"]
    assert await company.types("engineer", "E-2") == ["registered"]


async def test_who_has_left_is_on_no_list(company: Company) -> None:
    past = {"name": "上岗证", "valid_until": "2020-01-01"}
    await company.engineer("E-1", certificates=[past], active=False)
    page = await company.get("/v1/engineers?certificate_expires_before=2030-01-01")
    assert page["items"] == []
