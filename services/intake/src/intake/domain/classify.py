"""The kind of a request that nobody classified (IN-04): read from its words, else a fault."""

import re

from aftercare_events.catalogue.case import Kind

# A word like "upgrade" or "training" also stands in reports of faults; calling such a fault
# something else would take its clocks away, so only complaints are told apart.
_WORDS: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    ("supervision_complaint", ("监督投诉", "監督投訴", "supervision complaint")),
    ("complaint", ("投诉", "投訴", "complaint")),
)
# Where a person confirms, more may be guessed; a fault named beside them is one all the same.
_FAULT = re.compile(
    "故障|报修|瘫痪|无法|不能|异常|损坏|死机|中断|报警|告警|fault|fail|error|broken|down"
)
_PROPOSED: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    ("training", ("培训", "training")),
    ("upgrade", ("升级", "upgrade")),
    ("inspection", ("巡检", "inspection")),
    ("maintenance", ("保养", "maintenance")),
    ("suggestion", ("建议", "suggestion")),
    ("question", ("咨询", "请问", "question")),
)


def kind_of(text: str) -> Kind:
    """The first kind whose words stand in `text` (a subject line, say)."""
    return _first(_WORDS, text.lower()) or "fault"


def proposed_kind(text: str) -> Kind | None:
    """What a clerk is asked to confirm; None where the words say nothing."""
    lowered = text.lower()
    if (complaint := _first(_WORDS, lowered)) is not None:
        return complaint
    return "fault" if _FAULT.search(lowered) else _first(_PROPOSED, lowered)


def _first(choices: tuple[tuple[Kind, tuple[str, ...]], ...], lowered: str) -> Kind | None:
    return next((kind for kind, words in choices if any(word in lowered for word in words)), None)
