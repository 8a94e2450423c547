"""What the words of a fax suggest, misread letters included (IN-04, IN-16)."""

import pytest

from aftercare_events.catalogue.archive import CustomerRecorded, DeviceRecorded
from intake.domain.classify import proposed_kind
from intake.domain.fax_proposal import customer_in, device_in
from intake.domain.likeness import likeness, likenesses_in
from intake.domain.severity_words import severity_in

LEVELS = ("1", "2", "3", "4")
SOFTWARE = ("system_down", "severe", "partial")
PORTAL = ("catastrophic", "general")
LIGHTING = ("urgent", "normal")


@pytest.mark.parametrize(
    ("text", "scale", "severity"),
    [
        ("故障级别：二级（紧急）", LEVELS, "2"),
        ("一级故障", LEVELS, "1"),
        ("级别: 3", LEVELS, "3"),
        ("级别３", LEVELS, "3"),
        ("Severity: level 2", LEVELS, "2"),
        ("Severity:level2", LEVELS, "2"),
        ("priority 4, thanks", LEVELS, "4"),
        ("P1", LEVELS, "1"),
        ("五级", LEVELS, None),
        ("it's 3 days now", LEVELS, None),
        ("市三级甲等医院", LEVELS, None),
        ("level 25", LEVELS, None),
        ("一级 二级 三级", LEVELS, None),
        ("升级到第2级别", LEVELS, None),
        ("整个系统瘫痪", LEVELS, "1"),
        ("特级", LEVELS, "1"),
        ("system down", SOFTWARE, "system_down"),
        ("Systemisdown", SOFTWARE, "system_down"),
        ("系统瘫痪", SOFTWARE, "system_down"),
        ("系统宕机", SOFTWARE, "system_down"),
        ("部分服务不正常", SOFTWARE, "partial"),
        ("灾难性故障", PORTAL, "catastrophic"),
        ("特级", PORTAL, "catastrophic"),
        ("紧急！路灯全部不亮", LIGHTING, "urgent"),
        ("URGENT", LIGHTING, "urgent"),
        ("非紧急", LIGHTING, "normal"),
        ("not urgent", LIGHTING, "normal"),
        ("路灯不亮", LIGHTING, None),
        ("二级", LIGHTING, None),
        ("system down", (), None),
    ],
)
def test_severity_is_proposed_within_the_scale_only(
    text: str, scale: tuple[str, ...], severity: str | None
) -> None:
    assert severity_in(text, scale) == severity


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("服务器无法启动", "fault"),
        ("升级后系统异常", "fault"),
        ("关于系统升级的申请", "upgrade"),
        ("Training for our operators", "training"),
        ("我要投诉：故障没有人修", "complaint"),
        ("请安排巡检", "inspection"),
        ("咨询：如何修改密码", "question"),
        ("您好", None),
    ],
)
def test_kind_is_proposed_from_its_words(text: str, kind: str | None) -> None:
    assert proposed_kind(text) == kind


@pytest.mark.parametrize(
    "read", ["PX0I-2208-O117", "Px0l-2208-0117", "PXO1 22080117", "px01-22O8-o117"]
)
def test_misread_serial_number_is_still_that_of_the_device(read: str) -> None:
    assert likeness("PX01-2208-0117") in likenesses_in(f"序列号{read}，请尽快处理")


def test_words_and_short_numbers_are_no_serial_numbers() -> None:
    assert likenesses_in("please call soon\n12 34") == frozenset()


def device(device_id: str, customer_id: str, serial: str) -> DeviceRecorded:
    return DeviceRecorded(device_id=device_id, customer_id=customer_id, serial=serial)


MINE = device("D-1", "C-1", "IT-SRV-01")
THEIRS = device("D-2", "C-2", "IT-SRV-O1")


def test_device_of_the_sender_comes_before_one_like_it() -> None:
    found = device_in("serial lT-SRV-0l", [MINE, THEIRS], "C-1")
    assert found is not None
    assert found.device_id == "D-1"


def test_serial_number_as_it_is_written_comes_before_one_like_it() -> None:
    found = device_in("serial IT-SRV-O1", [MINE, THEIRS], None)
    assert found is not None
    assert found.device_id == "D-2"


def test_two_devices_that_it_may_be_are_none() -> None:
    assert device_in("serial lT-SRV-0l", [MINE, THEIRS], None) is None
    assert (
        device_in("序列号 IT-SRV-01 和 IT-SRV-02", [MINE, device("D-3", "C-1", "IT-SRV-02")], "C-1")
        is None
    )


def customer(customer_id: str, name: str) -> CustomerRecorded:
    return CustomerRecorded(customer_id=customer_id, name=name)


LIBRARY = customer("C-1", "City Library")
BRANCH = customer("C-2", "City Library North")
SQUARE = customer("C-3", "人民广场管理处")


def test_customer_is_found_by_name_whatever_became_of_the_spaces() -> None:
    assert customer_in("From CityLibrary", [LIBRARY, SQUARE]) == "C-1"
    assert customer_in("报修单位：人民 广场管理处", [LIBRARY, SQUARE]) == "C-3"


def test_longer_name_counts_where_one_holds_the_other() -> None:
    assert customer_in("from City Library North", [LIBRARY, BRANCH]) == "C-2"


def test_two_customers_that_it_may_be_are_none() -> None:
    assert customer_in("City Library, 人民广场管理处", [LIBRARY, SQUARE]) is None
