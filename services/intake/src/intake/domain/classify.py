"""The kind of a request that nobody classified (IN-04): read from its words, else a fault."""

from aftercare_events.catalogue.case import Kind

# A word like "upgrade" or "training" also stands in reports of faults; calling such a fault
# something else would take its clocks away, so only complaints are told apart.
_WORDS: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    ("supervision_complaint", ("监督投诉", "監督投訴", "supervision complaint")),
    ("complaint", ("投诉", "投訴", "complaint")),
)


def kind_of(text: str) -> Kind:
    """The first kind whose words stand in `text` (a subject line, say)."""
    lowered = text.lower()
    for kind, words in _WORDS:
        if any(word in lowered for word in words):
            return kind
    return "fault"
