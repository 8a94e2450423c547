"""The severity that a text names, within the scale of a contract (IN-06)."""

import re
from collections.abc import Mapping, Sequence

_DIGITS = str.maketrans("一二三四五１２３４５", "1234512345")
# A hospital of the third class (三级甲等) reports faults as well.
_LEVEL = re.compile(
    r"(?:级别|等级|level|severity|priority)[^0-9a-z\n]{0,4}(?P<after>[1-5])(?!\d)"
    r"|\b[ps](?P<short>[1-5])\b"
    r"|(?<![0-9第])(?P<before>[1-5])\s*级(?![别甲医])",
    re.IGNORECASE,
)
# By the names that contracts give their severities.
_NAMED: Mapping[str, re.Pattern[str]] = {
    "system_down": re.compile("瘫痪|宕机|死机|停机|system[ ]?(?:is[ ]?)?down"),
    "severe": re.compile("严重|severe"),
    "partial": re.compile("部分|局部|partial"),
    "catastrophic": re.compile("灾难|特大|重大|catastroph"),
    "general": re.compile("一般|general"),
    "urgent": re.compile("(?<![非不])(?:紧急|加急|急修)|(?<!not )(?<!non-)urgent"),
    "normal": re.compile("一般|普通|不急|非紧急|normal|not urgent"),
}
_WORST = re.compile("特级|最高级|全部瘫痪|系统瘫痪|全面中断|system[ ]?(?:is[ ]?)?down")


def severity_in(text: str, scale: Sequence[str]) -> str | None:
    """The one severity of the scale (worst first) that is named; None where several are.

    A level by number counts before words; words that name the worst count in every scale.
    """
    lowered = text.lower()
    levels = {match[match.lastgroup or 0] for match in _LEVEL.finditer(_numbered(lowered))}
    if known := levels & set(scale):
        return known.pop() if len(known) == 1 else None
    named = {name for name in scale if (words := _NAMED.get(name)) and words.search(lowered)}
    if scale and _WORST.search(lowered):
        named.add(scale[0])
    return named.pop() if len(named) == 1 else None


def _numbered(text: str) -> str:
    return text.translate(_DIGITS)
