"""The survey on the smallest phone: answered once, thanked, and remembered (FB-04)."""

import pytest
from playwright.sync_api import Page, expect

from support.whole_system import System

from .conftest import OpenPage

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def survey(system: System) -> str:
    customer = system.customer_with_seconds(3600)
    return system.url("feedback", system.resolve(system.report(customer, "路灯不亮")))


def answer(page: Page, solved: str, satisfied: str) -> None:
    page.get_by_role("group", name="Is the problem solved?").get_by_label(solved).tap()
    page.get_by_role("group", name="Are you satisfied").get_by_label(satisfied).tap()
    page.get_by_role("group", name="attitude").get_by_label("5 · very good").tap()
    page.get_by_role("button", name="Send").tap()


def test_answers_are_thanked_for_and_a_second_visit_says_so(
    open_page: OpenPage, survey: str
) -> None:
    page = open_page(survey, **PHONE)
    expect(page.get_by_text("路灯不亮")).to_be_visible()
    answer(page, "Yes", "Yes")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()

    again = open_page(survey, **PHONE)
    expect(again.get_by_role("heading", name="Thank you")).to_be_visible()
    expect(again.get_by_text("5 of 5")).to_be_visible()
    expect(again.get_by_role("button", name="Send")).to_have_count(0)


def test_case_that_is_not_solved_is_opened_again(
    system: System, open_page: OpenPage, survey: str
) -> None:
    case_id = survey.rpartition("/CB-")[2][:9]
    page = open_page(survey, **PHONE)
    answer(page, "No", "No")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    system.case_when(case_id, lambda case: case["cycle"] == 2)


def test_five_scores_stand_in_one_row(open_page: OpenPage, survey: str) -> None:
    page = open_page(survey, **PHONE)
    labels = page.get_by_role("group", name="attitude").locator("label").all()
    boxes = [label.bounding_box() for label in labels]
    assert len({box["y"] for box in boxes if box}) == 1
    assert min(box["width"] for box in boxes if box) >= 44
