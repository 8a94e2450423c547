"""Cards of the wall, drawn once: a thousand that did not change cost nothing to show again."""

from functools import lru_cache

from markupsafe import Markup

from aftercare_http import Language

from ..escalations import Escalation
from .frame import pages

KEPT = 8_000


@lru_cache(maxsize=KEPT)
def card(escalation: Escalation, language: Language) -> Markup:
    """What it says follows from these two alone; its times move in the browser."""
    return pages.fragment("card.html", language, each=escalation)
