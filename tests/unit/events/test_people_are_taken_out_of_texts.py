"""A text may stand in an event once it no longer tells who wrote it or whom to call."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare_events.redact import MARK, redact

PERSONAL = [
    "13800138000",
    "138 0013 8000",
    "138-0013-8000",
    "+86 138 0013 8000",
    "0086-13800138000",
    "１３８００１３８０００",
    "010-62345678",
    "(021) 6234 5678",
    "0571-87654321转8012",
    "02162345678",
    "+49 30 901820",
    "+1 (415) 555-2671",
    "415-555-2671",
    "li.wei+help@example.com.cn",
    "O'Brien@例子.com",
    "张三@example.cn",
    "11010519900307293X",
    "110105199003072934",
    "110105900307293",
    "李建国先生",
    "王女士",
    "Mrs. Jane O'Neil",
]
HARMLESS = [
    "SN13800138000",
    "SN-20231102-0042",
    "C02XK1ABJG5J",
    "4F7K-Q2M9",
    "2026-11-02 09:00",
    "2026-11-02T09:00:00+08:00",
    "20261102",
    "192.168.10.254",
    "00:1A:2B:3C:4D:5E",
    "v2.10.3",
    "E-1024",
    "0x80070057",
    "3号楼502室打印机卡纸",
    "错误代码 1603",
    "12345678",
    "温度 38.5°C, 220V/50Hz",
    "主板型号 X11DPi-N",
    "系统工作正常,总线故障",
]


@pytest.mark.parametrize("personal", PERSONAL)
@pytest.mark.parametrize(
    "around", ["{}", "请联系{}谢谢", "call {}, please", "({})", "a\n{}\nb", "“{}”。"]
)
def test_what_is_personal_goes(personal: str, around: str) -> None:
    redacted = redact(around.format(personal))
    assert personal not in redacted
    assert sum(c.isdigit() for c in redacted) <= 1
    assert MARK in redacted


@pytest.mark.parametrize("harmless", HARMLESS)
@pytest.mark.parametrize("around", ["{}", "设备 {} 故障", "device {}, please"])
def test_what_tells_of_the_fault_stays(harmless: str, around: str) -> None:
    text = around.format(harmless)
    assert redact(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("电话 62345678", f"电话 {MARK}"),
        ("tel: 6234 5678 ext", f"tel: {MARK} ext"),
        ("微信号:liwei_1990", f"微信号:{MARK}"),
        ("QQ 12345678", f"QQ {MARK}"),
        ("联系人:赵铁柱,三楼", f"联系人:{MARK},三楼"),
    ],
)
def test_what_is_announced_goes(text: str, left: str) -> None:
    assert redact(text) == left


@pytest.mark.parametrize(
    ("text", "name", "left"),
    [
        ("张伟说打印机坏了", "张伟", f"{MARK}说打印机坏了"),
        ("张先生在等,老张很急", "张伟", f"{MARK}在等,{MARK}很急"),
        ("I am Wei Zhang, ask for Wei", "Wei Zhang", f"I am {MARK} {MARK}, ask for {MARK}"),
        ("WEI  ZHANG", "wei zhang", f"{MARK}  {MARK}"),
        ("欧阳娜娜报修", "欧阳娜娜", f"{MARK}报修"),
    ],
)
def test_given_names_go(text: str, name: str, left: str) -> None:
    assert redact(text, name) == left


def test_name_inside_another_word_stays() -> None:
    assert redact("Annual check, manner", "Ann") == "Annual check, manner"


def test_nobody_named_takes_nothing_out() -> None:
    assert redact("打印机坏了", None, "", " ") == "打印机坏了"


mobile = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
email = st.from_regex(r"[a-z][a-z0-9._]{0,20}@[a-z]{1,10}\.(com|cn|org)", fullmatch=True)
words = st.text(st.characters(exclude_categories=("L", "N", "Cs"), exclude_characters="+-/._@'%’"))


@given(before=words, secret=mobile | email, after=words)
def test_no_number_or_address_survives_in_any_text(before: str, secret: str, after: str) -> None:
    assert secret not in redact(f"{before} {secret} {after}")


@given(st.text())
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    assert redact(redact(text)) == redact(text)


@given(st.text(string.ascii_letters + string.digits + "@.+- ()", max_size=2_000))
def test_any_text_is_read_to_its_end(text: str) -> None:
    assert len(redact(text)) <= len(text) + len(MARK) * len(text)


@pytest.mark.parametrize("piece", ["a", "1", "a@", "a.", "1-", "(", "+1 ", "张", "@a"])
def test_hostile_texts_take_no_longer(piece: str) -> None:
    """A search that is not linear would not end within this test's time limit."""
    redact(piece * 50_000, "aaaa")
