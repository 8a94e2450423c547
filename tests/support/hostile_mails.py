"""Mails that are meant to hurt, or that no honest program writes; the same for the same seed."""

import io
import zipfile
from collections.abc import Callable, Iterator
from random import Random

from support.mail_corpus import file, html, mail, multi, plain


def hostile_mails(seed: int, count: int) -> Iterator[bytes]:
    chance = Random(seed)
    for number in range(count):
        make = KINDS[number % len(KINDS)]
        raw = make(chance)
        yield raw if chance.random() < 0.7 else _damaged(raw, chance)


def _damaged(raw: bytes, chance: Random) -> bytes:
    """Cut off, or with bytes turned around, as broken relays leave mails."""
    if chance.random() < 0.5:
        return raw[: chance.randrange(1, len(raw) + 1)] or b"x"
    torn = bytearray(raw)
    for _ in range(chance.randrange(1, 20)):
        torn[chance.randrange(len(torn))] = chance.randrange(256)
    return bytes(torn)


def _sender(chance: Random) -> str:
    return f"u{chance.randrange(10**6)}@hostile.example"


def _nested(chance: Random) -> bytes:
    lines: list[bytes] = [b"From: a@hostile.example"]
    for level in range(chance.choice((5, 19, 25, 1_000))):
        lines += [b'Content-Type: multipart/mixed; boundary="b%d"' % level, b"", b"--b%d" % level]
    return b"\r\n".join([*lines, b"", b"end"])


def _nested_messages(chance: Random) -> bytes:
    depth = chance.choice((3, 20, 500))
    return b"From: a@hostile.example\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * depth


def _many_parts(chance: Random) -> bytes:
    parts = b"--b\r\n\r\nx\r\n" * chance.choice((150, 201, 50_000))
    return b'From: a@hostile.example\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n' + parts


def _word_bomb(chance: Random) -> bytes:
    words = " ".join("=?utf-8?q?=41?=" for _ in range(chance.choice((50, 1_000, 20_000))))
    return f"From: {_sender(chance)}\r\nSubject: {words}\r\n\r\nx".encode()


def _huge_to(chance: Random) -> bytes:
    to = ", ".join(_sender(chance) for _ in range(chance.choice((100, 2_000, 8_000))))
    return f"From: {_sender(chance)}\r\nTo: {to}\r\n\r\nx".encode()


def _wrong_charset(chance: Random) -> bytes:
    label = chance.choice(("gb2312", "utf-7", "hex", "zip", "x" * 300, "utf-16", "idna", "\u00e9"))
    body = bytes(chance.randrange(256) for _ in range(400))
    head = f'From: {_sender(chance)}\r\nContent-Type: text/plain; charset="{label}"\r\n\r\n'
    return head.encode() + body


def _controls(chance: Random) -> bytes:
    body = b"a\x00b\rc\x1b[2J\x7f\x08" * chance.randrange(1, 2_000)
    return f"From: {_sender(chance)}\r\nSubject: a\x00b\rX-Injected: 1\r\n\r\n".encode() + body


def _injection(chance: Random) -> bytes:
    coded = "=?utf-8?q?x=0D=0ABcc:_victim@x.example?="
    return mail(f'"{coded}" <{_sender(chance)}>', coded, plain("x"), f"Message-ID: <{coded}@x>")


def _zip_bomb(chance: Random) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(chance.choice((1 << 16, 1 << 22))))
    bomb = file("application/zip", packed.getvalue(), 'filename="../../bomb.zip"')
    return mail(_sender(chance), "bomb", multi("mixed", "z", plain("x"), bomb))


def _pieces(chance: Random) -> bytes:
    parts = ";\r\n ".join(f"filename*{n}*=utf-8''%e4%b8" for n in range(chance.choice((3, 999))))
    return mail(_sender(chance), "pieces", multi("mixed", "p", file("a/b", b"x", parts)))


def _loop(chance: Random) -> bytes:
    hops = "".join(f"Received: from a by b; {n}\r\n" for n in range(chance.choice((30, 800))))
    return hops.encode() + mail(_sender(chance), "re", plain("x"), "X-Loop: aftercare")


def _automatic(chance: Random) -> bytes:
    header = chance.choice(("Auto-Submitted: auto-replied", "Precedence: bulk", "Return-Path: <>"))
    return mail(_sender(chance), "自动回复: hello", plain("x"), header)


def _bounce(chance: Random) -> bytes:
    report = multi("report", "r", plain("failed"), more="; report-type=delivery-status")
    return mail("MAILER-DAEMON@hostile.example", f"Undelivered {chance.random()}", report)


def _evil_page(chance: Random) -> bytes:
    page = "<div>" * chance.choice((10, 3_000)) + "<script>x</script><img src=//t.example>"
    return mail(_sender(chance), "page", html(page))


def _claims_to_be_encoded(chance: Random) -> bytes:
    encoding = chance.choice(("base64", "quoted-printable", "uuencode", "x-zip", "7bit"))
    head = f"From: {_sender(chance)}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode() + bytes(chance.randrange(256) for _ in range(1_000))


KINDS: tuple[Callable[[Random], bytes], ...] = (
    _nested,
    _nested_messages,
    _many_parts,
    _word_bomb,
    _huge_to,
    _wrong_charset,
    _controls,
    _injection,
    _zip_bomb,
    _pieces,
    _loop,
    _automatic,
    _bounce,
    _evil_page,
    _claims_to_be_encoded,
)
