"""Mails as twenty-odd clients write them: what each does to charsets, names of files and threads.

Every one answers `ROOT`, or says `CASE` in its subject where the client keeps no thread.
"""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from quopri import encodestring
from urllib.parse import quote

ROOT = "root-1@aftercare.example"
CASE = "4F7K-Q2M9"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(8)


@dataclass(frozen=True, slots=True)
class Style:
    """A client's mail, and what a reader finds in it."""

    client: str
    raw: bytes
    sender: str
    name: str
    subject: str
    text: str
    files: tuple[str, ...] = ()
    threaded: bool = True


@dataclass(frozen=True, slots=True)
class Part:
    """One MIME part: its content type with parameters, its bytes, and its encoding."""

    kind: str
    content: bytes
    encoding: str = "8bit"
    headers: tuple[str, ...] = ()

    def lines(self) -> bytes:
        head = [f"Content-Type: {self.kind}", f"Content-Transfer-Encoding: {self.encoding}"]
        return "\r\n".join([*head, *self.headers, "", ""]).encode() + encoded(self)


def encoded(part: Part) -> bytes:
    match part.encoding:
        case "base64":
            text = b64encode(part.content)
            return b"\r\n".join(text[at : at + 76] for at in range(0, len(text), 76))
        case "quoted-printable":
            lines = encodestring(part.content.replace(b"\r\n", b"\n"))
            return lines.replace(b"\n", b"\r\n")
        case _:
            return part.content


def multi(subtype: str, boundary: str, *parts: Part, more: str = "") -> Part:
    body = b"".join(b"--" + boundary.encode() + b"\r\n" + part.lines() + b"\r\n" for part in parts)
    return Part(
        f'multipart/{subtype}; boundary="{boundary}"{more}', body + f"--{boundary}--".encode()
    )


def word(text: str, charset: str = "utf-8", form: str = "B") -> str:
    raw = text.encode(charset)
    if form == "B":
        return f"=?{charset}?B?{b64encode(raw).decode()}?="
    return f"=?{charset}?Q?{''.join(f'={byte:02X}' for byte in raw)}?="


