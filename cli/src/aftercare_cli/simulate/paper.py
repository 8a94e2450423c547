"""What goes in as bytes: mails as mail clients write them, faxes as fax machines send them."""

import io
from datetime import datetime
from email import policy
from email.message import EmailMessage

from PIL import Image, ImageDraw, ImageFont, TiffImagePlugin

from .company import Contact
from .request import Request

DESK = "service@aftercare.example"
# A page in the standard resolution of Group 4 faxes.
PAGE = (1728, 1100)
MARGIN, LINE = 120, 60


def mail_id(run: str, number: int, reply: str = "") -> str:
    """The Message-ID of a request's mail, or of a reply in its thread."""
    return f"<{run}-{number}{reply}@mail.example>"


def request_mail(request: Request, run: str, now: datetime) -> bytes:
    message = _mail(request.contact, request.summary, mail_id(run, request.number), now)
    device = f"\n设备序列号：{request.device.serial}" if request.device else ""
    message.set_content(f"您好：\n\n{request.summary}。{request.description}{device}\n")
    for number in range(1, request.attachments + 1):
        trace = f"trace {number} of request {request.number}\n" * 20
        message.add_attachment(trace, filename=f"日志{number}.txt")
    return message.as_bytes(policy=policy.SMTP)


def reply_mail(request: Request, text: str, run: str, reply: str, now: datetime) -> bytes:
    """A follow-up in the thread of the first mail."""
    subject, first = f"Re: {request.summary}", mail_id(run, request.number)
    message = _mail(request.contact, subject, mail_id(run, request.number, reply), now)
    message["In-Reply-To"] = first
    message["References"] = first
    message.set_content(f"{text}\n")
    return message.as_bytes(policy=policy.SMTP)


def fax(request: Request) -> bytes:
    """A page of Group 4 TIFF with the sender's number in its description."""
    page = Image.new("1", PAGE, 1)
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(40)
    lines = (
        "REPAIR ORDER",
        f"No. {request.number}    Customer {request.customer_id}",
        f"Device {request.device.serial if request.device else '-'}",
        f"Phone {request.contact.phone}",
    )
    for index, line in enumerate(lines):
        pen.text((MARGIN, MARGIN + index * LINE), line, font=font, fill=0)
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[TiffImagePlugin.IMAGEDESCRIPTION] = request.contact.phone or ""
    written = io.BytesIO()
    page.save(written, "TIFF", compression="group4", tiffinfo=tags, dpi=(204, 98))
    return written.getvalue()


def _mail(sender: Contact, subject: str, message_id: str, now: datetime) -> EmailMessage:
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = f"{sender.name} <{sender.email}>"
    message["To"] = DESK
    message["Subject"] = subject
    message["Date"] = now
    message["Message-ID"] = message_id
    return message
