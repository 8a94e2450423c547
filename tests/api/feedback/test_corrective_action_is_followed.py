"""FB-03 over HTTP: from a complaint to the call that ends it."""

from support.feedback_cases import CASE
from support.feedback_company import READER, Company

UNSATISFIED = {"officer_id": "O-LIN", "outcome": "unsatisfied", "scores": {"attitude": 1}}
DUE = "2026-11-09T18:00:00+08:00"


async def opened(company: Company) -> str:
    callback_id = await company.resolve()
    answer = await company.post(f"/v1/callbacks/{callback_id}/complete", **UNSATISFIED)
    assert answer["case_became"] is None
    return str(answer["corrective_action_id"])


async def done(company: Company) -> str:
    action = await opened(company)
    path = f"/v1/corrective-actions/{action}"
    await company.post(f"{path}/assign", owner_id="M-1", due_at=DUE)
    await company.post(f"{path}/done", measures="talked to E-1, call 138 0013 8000")
    return action


async def listed(company: Company, position: int) -> dict[str, object]:
    page = await company.get(f"/v1/corrective-actions?min_position={position}")
    (item,) = page["items"]
    return dict(item)


async def test_action_is_open_while_its_case_waits(company: Company) -> None:
    action = await opened(company)
    item = await listed(company, await company.log.end())
    assert (item["corrective_action_id"], item["status"]) == (action, "open")
    assert (item["engineer_id"], item["reason"]) == ("E-1", "unsatisfied")
    assert (await company.types("case", CASE))[-1] == "called_back"


async def test_satisfied_customer_ends_it_and_closes_the_case(company: Company) -> None:
    action = await done(company)
    verdict = {"officer_id": "O-LIN", "outcome": "satisfied", "note": "thanks"}
    answer = await company.post(f"/v1/corrective-actions/{action}/verify", **verdict)
    assert answer["case_became"] == "closed"
    item = await listed(company, answer["position"])
    assert (item["status"], item["verified_by"]) == ("verified", "O-LIN")
    assert (await company.types("case", CASE))[-1] == "closed"


async def test_customer_who_is_not_satisfied_hands_it_back(company: Company) -> None:
    action = await done(company)
    verdict = {"officer_id": "O-LIN", "outcome": "unsatisfied"}
    answer = await company.post(f"/v1/corrective-actions/{action}/verify", **verdict)
    item = await listed(company, answer["position"])
    assert (item["status"], item["verdict"]) == ("assigned", "unsatisfied")


async def test_number_in_the_measures_does_not_reach_the_log(company: Company) -> None:
    await done(company)
    item = await listed(company, await company.log.end())
    assert "138" not in str(item["measures"])


async def test_engineer_and_owner_may_not_verify(company: Company) -> None:
    action = await done(company)
    for officer_id in ("E-1", "M-1"):
        verdict = {"officer_id": officer_id, "outcome": "satisfied"}
        path = f"/v1/corrective-actions/{action}/verify"
        problem = await company.post(path, status=422, **verdict)
        assert problem["field"] == "officer_id"


async def test_unknown_action_is_not_found(company: Company) -> None:
    await company.post("/v1/corrective-actions/CA-NONE-1/done", status=404, measures="x")


async def test_scores_feed_the_engineers_record(company: Company) -> None:
    await opened(company)
    other = await company.resolve("CASE-2")
    await company.post(
        f"/v1/callbacks/{other}/complete",
        officer_id="O-LIN",
        outcome="satisfied",
        scores={"attitude": 4, "timeliness": 5},
    )
    path = f"/v1/engineers/E-1/scores?min_position={await company.log.end()}"
    scores = await company.get(path, headers=READER)
    assert (scores["callbacks"], scores["satisfied"], scores["unsatisfied"]) == (2, 1, 1)
    assert scores["attitude"] == {"average": 2.5, "answers": 2}
    assert scores["timeliness"] == {"average": 5.0, "answers": 1}
    assert scores["technical_skill"] == {"average": None, "answers": 0}


async def test_engineer_nobody_knows_has_no_scores(company: Company) -> None:
    assert (await company.http.get("/v1/engineers/E-404/scores")).status_code == 404
