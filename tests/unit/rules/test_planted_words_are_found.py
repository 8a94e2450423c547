"""The negative control of every search for personal data: what is there is found."""

import base64
import gzip
import json
import quopri
import zlib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote_plus, urlencode

import pytest

from support.byte_search import Search

NAME, LATIN = "欧阳澄观", "Zephyrine Quill"
PLANTS: dict[str, Callable[[str], bytes]] = {
    "as it is": lambda word: word.encode(),
    "utf-16": lambda word: word.encode("utf-16"),
    "utf-16, big end first": lambda word: word.encode("utf-16-be"),
    "gb18030": lambda word: word.encode("gb18030"),
    "base64": lambda word: base64.b64encode(f"name: {word};".encode()),
    "base64, one further": lambda word: base64.b64encode(f"name:: {word};".encode()),
    "base64, two further": lambda word: base64.b64encode(f"name::: {word};".encode()),
    "base64 of gb18030": lambda word: base64.b64encode(f"a{word}b".encode("gb18030")),
    "base64 in lines": lambda word: base64.encodebytes(f"{'x' * 50}{word}{'y' * 50}".encode()),
    "gzip": lambda word: b"before" + gzip.compress(f"a {word}".encode()) + b"after",
    "zlib": lambda word: b"before" + zlib.compress(f"a {word}".encode()) + b"after",
    "JSON": lambda word: json.dumps({"name": word}).encode(),
    "JSON in capitals": lambda word: (
        json.dumps(word).upper().replace("\\U", "\\u").encode()
        if word == NAME
        else json.dumps(word).encode()
    ),
    "quoted-printable": lambda word: quopri.encodestring(f"{'x' * 70} {word}".encode()),
    "a form": lambda word: urlencode({"name": word}).encode(),
    "an address": lambda word: (
        quote_plus(word).lower().encode() if word == NAME else quote_plus(word).encode()
    ),
    "hex": lambda word: word.encode().hex().encode(),
    "HTML": lambda word: word.encode("ascii", "xmlcharrefreplace"),
}


@pytest.mark.parametrize("how", PLANTS)
@pytest.mark.parametrize("word", [NAME, LATIN])
def test_planted_word_is_found(how: str, word: str, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file").write_bytes(b"\0" * 999 + PLANTS[how](word) + b"\0" * 999)
    (tmp_path / "other").write_bytes(b"nothing of the kind")
    found = Search([NAME, LATIN]).folder(tmp_path)
    assert found
    assert all(one.startswith(f"deep/file: {word}") for one in found)


def test_what_is_not_there_is_not_found(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes("Zephyrin, 欧阳, 澄观".encode() * 99)
    search = Search([NAME, LATIN])
    assert not search.folder(tmp_path)
    assert (search.files, search.bytes) == (1, 99 * len("Zephyrin, 欧阳, 澄观".encode()))
