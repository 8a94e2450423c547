"""Makes the samples anew: `python samples/make_samples.py --font FONT.otf`.

Only needed to change them; the files themselves are kept. The font must hold Chinese
characters (Noto Sans CJK, for instance) and is used for the fax alone.
"""

import argparse
import json
from email import policy
from email.message import EmailMessage, Message
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont, TiffImagePlugin

HERE = Path(__file__).parent
FIRST_MAIL_ID = "<20261012091502.4471A@mail.citylibrary.example>"
CARRIER_FAX = "+86 21 5550 0137"

FAX_PAGES = (
    (
        "设备报修单",
        "传真：021-5550-0137    共 2 页  第 1 页",
        "",
        "致：售后服务中心",
        "报修单位：上海申航数据通信有限公司 网络运维部",
        "报修人：周敏    电话：138 5550 0137",
        "",
        "设备名称：核心交换机",
        "序列号：EW-SW-7712",
        "故障级别：二级",
        "",
        "故障现象：今日上午八点四十分起，张江机房二号机柜网络全部中断，",
        "核心交换机电源指示灯闪烁，重启后仍不能恢复。",
        "专线客户业务停用，请尽快派工程师到现场处理。",
    ),
    (
        "设备报修单（续）",
        "传真：021-5550-0137    共 2 页  第 2 页",
        "",
        "已经做过的处理：",
        "1. 更换电源线，无效；",
        "2. 断电十分钟后重新上电，无效；",
        "3. 检查配电柜，输出电压正常。",
        "",
        "SWITCH EW-SW-7712  PSU A: FAIL   PSU B: FAIL",
        "",
        "现场联系：机房北门值班室，请携带身份证件登记。",
        "上海申航数据通信有限公司  网络运维部（盖章）",
    ),
)

CALLS: dict[str, dict[str, Any]] = {
    "21-call-with-request.json": {
        "call_id": "pbx-1760232005.1187",
        "direction": "inbound",
        "caller": "+86 138 5550 0142",
        "agent": "agent-07",
        "started_at": "2026-10-12T09:20:05+08:00",
        "answered_at": "2026-10-12T09:20:17+08:00",
        "ended_at": "2026-10-12T09:24:41+08:00",
        "outcome": "answered",
        "recording_url": "https://pbx.example/recordings/1760232005.1187.wav",
        "classification": "fault",
        "request": {
            "kind": "fault",
            "device_serial": "PO-WEB-01",
            "severity": "catastrophic",
            "category": "software",
            "summary": "门户网站首页无法访问，全部栏目返回 502",
            "description": "孙丽来电：今天早上九点发现，办事大厅的窗口也不能登录。",
            "contact": {"name": "孙丽", "phone": "+86 138 5550 0142"},
            "use_affected": True,
        },
    },
    "22-call-without-request.json": {
        "call_id": "pbx-1760234400.1192",
        "direction": "inbound",
        "caller": "+86 10 5550 0119",
        "agent": "agent-03",
        "started_at": "2026-10-12T10:00:00+08:00",
        "answered_at": "2026-10-12T10:00:09+08:00",
        "ended_at": "2026-10-12T10:02:30+08:00",
        "outcome": "transferred",
        "classification": "question",
    },
    "23-call-abandoned.json": {
        "call_id": "pbx-1760236512.1201",
        "direction": "inbound",
        "caller": "+86 139 5550 0166",
        "started_at": "2026-10-12T10:35:12+08:00",
        "ended_at": "2026-10-12T10:35:58+08:00",
        "outcome": "abandoned",
    },
}

WEB_FORM = {
    "channel": "web",
    "kind": "fault",
    "customer_id": "C-SOFTWARE",
    "device_serial": "SM-ERP-01",
    "severity": "severe",
    "summary": "ERP 系统无法保存入库单",
    "description": "点击保存后提示“数据库连接超时”，重新登录后仍然如此，仓库不能收货。",
    "contact": {
        "name": "王芳",
        "phone": "+86 138 5550 0128",
        "email": "wang.fang@yongxin.example",
    },
    "use_affected": True,
}


def head(message: Message, sender: str, subject: str, date: str, message_id: str) -> None:
    message["From"] = sender
    message["To"] = "service@aftercare.example"
    message["Subject"] = subject
    message["Date"] = date
    message["Message-ID"] = message_id


def text_mail(
    charset: str, sender: tuple[str, str], subject: str, body: str, date: str, message_id: str
) -> bytes:
    """A mail as the clients of its region write it: names, subject and body in one charset."""
    message = MIMEText(body, "plain", charset)
    message["From"] = f"{encoded(sender[0], charset)} <{sender[1]}>"
    message["To"] = "service@aftercare.example"
    message["Subject"] = encoded(subject, charset)
    message["Date"] = date
    message["Message-ID"] = message_id
    return message.as_bytes(policy=policy.SMTP.clone(max_line_length=None))


def encoded(text: str, charset: str) -> str:
    from email.header import Header

    return Header(text, charset, maxlinelen=200).encode()


def gb18030_mail() -> bytes:
    return text_mail(
        "gb18030",
        ("李静", "li.jing@citylibrary.example"),
        "图书馆服务器无法启动",
        "您好：\r\n\r\n图书馆一号机房的服务器（序列号 IT-SRV-01）今天早上停电之后无法启动，\r\n"
        "硬盘灯全红，自助借还系统全部停用。请尽快派人处理。\r\n\r\n"
        "李静\r\n朝北区图书馆 技术部\r\n138 5550 0119\r\n",
        "Mon, 12 Oct 2026 09:15:02 +0800",
        FIRST_MAIL_ID,
    )


