"""A clerk reads what no machine could open: one becomes a case, the other is dismissed."""

from playwright.async_api import Page, expect

from .conftest import Site, suits_everybody


def hostile(name: str) -> bytes:
    head = f"Message-ID: <{name}@x>\r\nFrom: {name}@b.example\r\n".encode()
    return head + b"X-A: b\r\n" * 100_000 + b"\r\n."


async def test_one_is_released_and_one_dismissed(site: Site, clerk: Page) -> None:
    received = [(await site.desk.mail(hostile(name))).json() for name in ("a", "b")]
    await clerk.goto(f"{site.url}/desk/quarantine?min_position={received[-1]['position']}")
    queue = clerk.get_by_role("link", name="Quarantine")
    await expect(queue).to_contain_text("2")
    await clerk.get_by_text("Open a case for it").first.click()
    await suits_everybody(clerk)
    form = clerk.locator("form[data-action$='/release']").first
    await form.get_by_label("Customer number").fill("C-1")
    await form.get_by_label("Serial").fill("IT-SRV-01")
    await form.get_by_label("The problem in one line").fill("does not start")
    await form.get_by_label("Phone").fill("13855500119")
    await form.get_by_role("button").click()
    await expect(clerk.get_by_role("heading", level=1)).to_contain_text("does not start")
    await queue.click()
    await expect(queue).to_contain_text("1")
    await clerk.get_by_label("Why nothing is to be done").fill("advertising")
    await clerk.get_by_role("button", name="Dismiss").click()
    await expect(clerk.get_by_text("Nothing is in quarantine.")).to_be_visible()
    await expect(queue).not_to_contain_text("1")
