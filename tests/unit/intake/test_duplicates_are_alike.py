"""Probable duplicates: same thing, similar words, another channel, soon after (IN-14)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from intake.domain.duplicates import WINDOW, Likeness, Told, likeness, similarity

AT = datetime(2026, 11, 2, 1, tzinfo=UTC)


def told(summary: str = "二号楼服务器无法启动", **changes: Any) -> Told:
    fields: dict[str, Any] = {"channel": "phone", "reported_at": AT, "device_id": "D-1"}
    return Told(summary=summary, **(fields | changes))


MAIL = told("服务器启动不了，二号楼", channel="email", reported_at=AT + timedelta(hours=2))


def test_same_device_told_again_by_mail_is_proposed() -> None:
    alike = likeness(told(), MAIL)
    assert alike is not None
    assert alike.same == "device"
    assert 0.2 < alike.score < 1


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"channel": "email"}, "the same channel has its own way of joining"),
        ({"device_id": "D-2"}, "another device"),
        ({"summary": "请问保修什么时候到期"}, "another matter"),
        ({"reported_at": AT - WINDOW}, "too long ago"),
        ({"device_id": None}, "nothing says that it is the same thing"),
    ],
)
def test_anything_else_is_not(changes: dict[str, Any], why: str) -> None:
    assert likeness(told(**{"summary": "二号楼服务器无法启动"} | changes), MAIL) is None, why


def test_at_the_same_site_without_a_device_the_words_must_say_more() -> None:
    here: dict[str, Any] = {"device_id": None, "site_id": "S-1", "category": "device"}
    fax = Told(channel="fax", summary="二号楼服务器无法启动了", reported_at=AT, site_id="S-1")
    alike = likeness(told(**here), fax)
    assert alike is not None
    assert alike.same == "site"
    assert likeness(told("二号楼的灯不亮", **here), fax) is None
    assert likeness(told(**here | {"site_id": "S-2"}), fax) is None


def test_words_are_compared_without_spaces_case_and_marks() -> None:
    assert similarity("Server DOWN!", "server down") == 1.0
    assert similarity("打印机 卡纸", "打印机卡纸。") == 1.0
    assert similarity("", "x") == 0.0
    assert similarity("打印机卡纸", "路灯不亮") == 0.0


def test_fax_sent_again_is_proposed_once_both_are_known_to_be_of_one_device() -> None:
    """IN-14: a rescan has other bytes."""
    fax = Told(channel="fax", summary=None, reported_at=AT, device_id="D-1", site_id="S-1")
    assert likeness(fax, fax) == Likeness(0.0, "device")
    assert likeness(fax, replace(fax, device_id=None)) is None
    assert likeness(fax, replace(fax, device_id="D-2")) is None


def test_fax_without_words_is_compared_by_its_device_alone() -> None:
    """IN-14."""
    fax = Told(channel="fax", summary=None, reported_at=AT, device_id="D-1", site_id="S-1")
    assert likeness(told(), fax) == Likeness(0.0, "device")
    assert likeness(told(site_id="S-1"), replace(fax, device_id=None)) is None
