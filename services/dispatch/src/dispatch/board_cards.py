"""Cards of the board, drawn once: a thousand that did not change cost nothing to show again."""

from collections import OrderedDict
from collections.abc import Callable

from markupsafe import Markup

from aftercare_http import Language, Pages

from .board_data import Card

KEPT = 4_000


class Cards:
    """A plain card follows from its case at a position of one log, its names and the language."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._drawn: OrderedDict[tuple[str | int, ...], Markup] = OrderedDict()

    def drawing(self, name_of: Callable[[str], str]) -> Callable[[Card, Language], Markup]:
        def draw(card: Card, language: Language) -> Markup:
            if not card.is_plain:
                return self._draw(card, language, name_of)
            key = (card.case_id, card.position, card.customer, card.site, language)
            if key not in self._drawn:
                self._drawn[key] = self._draw(card, language, name_of)
            self._drawn.move_to_end(key)
            if len(self._drawn) > KEPT:
                self._drawn.popitem(last=False)
            return self._drawn[key]

        return draw

    def _draw(self, card: Card, language: Language, name_of: Callable[[str], str]) -> Markup:
        return self._pages.fragment("board_card.html", language, card=card, name_of=name_of)
