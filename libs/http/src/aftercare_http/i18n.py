"""Chinese and English: which one a reader wants, and the words for it."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, cast, get_args
from zoneinfo import ZoneInfo

from starlette.requests import Request

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
COOKIE = "aftercare_lang"
LOCAL_ZONE = ZoneInfo("Asia/Shanghai")
_RANGE = re.compile(r"\s*([A-Za-z]{1,8})(?:-[A-Za-z0-9-]+)?\s*(?:;\s*q=([01](?:\.\d{1,3})?))?\s*")
_WEEKDAYS = {"zh": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

Catalogue = Mapping[str, str]


def language_of(request: Request) -> Language:
    """`?lang=`, else what was chosen before, else what the browser asks for, else Chinese."""
    chosen = (request.query_params.get("lang"), request.cookies.get(COOKIE))
    for language in LANGUAGES:
        if language in chosen[:1]:
            return language
    for language in LANGUAGES:
        if language == chosen[1]:
            return language
    return _accepted(request.headers.get("accept-language", ""))


def _accepted(header: str) -> Language:
    best: Language = "zh"
    weight = 0.0
    for part in header[:500].split(","):
        match = _RANGE.fullmatch(part)
        if match is None or match[1].lower() not in LANGUAGES:
            continue
        quality = float(match[2] or 1)
        if quality > weight:
            best, weight = cast("Language", match[1].lower()), quality
    return best


def load(folders: Sequence[Path]) -> dict[Language, Catalogue]:
    """The catalogues `messages.<language>.json` of each folder; later folders add and override."""
    return {language: _merged(folders, language) for language in LANGUAGES}


def _merged(folders: Sequence[Path], language: Language) -> Catalogue:
    words: dict[str, str] = {}
    for folder in folders:
        path = folder / f"messages.{language}.json"
        if path.exists():
            words |= json.loads(path.read_text("utf-8"))
    return words


def translate(words: Catalogue, key: str, values: Mapping[str, Any]) -> str:
    """The text of `key` with `{name}` filled in. Raises KeyError for a key nobody wrote."""
    return words[key].format(**values) if values else words[key]


def local_day(instant: datetime, language: Language) -> str:
    """The date as people at the company read it (Asia/Shanghai), the year left out."""
    there = instant.astimezone(LOCAL_ZONE)
    weekday = _WEEKDAYS[language][there.weekday()]
    if language == "zh":
        return f"{there.month}月{there.day}日 周{weekday}"
    return f"{weekday} {there.day} {_MONTHS[there.month - 1]}"


def local_clock(instant: datetime) -> str:
    """The time of day (Asia/Shanghai)."""
    return f"{instant.astimezone(LOCAL_ZONE):%H:%M}"


def local_time(instant: datetime, language: Language) -> str:
    """Date and time as people at the company read it (Asia/Shanghai), the year left out."""
    return f"{local_day(instant, language)} {local_clock(instant)}"
