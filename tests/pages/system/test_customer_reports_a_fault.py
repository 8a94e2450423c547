"""The report form: by keyboard alone, and patient with mistakes (IN-01)."""

import re

from playwright.sync_api import Page, expect

from support.whole_system import System

from .conftest import OpenPage

NUMBER = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}")


def tab_to(page: Page, label: str) -> None:
    """Press Tab until the field is reached, as somebody without a mouse does."""
    field = page.get_by_label(label, exact=True)
    for _ in range(30):
        if field.evaluate("field => field === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{label} is not reached by keyboard")


def write(page: Page, label: str, text: str) -> None:
    tab_to(page, label)
    page.keyboard.type(text)


def test_case_number_is_shown_to_somebody_without_a_mouse(
    system: System, open_page: OpenPage
) -> None:
    page = open_page(system.url("intake", "/report"))
    tab_to(page, "A fault")
    write(page, "The problem in one line (required)", "二号楼服务器无法启动")
    write(page, "More about it", "停电之后，屏幕没有显示")
    tab_to(page, "We cannot work normally because of it")
    page.keyboard.press("Space")
    write(page, "Name (required)", "王芳")
    write(page, "Phone", "138 0013 8000")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="We have it")).to_be_visible()
    number = page.locator("#case-id").inner_text()
    assert NUMBER.fullmatch(number)
    case = system.call("GET", "intake", f"/v1/cases/{number}")["report"]
    assert (case["summary"], case["channel"]) == ("二号楼服务器无法启动", "web")


def test_mistakes_are_said_at_their_field_and_nothing_typed_is_lost(
    system: System, open_page: OpenPage
) -> None:
    page = open_page(system.url("intake", "/report"), may_fail=("422",))
    write(page, "More about it", "long story")
    write(page, "Phone", "call me maybe")
    write(page, "E-mail", "nowhere")
    page.keyboard.press("Enter")

    summary = page.get_by_label("The problem in one line (required)")
    expect(summary).to_have_accessible_description(re.compile("tell us in one line what is wrong"))
    phone = page.get_by_label("Phone")
    expect(phone).to_have_accessible_description(re.compile("does not look like a phone number"))
    expect(phone).to_have_value("call me maybe")
    expect(page.get_by_label("More about it")).to_have_value("long story")
    expect(page.get_by_label("E-mail")).to_have_value("nowhere")


def test_list_of_mistakes_comes_first_and_leads_to_each(
    system: System, open_page: OpenPage
) -> None:
    page = open_page(system.url("intake", "/report"), may_fail=("422",))
    page.get_by_role("button", name="Send").click()

    mistakes = page.get_by_role("alert")
    expect(mistakes).to_be_focused()
    mistakes.get_by_role("link", name=re.compile("^Name")).click()
    expect(page.get_by_label("Name (required)")).to_be_focused()


def test_button_pressed_twice_is_one_case(system: System, open_page: OpenPage) -> None:
    page = open_page(system.url("intake", "/report"))
    page.get_by_label("The problem in one line").fill("打印机卡纸")
    page.get_by_label("Name").fill("李强")
    page.get_by_label("Phone").fill("13900139000")
    page.get_by_role("button", name="Send").dblclick()
    expect(page.locator("#case-id")).to_have_text(NUMBER)
    assert system.reported("打印机卡纸") == 1


def test_going_back_brings_back_what_was_typed(system: System, open_page: OpenPage) -> None:
    page = open_page(system.url("intake", "/report"))
    page.get_by_label("The problem in one line").fill("打印机缺粉")
    page.get_by_role("link", name="Aftercare").click()
    page.go_back()
    expect(page.get_by_label("The problem in one line")).to_have_value("打印机缺粉")
