import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.requests import Request

from aftercare_http.i18n import COOKIE, LANGUAGES, language_of, load, local_time, translate

ROOT = Path(__file__).parents[3]
CATALOGUES = sorted(
    path.parent
    for folder in ("libs", "services")
    for path in (ROOT / folder).glob("*/src/*/messages.zh.json")
)


def asking(query: str = "", cookie: str = "", accept: str = "") -> Request:
    headers = [(b"accept-language", accept.encode()), (b"cookie", f"{COOKIE}={cookie}".encode())]
    scope = {"type": "http", "query_string": query.encode(), "headers": headers, "path": "/"}
    return Request(scope)


@pytest.mark.parametrize(
    ("request_", "language"),
    [
        (asking(), "zh"),
        (asking("lang=en", "zh", "zh"), "en"),
        (asking("lang=fr", "en", "zh"), "en"),
        (asking("", "xx", "en-GB,en;q=0.9"), "en"),
        (asking(accept="fr,zh-Hans-CN;q=0.8,en;q=0.7"), "zh"),
        (asking(accept="en;q=0.1,zh;q=0.2"), "zh"),
        (asking(accept="en;q=0"), "zh"),
        (asking(accept="en;q=banana, ,,;q=1,EN"), "en"),
        (asking(accept="x" * 100_000), "zh"),
    ],
)
def test_the_choice_goes_before_the_habit_and_the_browser(request_: Request, language: str) -> None:
    assert language_of(request_) == language


@pytest.mark.parametrize("folder", CATALOGUES, ids=lambda folder: folder.name)
def test_both_languages_say_the_same_things(folder: Path) -> None:
    chinese, english = (
        json.loads((folder / f"messages.{language}.json").read_text("utf-8"))
        for language in LANGUAGES
    )
    assert chinese.keys() == english.keys()
    for key, text in chinese.items():
        assert text.strip()
        assert english[key].strip()
        placeholders = [set(re.findall(r"\{(\w+)\}", said)) for said in (text, english[key])]
        assert placeholders[0] == placeholders[1], key


def test_later_folders_override_and_gaps_are_errors(tmp_path: Path) -> None:
    (tmp_path / "messages.zh.json").write_text('{"app.name":"本店","hi":"{who}好"}', "utf-8")
    words = load([Path("nowhere"), tmp_path])
    assert translate(words["zh"], "hi", {"who": "张"}) == "张好"
    with pytest.raises(KeyError):
        translate(words["en"], "hi", {})


@pytest.mark.parametrize(
    ("language", "text"), [("zh", "10月9日 周五 17:30"), ("en", "Fri 9 Oct 17:30")]
)
def test_times_are_read_where_the_company_is(language: str, text: str) -> None:
    assert local_time(datetime(2026, 10, 9, 9, 30, tzinfo=UTC), language) == text  # type: ignore[arg-type]