def reply_mail() -> bytes:
    message = EmailMessage(policy=policy.SMTP)
    head(
        message,
        "李静 <li.jing@citylibrary.example>",
        "回复: 图书馆服务器无法启动",
        "Mon, 12 Oct 2026 09:41:33 +0800",
        "<20261012094133.4502B@mail.citylibrary.example>",
    )
    message["In-Reply-To"] = FIRST_MAIL_ID
    message["References"] = FIRST_MAIL_ID
    message.set_content(
        "补充：二号机房的备用服务器也不能启动了，UPS 显示电池故障。\n\n"
        "> 图书馆一号机房的服务器今天早上停电之后无法启动\n",
        charset="utf-8",
        cte="base64",
    )
    return message.as_bytes()


def big5_mail() -> bytes:
    return text_mail(
        "big5",
        ("陳志明", "chen.zhiming@harbour-lights.example"),
        "港灣廣場景觀照明全部熄滅",
        "您好：\r\n\r\n港灣廣場昨晚七點起景觀照明全部熄滅，控制箱 LM-CTL-01 沒有反應。\r\n"
        "今晚有活動，請派工程師到現場檢查。\r\n\r\n陳志明\r\n港灣廣場物業管理處\r\n",
        "Mon, 12 Oct 2026 09:30:47 +0800",
        "<CAK7b2x0big5@mail.harbour-lights.example>",
    )


def quoted_printable_mail() -> bytes:
    message = MIMEMultipart("mixed", boundary="=_yongxin_7f3c11e2")
    head(
        message,
        "Wang Fang <wang.fang@yongxin.example>",
        "=?utf-8?Q?ERP_=E7=B3=BB=E7=BB=9F=E5=81=B6=E5=B0=94=E6=8A=A5=E9=94=99?=",
        "Mon, 12 Oct 2026 11:02:19 +0800",
        "<7f3c11e2-qp@mail.yongxin.example>",
    )
    body = EmailMessage()
    body.set_content(
        "Hello,\n\nsince this morning the ERP client (SM-ERP-01) shows “connection lost” about "
        "once an hour – the log is attached.\n\n系统偶尔报错，日志见附件。谢谢！\n\nWang Fang\n",
        charset="utf-8",
        cte="quoted-printable",
    )
    log = MIMEApplication(
        b"2026-10-12 10:41:07 ERROR pool: connection lost (attempt 3)\r\n"
        b"2026-10-12 10:41:09 WARN  pool: reconnected after 2.1 s\r\n",
        "octet-stream",
    )
    log.add_header("Content-Disposition", "attachment", filename=("utf-8", "", "错误日志.log"))
    message.attach(body)
    message.attach(log)
    return message.as_bytes(policy=policy.SMTP)


def automatic_mail() -> bytes:
    message = EmailMessage(policy=policy.SMTP)
    head(
        message,
        "李静 <li.jing@citylibrary.example>",
        "自动回复: 工单已受理",
        "Mon, 12 Oct 2026 09:15:40 +0800",
        "<20261012091540.auto@mail.citylibrary.example>",
    )
    message["Auto-Submitted"] = "auto-replied"
    message.set_content("我正在休假，10 月 19 日回来。\n", charset="utf-8", cte="base64")
    return message.as_bytes()


def fax_page(lines: tuple[str, ...], font_file: str) -> Image.Image:
    """One A4 page, 1728 dots wide as fax machines scan it, 196 lines an inch."""
    page = Image.new("1", (1728, 2292), 1)
    draw = ImageDraw.Draw(page)
    title, text = (ImageFont.truetype(font_file, size) for size in (72, 44))
    draw.text((1728 / 2, 150), lines[0], font=title, fill=0, anchor="mm")
    for number, line in enumerate(lines[1:]):
        draw.text((130, 260 + number * 78), line, font=text, fill=0)
    draw.rectangle((90, 230, 1638, 280 + len(lines) * 78), outline=0, width=3)
    return page.rotate(0.4, fillcolor=1)


def fax(font_file: str) -> None:
    """Group 4, several pages; the sender's number stands where fax servers write it."""
    first, *others = (fax_page(lines, font_file) for lines in FAX_PAGES)
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[270] = CARRIER_FAX
    tags[305] = "Fax server"
    first.save(
        HERE / "11-fax-two-pages.tif",
        save_all=True,
        append_images=others,
        compression="group4",
        dpi=(204, 196),
        tiffinfo=tags,
    )


def write_json(name: str, content: dict[str, Any]) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=2)
    (HERE / name).write_text(text + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--font", required=True, help="a font file with Chinese characters")
    mails = {
        "01-mail-gb18030.eml": gb18030_mail(),
        "02-mail-reply-utf8.eml": reply_mail(),
        "03-mail-big5.eml": big5_mail(),
        "04-mail-quoted-printable-attachment.eml": quoted_printable_mail(),
        "05-mail-auto-reply.eml": automatic_mail(),
    }
    for name, content in mails.items():
        (HERE / name).write_bytes(content)
    fax(parser.parse_args().font)
    for name, call in CALLS.items():
        write_json(name, call)
    write_json("31-web-form.json", WEB_FORM)


if __name__ == "__main__":
    main()
