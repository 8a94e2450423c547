"""Serial numbers as a machine reads them off a fax: O for 0, l for 1, a dash lost or added."""

import re
from collections.abc import Iterator
from itertools import pairwise

_ALIKE = str.maketrans("OQILSBZ", "0011582")
_WORD = re.compile(r"[0-9A-Za-z]+(?:[-_/.][0-9A-Za-z]+)*")
_DIGIT = re.compile("[0-9]")
# Shorter ones stand in any text by chance.
SHORTEST = 5
MOST = 500


def likeness(serial: str) -> str:
    """What is left of a serial number of which nothing can be misread; alike means the same."""
    return re.sub("[^0-9A-Z]", "", serial.upper()).translate(_ALIKE)


def likenesses_in(text: str) -> frozenset[str]:
    """Those of all that could be serial numbers in a text; spaces may have crept into one."""
    candidates = (candidate for line in text.splitlines() for candidate in _candidates(line))
    found = (likeness(candidate) for candidate in candidates if _DIGIT.search(candidate))
    alike = dict.fromkeys(one for one in found if len(one) >= SHORTEST)
    return frozenset(list(alike)[:MOST])


def _candidates(line: str) -> Iterator[str]:
    words = _WORD.findall(line)
    yield from words
    yield from map("".join, pairwise(words))