def cut_word(text: str, charset: str) -> str:
    """Two encoded words that share one character, as careless clients cut them (RFC 2047, 5)."""
    raw = text.encode(charset)
    halves = raw[: len(raw) // 2 | 1], raw[len(raw) // 2 | 1 :]
    return "\r\n ".join(f"=?{charset}?B?{b64encode(half).decode()}?=" for half in halves)


def mail(sender: str, subject: str, part: Part, *headers: str, threaded: bool = True) -> bytes:
    thread = [f"In-Reply-To: <{ROOT}>", f"References: <{ROOT}>"] if threaded else []
    head = [f"From: {sender}", "To: service@aftercare.example", f"Subject: {subject}"]
    lines = [*head, "Date: Mon, 02 Nov 2026 09:12:33 +0800", *thread, *headers, "MIME-Version: 1.0"]
    return "\r\n".join([*lines, ""]).encode("utf-8", "surrogateescape") + part.lines()


def plain(text: str, charset: str = "utf-8", encoding: str = "base64", more: str = "") -> Part:
    return Part(f'text/plain; charset="{charset}"{more}', text.encode(charset), encoding)


def html(text: str, charset: str = "utf-8", encoding: str = "quoted-printable") -> Part:
    return Part(f'text/html; charset="{charset}"', text.encode(charset), encoding)


def file(kind: str, content: bytes, name: str) -> Part:
    disposition = f"Content-Disposition: attachment; {name}"
    return Part(kind, content, "base64", (disposition,))


def pieces(name: str, charset: str) -> str:
    """A long name in pieces (RFC 2231), cut in the middle of a character."""
    text = quote(name.encode(charset), safe="")
    at = text.index("%", len(text) // 2)
    return f"filename*0*={charset}''{text[:at]};\r\n filename*1*={text[at:]}"


def styles() -> Iterator[Style]:
    yield from western()
    yield from chinese()
    yield from special()


def western() -> Iterator[Style]:
    body = "The ERP stops with an error.\r\n\r\nRegards"
    seen = "The ERP stops with an error.\n\nRegards"
    rich = html("<p>The ERP stops with an error.</p><p>Regards</p>")
    both = multi("alternative", "alt", plain(body), rich)
    wang = "wang.fang@yongxin.example"
    sender = f"Wang Fang <{wang}>"

    def style(client: str, part: Part, *headers: str, files: tuple[str, ...] = ()) -> Style:
        raw = mail(sender, "RE: ERP stops", part, *headers)
        return Style(client, raw, wang, "Wang Fang", "RE: ERP stops", seen, files)

    pdf = file("application/pdf", b"%PDF", 'filename="report.pdf"')
    picture = Part("image/png", PNG, "base64", ("Content-ID: <i1>", "Content-Disposition: inline"))
    yield style(
        "Outlook", multi("mixed", "mix", both, pdf), "Thread-Index: Ac", files=("report.pdf",)
    )
    related = multi("related", "rel", both, picture, more="; type=multipart/alternative")
    yield style(
        "Outlook for Mac", related, "User-Agent: Microsoft-MacOutlook", files=("attachment.png",)
    )
    tnef = Part(
        "application/ms-tnef",
        b"\x78\x9f\x3e\x22",
        "base64",
        ('Content-Disposition: attachment; filename="winmail.dat"',),
    )
    yield style("Exchange TNEF", multi("mixed", "tnef", plain(body), tnef), files=("winmail.dat",))
    yield style(
        "Apple Mail",
        multi("alternative", "Apple-Mail=_1", plain(body, encoding="quoted-printable"), rich),
        "X-Mailer: Apple Mail (2.3774)",
    )
    flowed = plain(
        "The ERP stops \r\nwith an error.\r\n\r\nRegards", "utf-8", "8bit", "; format=flowed"
    )
    yield style("Thunderbird", flowed, "User-Agent: Mozilla Thunderbird")
    yield style("Gmail web", both, "X-Gm-Message-State: x")
    yield style("Gmail Android", multi("alternative", "0000", plain(body, encoding="7bit"), rich))
    yield style(
        "iOS",
        multi("alternative", "Apple-Mail-1", plain(body, "us-ascii", "7bit"), rich),
        "X-Mailer: iPhone Mail (21F90)",
    )
    yield style("mutt", plain(body, "us-ascii", "7bit"), "Content-Disposition: inline")
    yield style(
        "Lotus Notes",
        multi("alternative", "=_alternative 00", plain(body, "us-ascii", "7bit"), rich),
        "X-Mailer: Lotus Domino Web Server",
    )
    yield style(
        "Yahoo",
        multi("alternative", "----=_Part_1", plain(body, encoding="quoted-printable"), rich),
        "X-Mailer: WebService/1.1 YMailNorrin",
    )
    signature = file("application/pkcs7-signature; name=smime.p7s", b"0\x80", "filename=smime.p7s")
    signed = multi("signed", "sig", plain(body, "us-ascii", "7bit"), signature, more="; protocol=x")
    yield style("S/MIME", signed, files=("smime.p7s",))
    invite = Part("text/calendar; charset=utf-8; method=REQUEST", b"BEGIN:VCALENDAR", "8bit")
    yield style(
        "Calendar invitation",
        multi("alternative", "cal", plain(body), rich, invite),
        files=("attachment.ics",),
    )


def chinese() -> Iterator[Style]:
    text, shown = "硬盘灯全红,无法开机。\r\n请尽快处理", "硬盘灯全红,无法开机。\n请尽快处理"
    rich = "<div>硬盘灯全红,无法开机。</div><div>请尽快处理</div>"
    li, name = "li.jing@citylibrary.example", "李静"

    def style(
        client: str,
        part: Part,
        *,
        charset: str = "utf-8",
        subject: str = "回复: 服务器无法启动",
        files: tuple[str, ...] = (),
        form: str = "B",
        threaded: bool = True,
    ) -> Style:
        sender = f"{word(name, charset, form)} <{li}>"
        raw = mail(sender, word(subject, charset, form), part, threaded=threaded)
        return Style(client, raw, li, name, subject, shown, files, threaded)

    log = "服务器错误日志-二〇二六年十一月.log"
    both = multi("alternative", "alt", plain(text, "gb2312"), html(rich, "gb2312"))
    coded = file("application/octet-stream", b"x", f'filename="{word(log, "gb18030")}"')
    yield style(
        "Foxmail", multi("mixed", "----=_001_NextPart", both, coded), charset="gb2312", files=(log,)
    )
    yield style("QQ Mail", html(rich, "gb18030", "base64"), charset="gb18030")
    long_name = file("application/octet-stream", b"x", pieces(log, "utf-8"))
    yield style(
        "163/NetEase",
        multi("mixed", "----=_Part", plain(text, "gbk"), long_name),
        charset="gbk",
        files=(log,),
    )
    numbered = f"答复：[{CASE}] 服务器无法启动"
    yield style(
        "263", plain(text, "gb2312", "8bit"), charset="gb2312", subject=numbered, threaded=False
    )
    false_label = Part(
        'text/plain; charset="gb2312"', text.replace("静", "镕").encode("gb18030"), "base64"
    )
    yield style("Coremail", false_label, charset="gb18030", form="Q")
    yield style(
        "DingTalk mail",
        multi("alternative", "ding", html(rich)),
        subject=f"转发: {CASE} 服务器无法启动",
        threaded=False,
    )
    pieces_gb = file("application/octet-stream", b"x", pieces(log, "gb18030"))
    yield style(
        "Tencent Exmail",
        multi("mixed", "----=_Next", plain(text, "gb18030"), pieces_gb),
        charset="gb18030",
        files=(log,),
    )
    yield style("Huawei mail", multi("alternative", "hw", plain(text, encoding="8bit"), html(rich)))
    raw = mail(f"{word(name)} <{li}>", cut_word("回复: 服务器无法启动", "utf-8"), plain(text))
    yield Style("cut encoded words", raw, li, name, "回复: 服务器无法启动", shown)
    bare = "回复: 服务器无法启动".encode("gbk").decode("utf-8", "surrogateescape")
    raw = mail(f"<{li}>", bare, plain(text, "gbk", "8bit"))
    yield Style("bare GBK headers", raw, li, "", "回复: 服务器无法启动", shown)
    hk, chan = "chan@harbour.example.hk", "陳志明"
    lights = "控制箱沒有反應，請盡快派員"
    raw = mail(
        f"{word(chan, 'big5')} <{hk}>", word("回覆: 照明全部熄滅", "big5"), plain(lights, "big5")
    )
    yield Style("Big5 HK client", raw, hk, chan, "回覆: 照明全部熄滅", lights)


def special() -> Iterator[Style]:
    a, name = "a.svensson@nord.example", "Åsa Svensson"
    for prefix in ("SV", "AW"):
        raw = mail(
            f"{word(name, 'iso-8859-1', 'Q')} <{a}>",
            f"{prefix}: {CASE}",
            plain("Fortfarande trasig: å", "iso-8859-1", "quoted-printable"),
            threaded=False,
        )
        yield Style(
            f"prefix {prefix}",
            raw,
            a,
            name,
            f"{prefix}: {CASE}",
            "Fortfarande trasig: å",
            threaded=False,
        )
    inner = mail("boss@nord.example", "inner", plain("It smokes."))
    forwarded = Part("message/rfc822", inner, "8bit")
    whole = multi("mixed", "fwd", plain("Please see below."), forwarded)
    raw = mail(f"<{a}>", "Fwd: inner", whole)
    yield Style(
        "forwarded as attachment", raw, a, "", "Fwd: inner", "Please see below.\nIt smokes."
    )
    footer = multi(
        "mixed", "foot", html("<p>It smokes.</p>"), plain("-- scanned --", "us-ascii", "7bit")
    )
    raw = mail(f"<{a}>", "smoke", footer)
    yield Style("HTML with a footer added", raw, a, "", "smoke", "It smokes.\n-- scanned --")


STYLES = tuple(styles())
