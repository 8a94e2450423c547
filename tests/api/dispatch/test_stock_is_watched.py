"""DP-12, DP-28: a lent unit may leave its depot short, and ops are told; stock is proposed."""

from datetime import date

from aftercare_events.catalogue.archive import ContractRecorded, DeviceRecorded, SiteRecorded
from support.dispatch_company import BEIJING, SHANGHAI, Company

LEVELS = {"levels": [{"model": "S7706", "at_least": 1}]}


async def test_lending_the_last_one_is_told_and_its_return_too(company: Company) -> None:
    path = "/v1/depots/DP-1/safety-stock"
    problem = await company.put(path, 422, **LEVELS)
    assert problem["type"] == "/problems/unknown-depot"
    await company.put("/v1/depots/DP-1", name="北京")
    await company.unit("U-1")
    assert (await company.put(path, **LEVELS))["changed"] is True
    assert (await company.put(path, **LEVELS))["changed"] is False
    await company.report("CASE-1")
    loan = await company.post("/v1/loans", 201, case_id="CASE-1", unit_id="U-1")
    await company.said("stock_low", "depot", "DP-1")
    [level] = (await company.get(path))["levels"]
    assert (level["free"], level["short"]) == (0, True)
    await company.post(f"/v1/loans/{loan['loan_id']}/return", condition="good", fit=True)
    await company.said("stock_refilled", "depot", "DP-1")
    assert (await company.get(path))["levels"][0]["short"] is False
    redundant = [{"category": "network", "at_least": 1, "key_device": True}]
    problem = await company.put(path, 422, levels=redundant)
    assert problem["errors"][0]["field"] == "levels.0.at_least"


async def test_stock_is_proposed_in_proportion_to_contracts_in_force(company: Company) -> None:
    await company.put("/v1/depots/DP-1", name="北京", location=BEIJING)
    await company.put("/v1/depots/DP-2", name="上海", location=SHANGHAI)
    for number in range(4):
        await company.unit(f"U-{number}")
    for customer, place, quantity in (("C-1", BEIJING, 1), ("C-2", SHANGHAI, 3)):
        site = f"S-{customer}"
        await company.say(
            SiteRecorded(site_id=site, customer_id=customer, name="机房", **place),
            DeviceRecorded(
                device_id=f"D-{customer}",
                customer_id=customer,
                site_id=site,
                category="network",
                quantity=quantity,
            ),
            ContractRecorded(
                contract_id=f"CT-{customer}",
                customer_id=customer,
                policy="it-integration",
                starts_on=date(2026, 1, 1),
                sites=(site,),
            ),
        )
    await company.say(
        ContractRecorded(
            contract_id="CT-OLD",
            customer_id="C-3",
            policy="it-integration",
            starts_on=date(2020, 1, 1),
            ends_on=date(2021, 1, 1),
        ),
        DeviceRecorded(device_id="D-3", customer_id="C-3", site_id="S-C-1", category="network"),
    )
    shares = (await company.get("/v1/stock/proposal"))["shares"]
    assert [(one["depot_id"], one["held"], one["proposed"]) for one in shares] == [
        ("DP-1", 4, 1),
        ("DP-2", 0, 3),
    ]
