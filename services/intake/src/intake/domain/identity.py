"""Ids that follow from what made something unique, so that a repeat finds the first."""

import hashlib
import re

# Crockford's base 32: no I, L, O, U to misread on the telephone.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CASE_ID = re.compile(rf"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}")
_MISREAD = str.maketrans("ILO", "110")


def digest(*parts: str | bytes) -> str:
    """Hex SHA-256 over the parts, each with its length: ("a", "bc") is not ("ab", "c")."""
    state = hashlib.sha256()
    for part in parts:
        raw = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        state.update(len(raw).to_bytes(8, "big"))
        state.update(raw)
    return state.hexdigest()


def case_id(identity: str, attempt: int = 0) -> str:
    """The case number of an identity (hex digest).

    40 bits are short enough to say on the telephone and meet by chance now and then: the number
    of the next `attempt` is taken when another identity holds this one.
    """
    number = int(digest(identity, str(attempt))[:10], 16)
    letters = "".join(ALPHABET[number >> shift & 31] for shift in range(35, -1, -5))
    return f"{letters[:4]}-{letters[4:]}"


def source_id(*parts: str) -> str:
    """An id fit for a log subject, for things whose own identity may hold any character."""
    return digest(*parts)[:32]


def case_ids_in(text: str) -> list[str]:
    """Case numbers written in free text, in order, misread letters put right."""
    return CASE_ID.findall(text.upper().translate(_MISREAD))
