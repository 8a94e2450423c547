"""Takes out of a text what tells who somebody is, and leaves what tells what is wrong.

It errs towards taking out: a serial number that reads like a telephone number is lost, unless
letters or dashes tie it to something longer.
"""

import re
from collections.abc import Iterator

MARK = "[…]"
MIN_WORD = 2
MAX_NAME = 80
Span = tuple[int, int]

# Full-width letters and digits are read as plain ones; every position stays where it was.
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x3002: 0x2E}

_SURNAME = (
    "[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏"
    "吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严"
    "覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁]"
)
_TITLE = "(?:先生|女士|小姐|太太|师傅|老师)"
_NUMBER_CUE = (
    "(?:电话|手机|座机|号码|联系方式|致电|来电|传真"
    "|(?<![a-z])(?:tel|telephone|phone|mobile|cell|fax)(?![a-z]))"
)
_ACCOUNT_CUE = "(?:微信|(?<![a-z])(?:wechat|weixin|qq|whatsapp)(?![a-z]))"
_NAME_CUE = "(?:联系人|报修人|姓名|我叫|我是)"

_SEP = r"[ ()\-.·\u2010-\u2015]{0,2}"
_START = r"(?<![0-9a-z_+])(?<![0-9a-z][\-./])"
_END = r"(?![0-9a-z_])(?![\-/][0-9a-z])"
_EXTENSION = r"(?:\s?(?:转|ext\.?|x|-)\s?\d{1,6})?"
_IP = r"\d{1,3}(?:\.\d{1,3}){3}(?![0-9.])"
_YEAR_TO_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_RANKS = ("先生", "女士", "小姐", "经理", "主任", "总", "工", "师傅", "老师")


def _compiled(*patterns: str) -> tuple[re.Pattern[str], ...]:
    """What is personal is the group `who`, else the whole match."""
    return tuple(
        re.compile(pattern if "(?P<who>" in pattern else f"(?P<who>{pattern})", re.IGNORECASE)
        for pattern in patterns
    )


# The lookbehinds keep the search linear.
_ADDRESSES = _compiled(
    r"(?<![a-z0-9._%+'-])[a-z0-9._%+'-]+ ?@ ?(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}",
    r"(?<!\w)\w+@(?:[\w-]{1,63}\.){1,8}[\w-]{2,24}",
)
_NUMBERS = _compiled(
    # identity cards of 18 and of 15 digits, known by the date of birth
    rf"(?<!\d)[1-9]\d{{5}} ?(?:18|19|20)\d{{2}}{_YEAR_TO_DAY} ?\d{{3}}[\dx](?![0-9a-z])",
    rf"{_START}[1-9]\d{{7}}{_YEAR_TO_DAY}\d{{3}}{_END}",
    # announced, mobile, landline with area code, international, North American
    rf"{_NUMBER_CUE}[^0-9a-z+(]{{0,6}}(?P<who>[+(]{{0,2}}\d(?:{_SEP}\d){{4,19}})",
    rf"(?<![0-9a-z])(?!{_IP})(?:(?:\+|00)?86{_SEP})?1[3-9](?:{_SEP}\d){{9}}(?!\d)",
    rf"{_START}\(?0[1-9]\d{{1,2}}\)?{_SEP}[2-9]\d{{2,3}}{_SEP}\d{{4}}{_EXTENSION}{_END}",
    rf"(?<![0-9a-z])(?:\+|00){_SEP}[1-9](?:{_SEP}\d){{7,13}}(?!\d)",
    rf"{_START}\(?[2-9]\d{{2}}\)?[ .-]\d{{3}}[ .-]\d{{4}}{_END}",
)
_CHINESE_NAMES = _compiled(
    rf"{_NAME_CUE}[是为: ]{{0,3}}(?P<who>{_SURNAME}[\u4e00-\u9fff]{{1,2}})(?![\u4e00-\u9fff])",
    rf"{_SURNAME}[\u4e00-\u9fff]{{0,2}}?{_TITLE}",
)
_LATIN_NAMES = _compiled(
    rf"{_ACCOUNT_CUE}(?:号|id)?[^0-9a-z]{{0,4}}(?P<who>[a-z0-9][a-z0-9_-]{{4,30}})",
    r"(?<![a-z])(?:mr|mrs|ms|miss|dr)\.? (?-i:[A-Z])[\w'’-]+(?: (?-i:[A-Z])[\w'’-]+)?",
)
_LATIN = re.compile("[a-z0-9]", re.IGNORECASE)
_FEW_DIGITS = re.compile(rf"\d(?:{_SEP}\d){{4}}")
_WHOLE_CHINESE_NAME = re.compile("[\u4e00-\u9fff]{2,3}")


def redact(text: str, *names: str | None) -> str:
    """The text without telephone numbers, e-mail addresses, identity-card numbers, accounts,
    people with their titles, and without these names, whole or in parts."""
    if len(text) < MIN_WORD and text.isascii():
        return text
    narrow = text if text.isascii() else text.translate(_NARROW)
    spans = [match.span("who") for one in _patterns_for(narrow) for match in one.finditer(narrow)]
    spans.extend(_named(narrow, names))
    kept, end = "", 0
    for start, stop in sorted(spans):
        if start >= end:
            kept += text[end:start] + MARK
        end = max(end, stop)
    return kept + text[end:]


def _patterns_for(narrow: str) -> Iterator[re.Pattern[str]]:
    """Most texts hold neither a number nor an address, and need not be searched for one."""
    yield from _CHINESE_NAMES
    if _LATIN.search(narrow):
        yield from _LATIN_NAMES
    if "@" in narrow:
        yield from _ADDRESSES
    if _FEW_DIGITS.search(narrow):
        yield from _NUMBERS


def _named(narrow: str, names: tuple[str | None, ...]) -> Iterator[Span]:
    lower = narrow.lower()
    # A few letters grow when they are lowered; then places no longer agree.
    lower = lower if len(lower) == len(narrow) else narrow
    for name in names:
        words = (name or "")[:MAX_NAME].translate(_NARROW).lower().split()
        for word in {"".join(words), *words}:
            if len(word) >= MIN_WORD or not word.isascii():
                yield from _occurrences(lower, word)
        if (surname := _chinese_surname(words)) is not None:
            yield from _addressed(lower, surname)


def _occurrences(text: str, word: str) -> Iterator[Span]:
    """Latin letters around it make it part of another word; Chinese ones do not."""
    start = text.find(word) if word else -1
    while start >= 0:
        stop = start + len(word)
        if not (_is_latin(text[start - 1 : start]) or _is_latin(text[stop : stop + 1])):
            yield start, stop
        start = text.find(word, stop)


def _addressed(text: str, surname: str) -> Iterator[Span]:
    """Somebody by surname and rank (张经理), or as colleagues say (老张)."""
    if surname not in text:
        return
    for address in (*(f"{surname}{rank}" for rank in _RANKS), f"小{surname}", f"老{surname}"):
        yield from _occurrences(text, address)


def _is_latin(around: str) -> bool:
    return around.isascii() and around.isalnum()


def _chinese_surname(words: list[str]) -> str | None:
    whole = "".join(words)
    return whole[0] if _WHOLE_CHINESE_NAME.fullmatch(whole) else None
