import pytest

from intake.domain.case_number import case_numbers_in
from intake.domain.classify import kind_of
from intake.people import Person, email_identifier


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("服务器无法启动", "fault"),
        ("升级后无法启动", "fault"),
        ("投诉：工程师迟到", "complaint"),
        ("我要監督投訴", "supervision_complaint"),
        ("监督投诉", "supervision_complaint"),
        ("COMPLAINT about the visit", "complaint"),
        ("", "fault"),
    ],
)
def test_complaints_are_told_apart(text: str, kind: str) -> None:
    assert kind_of(text) == kind


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Re: [4F7K-Q2M9] server", ["4F7K-Q2M9"]),
        ("工单4F7K-Q2M9还没有人来", ["4F7K-Q2M9"]),
        ("case 4f7k-q2m9, and AAAA-BBBB", ["4F7K-Q2M9", "AAAA-BBBB"]),
        ("4F7K-O2MI", ["4F7K-02M1"]),
        ("4F7K-Q2M9X", []),
        ("call 138-0013-8000", []),
        ("", []),
    ],
)
def test_case_numbers_are_found_in_free_text(text: str, numbers: list[str]) -> None:
    assert case_numbers_in(text) == numbers


def test_case_of_an_address_does_not_count() -> None:
    assert email_identifier(" Li.Jing@Example.COM ") == "mailto:li.jing@example.com"
    assert email_identifier("") is None


def test_a_person_is_known_by_number_first() -> None:
    person = Person(reference="r", name="李静", phone="13855500119", email="a@b.example")
    assert person.identifiers == ("tel:+8613855500119", "mailto:a@b.example")
