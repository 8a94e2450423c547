"""The maintenance summary (维护总结, DP-08): what was wrong, what was done, who accepted it."""

from collections.abc import Sequence
from datetime import datetime

from aftercare_events.catalogue.work import CostsRecorded

from ..domain.card import Card, Entry
from .sheet import Names, People, Section, Sheet, Words, head_of, moment_of, record_of, verdict_of

# The way of the work, in the words of the card.
STEPS = (
    *("reported", "reopened", "responded", "diagnosed", "arrived"),
    *("restored", "resolved", "signed_off", "closed"),
)


def summary_of(
    card: Card, names: Names, people: People, *, t: Words, language: str, now: datetime
) -> Sheet:
    """Before the customer signed it off it says that it is a draft."""
    sections = (
        record_of(card, people, t),
        _way(card.history, t),
        _costs(card.history, t),
        verdict_of(card, people, t),
    )
    return Sheet(
        language=language,
        title=t("summary.title"),
        company=t("app.name"),
        case_id=card.report.case_id,
        summary=card.report.summary,
        state=t("card.event.signed_off" if card.signed_off else "summary.draft"),
        printed=t("card.printed", at=moment_of(now)),
        page=t("card.page"),
        head=head_of(card, names, t),
        sections=[section for section in sections if section.facts or section.rows],
    )


def _way(history: Sequence[Entry], t: Words) -> Section:
    told = [entry for entry in history if entry.what in STEPS]
    return Section(
        title=t("summary.way"),
        columns=[t(f"card.{name}") for name in ("when", "what", "by")],
        rows=[(moment_of(e.at), t(f"card.event.{e.what}"), e.by) for e in told],
    )


def _costs(history: Sequence[Entry], t: Words) -> Section:
    """What the customer pays, entry by entry; one recorded again stands as it was said last."""
    said = {e.data.number: e.data for e in history if isinstance(e.data, CostsRecorded)}
    charged = [one for _, one in sorted(said.items()) if one.charged]
    sums: dict[str, int] = {}
    for one in charged:
        sums[one.currency] = sums.get(one.currency, 0) + _cents(one)
    columns = ("travel", "labour", "parts", "total")
    rows = [_cost_row(one) for one in charged]
    rows += [(t("summary.sum"), "", "", _money(sums[name], name)) for name in sorted(sums)]
    title = t("summary.costs")
    return Section(title=title, columns=[t(f"summary.{name}") for name in columns], rows=rows)


def _cost_row(one: CostsRecorded) -> tuple[str, str, str, str]:
    kilometres = f"{one.travel_metres // 1000}.{one.travel_metres % 1000:03} km"
    travel = f"{kilometres} · {one.travel_minutes} min · {_money(one.travel_cents, one.currency)}"
    labour = f"{one.labour_minutes} min · {_money(one.labour_cents, one.currency)}"
    parts = "\n".join(
        f"{part.quantity} × {part.part_number} · {_money(part.unit_cents, one.currency)}"
        for part in one.parts
    )
    return travel, labour, parts, _money(_cents(one), one.currency)


def _cents(one: CostsRecorded) -> int:
    parts = sum(part.quantity * part.unit_cents for part in one.parts)
    return one.travel_cents + one.labour_cents + parts


def _money(cents: int, currency: str) -> str:
    return f"{cents // 100}.{cents % 100:02} {currency}"
