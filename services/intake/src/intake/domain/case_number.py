"""Case numbers as customers write and say them."""

import re

# Crockford's base 32: no I, L, O, U to misread on the telephone.
_NUMBER = re.compile(r"(?<![0-9A-Z-])[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}(?![0-9A-Z-])")
_MISREAD = str.maketrans("ILO", "110")


def case_numbers_in(text: str) -> list[str]:
    """Case numbers written in free text, in order; misread letters are put right."""
    return _NUMBER.findall(text.upper().translate(_MISREAD))
