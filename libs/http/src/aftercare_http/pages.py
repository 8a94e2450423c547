"""The pages of a service: its templates in the one visual language, in the reader's language."""

import hashlib
import json
import secrets
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from . import i18n
from .state import state

HERE = Path(__file__).parent
_YEAR_S = 365 * 24 * 3600


class Pages:
    """Templates, words and files of one service's package.

    The package holds `templates/`, `messages.zh.json`, `messages.en.json` and, where it has
    scripts of its own, `static/` (served at `/static/<service>/`).
    """

    def __init__(self, package: str) -> None:
        folder = _folder_of(package)
        self.static = folder / "static" if (folder / "static").is_dir() else None
        self._words = i18n.load([HERE, folder])
        self._environment = Environment(
            loader=FileSystemLoader([folder / "templates", HERE / "templates"]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        filters = cast("dict[str, Callable[..., Any]]", self._environment.filters)
        filters |= {
            "json_script": json_script,
            "local": _local,
            "local_day": _local_day,
            "local_clock": i18n.local_clock,
        }

    def render(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        words: tuple[str, ...] = ("live.",),
        **context: Any,
    ) -> HTMLResponse:
        """The page in the reader's language, with its content security policy.

        Its scripts get the words whose keys begin with one of `words`.
        """
        language = i18n.language_of(request)
        other = "en" if language == "zh" else "zh"
        nonce = secrets.token_urlsafe(16)
        html = self._environment.get_template(template).render(
            t=self.words(language),
            static=self._static_url,
            lang=language,
            other_lang=other,
            switch_url=_switch_url(request, other),
            now=state(request).clock.now(),
            nonce=nonce,
            principal=request.scope.get("principal"),
            client_words={k: v for k, v in self._words[language].items() if k.startswith(words)},
            **context,
        )
        return _answer(request, html, status, nonce, language)

    def fragment(self, template: str, language: i18n.Language, **context: Any) -> Markup:
        """A part of a page that depends on nothing but the language and the context."""
        t = self.words(language)
        html = self._environment.get_template(template).render(t=t, lang=language, **context)
        return Markup(html)  # noqa: S704 - a template escaped it

    def words(self, language: i18n.Language) -> Callable[..., str]:
        """The translator that templates know as `t`."""
        words = self._words[language]

        def t(key: str, **values: Any) -> str:
            return i18n.translate(words, key, values)

        return t

    def _static_url(self, path: str) -> str:
        """The address of a static file; it changes with the content, so it may be kept a year."""
        _, _, name = path.partition("/")
        folder, name = (self.static, name) if name and self.static else (HERE / "static", path)
        return f"/static/{path}?v={_version(folder / name)}"


@pass_context
def _local(context: Context, instant: datetime) -> str:
    return i18n.local_time(instant, context["lang"])


@pass_context
def _local_day(context: Context, instant: datetime) -> str:
    return i18n.local_day(instant, context["lang"])


def _folder_of(package: str) -> Path:
    file = import_module(package).__file__
    if file is None:
        raise ValueError(f"{package} is no package with a folder")
    return Path(file).parent


@lru_cache(maxsize=256)
def _version(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _switch_url(request: Request, language: str) -> str:
    """The same place in the other language."""
    url = request.url.include_query_params(lang=language)
    return f"{url.path}?{url.query}"


def _answer(
    request: Request, html: str, status: int, nonce: str, language: i18n.Language
) -> HTMLResponse:
    headers = {
        "Content-Security-Policy": content_security_policy(nonce),
        "Cache-Control": "no-store",
        "Content-Language": language,
        "Vary": "Accept-Language, Cookie",
    }
    response = HTMLResponse(html, status, headers)
    if request.query_params.get("lang") in i18n.LANGUAGES:
        response.set_cookie(i18n.COOKIE, language, max_age=_YEAR_S, samesite="lax")
    return response


def content_security_policy(nonce: str) -> str:
    """Nothing from elsewhere, nothing inline without the nonce, never framed."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}'",
            f"style-src 'self' 'nonce-{nonce}'",
            "img-src 'self' data:",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def json_script(value: Any) -> Markup:
    """JSON that may stand inside a `<script type="application/json">`."""
    text = json.dumps(value, ensure_ascii=False, default=_plain)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - every character that could end the script is escaped


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"not JSON: {type(value).__name__}")
