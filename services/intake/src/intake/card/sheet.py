"""A card in words: the same sheet is shown as a page and printed as a PDF."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from aftercare_events.catalogue.feedback import Scores

from ..domain.card import Alarm, Card, Entry, Loan, Promise
from ..domain.report import LOCAL

Words = Callable[..., str]
Opened = Mapping[str, Any]
NOTHING = "—"
# What an entry tells besides its name, in this order.
DETAILS = (
    *("kind", "channel", "severity", "category", "engineer_id", "mode", "clock", "step", "target"),
    *(
        "loan_id",
        "unit_id",
        "into",
        "other",
        "contact_id",
        "customer_id",
        "outcome",
        "rating",
        "due_at",
    ),
    *("due_back", "percent", "amount", "currency", "waybill", "condition", "finding"),
    *("resolution", "note", "override_reason", "reason"),
)
# What somebody wrote is told in these parts; of a report that was merged also who wrote it.
MESSAGE = ("name", "subject", "text")
REPORT = ("name", "phone", "email", "subject", "text", "description")
# Told in a table of their own, and too often to be told in the history as well.
ELSEWHERE = frozenset({"alert_resolved", "alert_reminded", "promised"})


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """Facts, each a label and a text; or rows below `columns`, each with its mark.

    In a `wide` table the last column takes what the others leave.
    """

    title: str
    facts: Sequence[tuple[str, str]] = ()
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    marks: Sequence[str] = ()
    wide: bool = False


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    language: str
    title: str
    company: str
    case_id: str
    summary: str
    state: str
    printed: str
    page: str
    head: Sequence[tuple[str, str]]
    sections: Sequence[Section]


class Names(msgspec.Struct, frozen=True, kw_only=True):
    """What the archive calls the things a case is about."""

    customer: str = ""
    site: str = ""
    device: str = ""
    contract: str = ""


class Told(msgspec.Struct, frozen=True):
    """A report or message of a case that goes on as this one; `said` as in `People`."""

    case_id: str
    at: datetime
    channel: str
    said: Opened | None
    summary: str = ""
    files: int = 0


class People(msgspec.Struct, frozen=True, kw_only=True):
    """What was opened for this reader; None where they may not read it."""

    contact: Opened | None
    messages: Sequence[Opened] | None
    signed_by: str | None
    reported_by: str | None
    merged: Sequence[Told] = ()


def sheet_of(
    card: Card, names: Names, people: People, *, t: Words, language: str, now: datetime
) -> Sheet:
    sections = (
        _who(card, people, t),
        _promised(card.promises, t),
        _alarms(card.alarms, t),
        _history(card.history, t),
        record_of(card, people, t),
        _loans(card.loans, t),
        _messages(card, people, t),
        _merged(people.merged, t),
        verdict_of(card, people, t),
    )
    return Sheet(
        language=language,
        title=t("card.title"),
        company=t("app.name"),
        case_id=card.report.case_id,
        summary=card.report.summary,
        state=t(f"card.event.{_state(card)}"),
        printed=t("card.printed", at=moment_of(now)),
        page=t("card.page"),
        head=head_of(card, names, t),
        sections=[section for section in sections if section.facts or section.rows],
    )


def _state(card: Card) -> str:
    """The last milestone that says how far the case has come."""
    steps = ("closed", "withdrawn", "merged", "reopened", "resolved", "restored", "arrived")
    steps += ("departed", "accepted", "assigned", "reported")
    return next((e.what for e in reversed(card.history) if e.what in steps), "reported")


def head_of(card: Card, names: Names, t: Words) -> Sequence[tuple[str, str]]:
    report = card.report
    entitled = report.entitlement
    reasons = [_word("reason", reason, t) for reason in entitled.reasons] if entitled else []
    charged = "entitlement.chargeable" if entitled and entitled.chargeable else "entitlement.free"
    facts = (
        ("card.customer", _named(names.customer, report.customer_id)),
        ("card.site", _named(names.site, report.site_id)),
        ("card.device", _named(names.device, report.device_id)),
        ("card.contract", _named(names.contract, report.contract_id)),
        ("card.kind", _joined(t(f"kind.{report.kind}"), report.category)),
        ("card.severity", str(report.severity or "")),
        ("card.channel", t(f"channel.{report.channel}")),
        ("card.reported", moment_of(card.reported_at)),
        ("card.entitlement", _joined(t(charged), *reasons) if entitled else ""),
    )
    return [(t(label), text or NOTHING) for label, text in facts]


def _who(card: Card, people: People, t: Words) -> Section:
    facts: list[tuple[str, str]] = []
    if people.contact is None:
        facts.append((t("card.who"), t("card.not_for_you")))
    elif not people.contact:
        facts.append((t("card.who"), t("card.erased" if card.report.contact else "card.nobody")))
    else:
        parts = ("name", "phone", "email", "description")
        told = ((part, people.contact.get(part)) for part in parts)
        facts.extend((t(f"card.{part}"), str(text)) for part, text in told if text)
    return Section(title=t("card.who"), facts=facts)


def _promised(promises: Sequence[Promise], t: Words) -> Section:
    return Section(
        title=t("card.promises"),
        columns=[t(f"card.{name}") for name in ("promise", "due", "done", "verdict")],
        rows=[
            (
                _clock(one.clock, t),
                moment_of(one.due_at),
                moment_of(one.done_at),
                t(f"card.{one.verdict}"),
            )
            for one in promises
        ],
        marks=[one.verdict for one in promises],
    )


def _alarms(alarms: Sequence[Alarm], t: Words) -> Section:
    return Section(
        title=t("card.alarms"),
        columns=[t(f"card.{name}") for name in ("when", "rank", "promise", "told", "heard")],
        rows=[
            (
                moment_of(one.alert.fire_at),
                t(f"rank.{one.alert.step}"),
                _clock(one.alert.clock, t),
                one.alert.recipient,
                one.acknowledged.by if one.acknowledged else NOTHING,
            )
            for one in alarms
        ],
        marks=[one.alert.step for one in alarms],
    )


def _history(history: Sequence[Entry], t: Words) -> Section:
    told = [entry for entry in history if entry.what not in ELSEWHERE]
    return Section(
        title=t("card.history"),
        columns=[t(f"card.{name}") for name in ("when", "what", "by", "detail")],
        rows=[
            (moment_of(e.at), _word("card.event", e.what, t), e.by or NOTHING, _details(e, t))
            for e in told
        ],
        marks=["missed" if entry.what == "clock_breached" else "" for entry in told],
        wide=True,
    )


def _details(entry: Entry, t: Words) -> str:
    told = ((name, getattr(entry.data, name, None)) for name in DETAILS)
    return _joined(*(_detail(name, value, t) for name, value in told if value != entry.by))


def _detail(name: str, value: Any, t: Words) -> str:
    match value:
        case None | "":
            return ""
        case datetime():
            return moment_of(value)
        case date():
            return value.isoformat()
        case str() if name in ("kind", "channel"):
            return _word(name, value, t)
        case str() if name == "step":
            return t(f"rank.{value}")
        case str() if name == "clock":
            return _clock(value, t)
        case str() if name in ("mode", "outcome"):
            return _word(f"card.{name}", value, t)
        case float():
            return f"{value:g}"
        case _:
            return str(value)


def record_of(card: Card, people: People, t: Words) -> Section:
    record = card.record
    if record is None:
        return Section(title=t("card.record"))
    parts = ("place", "symptom", "cause", "action", "prevention", "technique")
    facts = [(t(f"card.{part}"), getattr(record, part) or NOTHING) for part in parts]
    facts.insert(1, (t("card.reported_by"), _person(record.reported_by, people.reported_by, t)))
    return Section(title=t("card.record"), facts=facts)


def _loans(loans: Sequence[Loan], t: Words) -> Section:
    return Section(
        title=t("card.loans"),
        columns=[
            t(f"card.{name}") for name in ("device", "unit", "shipped", "returned", "due_back")
        ],
        rows=[
            (
                one.reserved.model,
                one.reserved.unit_id,
                moment_of(one.shipped_at),
                moment_of(one.returned_at),
                one.reserved.due_back.isoformat() if one.reserved.due_back else NOTHING,
            )
            for one in loans
        ],
    )


def _messages(card: Card, people: People, t: Words) -> Section:
    opened = people.messages
    texts = [
        _told(None if opened is None else opened[number], t) for number in range(len(card.messages))
    ]
    return Section(
        title=t("card.messages"),
        columns=[t(f"card.{name}") for name in ("when", "channel", "text")],
        rows=[
            (moment_of(entry.at), _detail("channel", getattr(entry.data, "channel", ""), t), text)
            for entry, text in zip(card.messages, texts, strict=True)
        ],
        wide=True,
    )


def _merged(told: Sequence[Told], t: Words) -> Section:
    return Section(
        title=t("card.merged_from"),
        columns=[t(f"card.{name}") for name in ("when", "case", "channel", "files", "text")],
        rows=[
            (
                moment_of(one.at),
                one.case_id,
                _detail("channel", one.channel, t),
                str(one.files or NOTHING),
                "\n".join(filter(None, (one.summary, _told(one.said, t, REPORT)))),
            )
            for one in told
        ],
        wide=True,
    )


def _told(said: Opened | None, t: Words, parts: Sequence[str] = MESSAGE) -> str:
    if said is None:
        return t("card.not_for_you")
    return "\n".join(str(said[name]) for name in parts if said.get(name)) or t("card.erased")


def verdict_of(card: Card, people: People, t: Words) -> Section:
    facts: list[tuple[str, str]] = []
    if card.signed_off is not None:
        signed = card.signed_off
        facts.append((t("card.signed_by"), _person(signed.signed_by, people.signed_by, t)))
        facts.append((t("card.rating"), f"{signed.rating} / 5" if signed.rating else NOTHING))
    for callback in card.callbacks:
        scores: dict[str, int] = msgspec.to_builtins(callback.scores or Scores())
        given = [f"{t(f'card.score.{name}')} {score} / 5" for name, score in scores.items()]
        outcome = t(f"card.outcome.{callback.outcome}")
        facts.append((t("card.callback"), _joined(outcome, *given)))
    return Section(title=t("card.verdict_of_customer"), facts=facts)


def _person(sealed: Any, name: str | None, t: Words) -> str:
    """Somebody sealed, for whoever may know; a role that stands in clear, for everybody."""
    if sealed is None:
        return NOTHING
    return sealed if isinstance(sealed, str) else name or t("card.not_named")


def _named(name: str, identifier: str | None) -> str:
    return f"{name} ({identifier})" if name and identifier else name or identifier or ""


def _clock(clock: str, t: Words) -> str:
    return _word("clock", clock, t)


def _word(group: str, code: str, t: Words) -> str:
    """Contracts of a customer's own, and events of tomorrow, may say what we have no word for."""
    try:
        return t(f"{group}.{code}")
    except KeyError:
        return code


def _joined(*parts: str | None) -> str:
    return " · ".join(part for part in parts if part)


def moment_of(at: datetime | None) -> str:
    return f"{at.astimezone(LOCAL):%Y-%m-%d %H:%M}" if at else NOTHING
